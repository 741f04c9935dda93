import { describe, expect, it } from '@jest/globals';
import { alice, beforeSwap, engineOf, failTimes, policy } from './bench.js';

describe('R16 an attempt at several keys', () => {
  const policies = [policy(), policy({ name: 'address', scope: ['address'], threshold: 3 })];

  it('is charged at none when one of them locks meanwhile: what was won is taken back', async () => {
    const other = engineOf({ policies });
    // The account's key is won and the address's is lost, to a lock.
    const store = beforeSwap(() => failTimes(other, 3, { ...alice, account: 'bob' }));
    const engine = engineOf({ policies, store });
    const begun = await engine.begin(alice);
    expect(begun).toMatchObject({ allowed: false, refusal: { reason: 'locked', policy: 'address' } });
    expect(engine.totals.lostRaces).toBe(1);
    const { counters } = await engine.status({ account: 'alice' });
    expect(counters).toMatchObject([{ inFlight: 0, failures: 0 }]);
  });

  it('keeps what it won when the lost key admits it after all: charged once at each', async () => {
    const other = engineOf({ policies });
    const store = beforeSwap(() => failTimes(other, 1, { ...alice, account: 'bob' }));
    const engine = engineOf({ policies, store });
    const begun = await engine.begin(alice);
    expect(begun.allowed).toBe(true);
    expect(engine.totals.lostRaces).toBe(1);
    const atAddress = await engine.accounts.addressStatus('192.0.2.1');
    expect(atAddress.counters).toMatchObject([{ failures: 1, inFlight: 1 }]);
    expect((await engine.status({ account: 'alice' })).counters).toMatchObject([
      { failures: 0, inFlight: 1 },
    ]);
  });
});
