import { describe, expect, it } from '@jest/globals';
import { type LockoutEngine, LockoutUnavailableError, PolicyConflictError } from 'nestjs-lockout';
import { PolicyError } from 'nestjs-lockout/policy';
import { BY_ADMIN, engineOf, stores, time } from './bench.js';

const GLOBAL = { policy: 'account', brand: null };
const ACME = { policy: 'account', brand: 'acme' };

const change = (expected: number) => ({ expected, actor: BY_ADMIN });
const save = (
  engine: LockoutEngine,
  threshold: number,
  expected: number,
  target: typeof ACME | typeof GLOBAL = GLOBAL,
) => engine.policies.save(target, { threshold }, change(expected));
const recorded = async () =>
  (await stores.memory.list({ type: 'policy-changed', limit: 20 })).items.toReversed();

describe('what is recorded of policies', () => {
  it('is every save, every revert and that it was taken back: who, why, and the version it made', async () => {
    const engine = engineOf();
    await save(engine, 7, 0);
    time.now += 1_000;
    await save(engine, 8, 0, ACME);
    await engine.policies.revert(GLOBAL, 1, change(1));
    await engine.policies.remove(GLOBAL, change(2));
    const about = { type: 'policy-changed', policy: 'account', ...BY_ADMIN };
    const items = await recorded();
    expect(items.map(({ event }) => event)).toEqual([
      { ...about, at: time.now - 1_000, brand: null, version: 1, deleted: false },
      { ...about, at: time.now, brand: 'acme', version: 1, deleted: false },
      { ...about, at: time.now, brand: null, version: 2, deleted: false },
      { ...about, at: time.now, brand: null, version: 3, deleted: true },
    ]);
    expect(items[0]?.facts).toEqual({
      realm: '*',
      counter: 'account',
      scope: 'policy',
      accountHash: null,
      addressHash: null,
      accountLabel: null,
      addressLabel: null,
    });
    // Of one target and another: each has a key of its own.
    expect(new Set(items.map(({ key }) => key)).size).toBe(2);
    expect(new Set(items.map(({ id }) => id)).size).toBe(4);
  });

  it('is nothing where nothing was saved', async () => {
    const [engine, other] = [engineOf(), engineOf()];
    await engine.policies.remove(GLOBAL, change(0));
    await save(engine, 7, 0);
    await expect(save(other, 8, 0)).rejects.toThrow(PolicyConflictError);
    await expect(save(other, -1, 1)).rejects.toThrow(PolicyError);
    expect(await recorded()).toHaveLength(1);
  });

  it('R4 is once, where nobody heard that it was saved', async () => {
    const engine = engineOf();
    let faults = 1;
    stores.unreliable.fault = ({ method }) => (method === 'savePolicy' && faults-- > 0 ? 'after' : null);
    await expect(save(engine, 7, 0)).rejects.toThrow(LockoutUnavailableError);
    await expect(save(engine, 7, 0)).rejects.toThrow(PolicyConflictError);
    expect(await recorded()).toHaveLength(1);
  });

  it('is told to this process like any event, once it is committed', async () => {
    const told: unknown[] = [];
    const engine = engineOf({ onEvent: (event, about) => told.push([event, about.key, about.realm]) });
    await save(engine, 7, 0);
    await expect(save(engine, 7, 0)).rejects.toThrow(PolicyConflictError);
    const [item] = await recorded();
    expect(told).toEqual([[item?.event, item?.key, '*']]);
  });

  it('is delivered to whom it is for', async () => {
    const engine = engineOf({
      deliverTo: ({ type }, { realm }) => (type === 'policy-changed' ? [`siem-${realm.length}`] : []),
    });
    await save(engine, 7, 0);
    const { items } = await stores.memory.deliveries({ state: 'waiting', limit: 10 });
    expect(items).toMatchObject([
      { sink: 'siem-1', event: { event: { type: 'policy-changed', version: 1 } } },
    ]);
  });
});
