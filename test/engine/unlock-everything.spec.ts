import { describe, expect, it } from '@jest/globals';
import { StoreError } from 'nestjs-lockout';
import { alice, BY_ADMIN, engineOf, failTimes, isLocked, policy, stores, time } from './bench.js';

const POLICIES = [policy({ threshold: 2 }), policy({ name: 'address', scope: ['address'], threshold: 3 })];
const at = (n: number) => ({ ...alice, account: `user-${n}`, address: `10.0.${n >> 8}.${n & 255}` });

const locked = async () => {
  const query = { state: 'locked', sort: 'until', now: time.now, limit: 1_000 } as const;
  const found = await Promise.all(
    (['account', 'address'] as const).map((of) => stores.memory.find({ ...query, of })),
  );
  return found.flatMap(({ items }) => items);
};

describe('unlocking everything', () => {
  it('lifts every lock of accounts and addresses, however many, each recorded with its actor, and counts them', async () => {
    const engine = engineOf({ policies: POLICIES });
    const count = 450;
    await Promise.all(Array.from({ length: count }, (_, n) => failTimes(engine, 2, at(n))));
    // The third failure at an address blocks it.
    for (let n = 0; n < 5; n += 1) await failTimes(engine, 1, { ...at(n), account: `other-${n}` });
    await engine.lock({ account: 'stolen' }, null, BY_ADMIN);
    const before = await locked();
    expect(before.length).toBeGreaterThan(count);
    expect(before.some(({ facts }) => facts.scope === 'address')).toBe(true);
    expect(await engine.accounts.unlockEverything(BY_ADMIN)).toBe(before.length);
    expect(await locked()).toEqual([]);
    const { items } = await stores.memory.list({ type: 'unlocked', limit: 1_000 });
    expect(items).toHaveLength(before.length);
    for (const { event } of items) expect(event).toMatchObject({ ...BY_ADMIN, via: 'admin' });
    // Whole: the count went too.
    await failTimes(engine, 1, at(1));
    expect(await isLocked(engine, at(1))).toBe(false);
    expect(await engine.accounts.unlockEverything(BY_ADMIN)).toBe(0);
  });

  it('of one realm leaves the others', async () => {
    const engine = engineOf({ policies: POLICIES });
    const [here, there] = [
      { ...alice, realm: 'staff' },
      { ...alice, realm: 'customers' },
    ];
    for (const request of [here, there]) await failTimes(engine, 2, request);
    expect(await engine.accounts.unlockEverything(BY_ADMIN, { realm: 'staff' })).toBe(1);
    expect([await isLocked(engine, here), await isLocked(engine, there)]).toEqual([false, true]);
  });

  it('two administrators at once count each lock once', async () => {
    const engines = [engineOf({ policies: POLICIES }), engineOf({ policies: POLICIES })] as const;
    await Promise.all(Array.from({ length: 60 }, (_, n) => failTimes(engines[0], 2, at(n))));
    const before = (await locked()).length;
    const counts = await Promise.all(engines.map((engine) => engine.accounts.unlockEverything(BY_ADMIN)));
    expect(counts.reduce((a, b) => a + b, 0)).toBe(before);
    expect((await stores.memory.list({ type: 'unlocked', limit: 500 })).items).toHaveLength(before);
  });

  it('says so when the store fails on the way; what was lifted stays lifted', async () => {
    const engine = engineOf({ policies: POLICIES });
    await Promise.all(Array.from({ length: 20 }, (_, n) => failTimes(engine, 2, at(n))));
    stores.unreliable.error = () => new StoreError('data', 'The column holds garbage.');
    stores.unreliable.fault = ({ method }) => (method === 'compareAndSwap' ? 'before' : null);
    await expect(engine.accounts.unlockEverything(BY_ADMIN)).rejects.toThrow('did not answer');
    stores.unreliable.fault = () => null;
    await engine.accounts.unlockEverything(BY_ADMIN);
    expect(await locked()).toEqual([]);
  });
});
