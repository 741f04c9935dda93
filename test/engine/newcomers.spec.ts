import { describe, expect, it } from '@jest/globals';
import type { AttemptRequest } from 'nestjs-lockout';
import { alice, BY_ADMIN, engineOf, failTimes, guesser, isLocked, policy, stores, time } from './bench.js';

const ADDRESS = '192.0.2.1';
const unknown = (name: string, address: string | null = ADDRESS): AttemptRequest => ({
  method: 'password',
  address,
  account: { unknown: name },
});

/** Records of single accounts, and of addresses as such. */
async function recordsOf(of: 'account' | 'address', state: 'any' | 'locked' = 'any') {
  const query = { of, state, sort: 'until', now: time.now, limit: 1_000 } as const;
  return (await stores.memory.find(query)).items;
}

describe('R22 P12 the cap of new names', () => {
  it('holds over processes that share a store', async () => {
    const engines = Array.from({ length: 4 }, () => engineOf({ newcomersPerAddress: 20 }));
    const { guess } = guesser();
    for (let round = 0; round < 25; round += 1) {
      await Promise.all(engines.map((engine, n) => guess(engine, unknown(`nobody-${round}-${n}`))));
    }
    expect(engines.reduce((sum, engine) => sum + engine.totals.lostRaces, 0)).toBeGreaterThan(0);
    const names = (await recordsOf('account')).length;
    expect(names).toBeGreaterThanOrEqual(20);
    // The others may each have been deciding about one more at that moment.
    expect(names).toBeLessThanOrEqual(23);
  });

  it('is one cap for all attempts without an address', async () => {
    const engine = engineOf({ newcomersPerAddress: 10 });
    const { verified, guess } = guesser();
    for (let n = 0; n < 100; n += 1) await guess(engine, unknown(`nobody-${n}`, null));
    expect(await recordsOf('account')).toHaveLength(10);
    expect(verified.count).toBe(10 + 5);
    expect(await guesser(true).guess(engine, { ...alice, address: null })).toBe('success');
  });

  it('locks an overflow counter that R18 an administrator finds by its address, and lifts', async () => {
    const indefinite = policy({ schedule: { kind: 'indefinite' } });
    const engine = engineOf({ newcomersPerAddress: 2, policies: [indefinite], labels: true });
    for (let n = 0; n < 7; n += 1) await failTimes(engine, 1, unknown(`nobody-${n}`));
    expect(await isLocked(engine, unknown('fresh'))).toBe(false);
    expect(await guesser().guess(engine, unknown('fresh'))).toBe('refused');
    expect(await guesser(true).guess(engine)).toBe('success');
    expect(await recordsOf('account', 'locked')).toHaveLength(0);
    const locked = await recordsOf('address', 'locked');
    expect(locked.map(({ facts }) => facts.addressLabel)).toEqual([ADDRESS]);
    expect(await engine.accounts.unlockAddresses([ADDRESS], BY_ADMIN)).toMatchObject({ changed: true });
    expect(await guesser().guess(engine, unknown('fresh'))).toBe('failure');
  });
});
