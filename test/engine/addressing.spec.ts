// Whom an event is to be delivered to is written down with it, whichever way it came to be written.
import { describe, expect, it } from '@jest/globals';
import type { LockoutEvent, LockoutStore, RecordFacts, Swap } from 'nestjs-lockout';
import { MemoryLockoutStore } from 'nestjs-lockout/testing';
import { alice, BY_ADMIN, engineOf, failTimes, policy, stores } from './bench.js';
import { Outage } from './outage.js';

const LOCKING = [policy({ threshold: 2, notify: { from: 1 } })];
/** Locks to one, everything to another. */
const deliverTo = ({ type }: LockoutEvent): string[] => (type === 'locked' ? ['crm', 'pager'] : ['crm']);

async function waiting(store: MemoryLockoutStore): Promise<readonly string[]> {
  const { items } = await store.deliveries({ state: 'waiting', limit: 100 });
  return items.map(({ sink, event }) => `${sink} ${event.event.type}`).sort();
}

describe('an event is addressed', () => {
  it('by what happened, and to whom', async () => {
    const asked: RecordFacts[] = [];
    const engine = engineOf({
      policies: LOCKING,
      labels: true,
      deliverTo: (event, facts) => {
        asked.push(facts);
        return deliverTo(event);
      },
    });
    await failTimes(engine, 2);
    expect(await waiting(stores.memory)).toEqual(['crm failed', 'crm locked', 'pager locked']);
    expect(asked[0]).toMatchObject({ realm: 'default', counter: 'account', accountLabel: 'alice' });
  });

  it('to nobody where nobody wants it', async () => {
    const engine = engineOf({ policies: LOCKING, deliverTo: () => [] });
    await failTimes(engine, 2);
    expect(await waiting(stores.memory)).toEqual([]);
  });

  it('to those that can be meant, and never so that a failure goes uncounted', async () => {
    const named = engineOf({ policies: LOCKING, deliverTo: () => ['crm', 'No Name', ''] });
    await failTimes(named, 1);
    expect(await waiting(stores.memory)).toEqual(['crm failed']);
    const engine = engineOf({
      policies: LOCKING,
      deliverTo: () => {
        throw new Error('not today');
      },
    });
    await failTimes(engine, 1);
    expect((await engine.status({ account: 'alice' })).locked).toBe(true);
    expect(await waiting(stores.memory)).toEqual(['crm failed']);
  });

  it('only with the swap that won', async () => {
    const engines = [engineOf({ policies: LOCKING, deliverTo }), engineOf({ policies: LOCKING, deliverTo })];
    await Promise.all(engines.map((engine) => failTimes(engine, 1)));
    expect(await waiting(stores.memory)).toEqual(['crm failed', 'crm locked', 'pager locked']);
    expect(engines.reduce((sum, { totals }) => sum + totals.lostRaces, 0)).toBeGreaterThan(0);
  });

  it('where the record had to be held against others (R30)', async () => {
    const { memory } = stores;
    const lose = async (swaps: readonly Swap[]) => new Set(swaps.map(({ key }) => key));
    const losing: typeof memory = new Proxy(memory, {
      get(target, name) {
        if (name === 'compareAndSwap') return lose satisfies LockoutStore['compareAndSwap'];
        const member: unknown = Reflect.get(target, name, target);
        return typeof member === 'function' ? (member.bind(target) as unknown) : member;
      },
    });
    const engine = engineOf({ store: losing, policies: LOCKING, deliverTo });
    await failTimes(engine, 1);
    expect(engine.totals.held).toBeGreaterThan(0);
    expect(await waiting(memory)).toEqual(['crm failed']);
  });

  it('when an administrator, a reset and a saved policy make it', async () => {
    const engine = engineOf({ policies: LOCKING, deliverTo: () => ['crm'] });
    await engine.lock({ account: 'alice' }, null, BY_ADMIN);
    await engine.unlock({ account: 'alice' }, BY_ADMIN);
    await engine.policies.save(
      { policy: 'account', brand: null },
      { threshold: 3 },
      { expected: 0, actor: BY_ADMIN },
    );
    expect(await waiting(stores.memory)).toEqual(['crm locked', 'crm policy-changed', 'crm unlocked']);
  });

  it('when what was counted without the store is brought back, and not before', async () => {
    const outage = new Outage();
    const engine = outage.engine({ onStoreError: 'memory', policies: LOCKING, deliverTo });
    await outage.guess(engine, 1, { ...alice, account: 'bob' });
    await outage.begin(engine);
    await outage.guess(engine, 2, alice);
    expect(await waiting(outage.memory)).toEqual(['crm failed']);
    await outage.end(engine);
    await outage.pass(1_000);
    expect(await waiting(outage.memory)).toEqual(['crm failed', 'crm failed', 'crm locked', 'pager locked']);
  });
});
