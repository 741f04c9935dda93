// R5-13: what the application's own entity says of the end of the last lock.
import { describe, expect, it } from '@jest/globals';
import {
  type Delivery,
  type LockoutEnd,
  type LockoutEngine,
  type LockoutSink,
  lockoutEndMirror,
} from 'nestjs-lockout';
import { hours, minutes } from 'nestjs-lockout/policy';
import { alice, BY_ADMIN, engineOf, failTimes, policy, stores, time } from './bench.js';

const quiet = (): AbortSignal => new AbortController().signal;

/** What is recorded, as it is delivered: oldest first. */
async function deliveries(): Promise<Delivery[]> {
  const { items } = await stores.memory.list({ limit: 100 });
  return items.toReversed().map((recorded) => ({ ...recorded, try: 1, account: null, now: time.now }));
}

/** An entity of the application with the end on it, and the sink that writes it. */
function mirror(engine: LockoutEngine, before: (end: LockoutEnd) => Promise<void> = async () => {}) {
  const entities = new Map<string, LockoutEnd>();
  const writes: LockoutEnd[] = [];
  const sink = lockoutEndMirror(engine, {
    write: async ({ realm, account }, end) => {
      await before(end);
      writes.push(end);
      entities.set(`${realm}/${account}`, end);
    },
  });
  return { sink, writes, end: (account = 'default/alice') => entities.get(account) };
}

async function deliverAll(sink: LockoutSink, list: readonly Delivery[]): Promise<void> {
  for (const delivery of list) {
    if (sink.wants(delivery.event, delivery.facts)) await sink.deliver(delivery, quiet());
  }
}

describe('lockoutEndMirror', () => {
  it('writes what stands: in the future while locked, the moment of an early unlock, or until unlocked', async () => {
    const engine = engineOf({ labels: true });
    const { sink, end } = mirror(engine);
    await failTimes(engine, 5);
    await deliverAll(sink, await deliveries());
    expect(end()).toBe(time.now + minutes(5));
    time.now += minutes(1);
    await engine.unlock({ account: 'alice' }, BY_ADMIN);
    await deliverAll(sink, await deliveries());
    expect(end()).toBe(time.now);
    await engine.lock({ account: 'alice' }, null, BY_ADMIN);
    await deliverAll(sink, await deliveries());
    expect(end()).toBe('indefinite');
  });

  it('comes to the same in any order, however often, and after a time', async () => {
    const engine = engineOf({ labels: true });
    await failTimes(engine, 5);
    time.now += 1;
    await engine.unlock({ account: 'alice' }, BY_ADMIN);
    time.now += 1;
    await failTimes(engine, 5);
    const locked = time.now;
    time.now += hours(1);
    const list = await deliveries();
    for (const order of [list, list.toReversed(), [...list, ...list]]) {
      const { sink, writes, end } = mirror(engine);
      await deliverAll(sink, order);
      expect(end()).toBe(locked + minutes(5));
      expect(writes).toEqual(Array(order.length).fill(locked + minutes(5)));
    }
  });

  it('never leaves an older end over a newer one, also where it stalls before it writes', async () => {
    const engine = engineOf({ labels: true });
    await failTimes(engine, 5);
    const [locked] = await deliveries();
    const other = mirror(engine);
    let stalled = true;
    const { sink, writes, end } = mirror(engine, async () => {
      if (!stalled) return;
      stalled = false;
      // Meanwhile another process delivers what came later.
      time.now += minutes(1);
      await engine.unlock({ account: 'alice' }, BY_ADMIN);
      await deliverAll(other.sink, await deliveries());
    });
    await deliverAll(sink, [locked as Delivery]);
    expect(other.end()).toBe(time.now);
    expect(end()).toBe(time.now);
    expect(writes).toEqual([time.now + minutes(4), time.now]);
  });

  it('wants locks and unlocks of accounts: no failure, no address, nothing that only watches', async () => {
    const policies = [
      policy({ notify: { from: 1 } }),
      policy({ name: 'address', scope: ['address'] }),
      policy({ name: 'watching', scope: ['account', 'device'], enforce: false }),
    ];
    const engine = engineOf({ labels: true, policies });
    await failTimes(engine, 5, { ...alice, device: 'phone' });
    await engine.unlock({ account: 'alice' }, BY_ADMIN);
    const { sink } = mirror(engine);
    expect(sink).toMatchObject({ name: 'lockout-end', needsLabels: true });
    const wanted = (await deliveries()).filter(({ event, facts }) => sink.wants(event, facts));
    expect(wanted.map(({ event, facts }) => `${event.type} ${facts.counter}`)).toEqual(
      expect.arrayContaining(['locked account', 'unlocked account']),
    );
    expect(wanted.map(({ facts }) => facts.counter)).not.toContain('address');
    expect(wanted.filter(({ event }) => event.type === 'locked')).toHaveLength(1);
    expect(wanted.filter(({ event }) => event.type === 'failed')).toEqual([]);
  });

  it('writes nothing for a name that nobody has, nor for an account that was erased', async () => {
    const engine = engineOf({ labels: true });
    const { sink, writes } = mirror(engine);
    await failTimes(engine, 5, { ...alice, account: { unknown: 'ghost' } });
    const list = await deliveries();
    expect(list.filter(({ event, facts }) => sink.wants(event, facts))).toHaveLength(1);
    await deliverAll(sink, list);
    await failTimes(engine, 5);
    const erased = (await deliveries()).map((one) => ({
      ...one,
      facts: { ...one.facts, accountLabel: null },
    }));
    await deliverAll(sink, erased);
    expect(writes).toEqual([]);
  });

  it('writes nothing once its time is up, and passes on what the application throws', async () => {
    const engine = engineOf({ labels: true });
    await failTimes(engine, 5);
    const [locked] = (await deliveries()) as [Delivery];
    const { sink, writes } = mirror(engine);
    await expect(sink.deliver(locked, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
    expect(writes).toEqual([]);
    const failing = mirror(engine, async () => {
      throw new Error('the table is gone');
    });
    await expect(failing.sink.deliver(locked, quiet())).rejects.toThrow('the table is gone');
  });
});
