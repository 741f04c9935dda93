// What is still to be delivered: beside the events in the hash slot of their record, whatever becomes of the stream.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import type { ClaimedDelivery, Swap } from 'nestjs-lockout';
import type { RedisLockoutStore } from 'nestjs-lockout/redis';
import { contractHash, contractSwap } from 'nestjs-lockout/testing';
import { describeEach } from '../support/databases.js';
import { numbered as failed, type Happened, LONG_AGO, numberOf } from '../support/numbered-event.js';
import { openRedisBeside, redisShardings } from '../support/redis-store.js';

const LEASE_MS = 60_000;

const token = (): string => randomBytes(16).toString('hex');

describeEach(redisShardings, 'deliveries in $shards shards of Redis', (server) => {
  let store: RedisLockoutStore;
  let admin: Redis;
  let prefix: string;
  let close: () => Promise<void>;

  beforeAll(async () => {
    ({ store, admin, prefix, close } = await openRedisBeside(server, 'outbox'));
  });
  afterAll(() => close());

  const facts = (accountHash = contractHash()) => ({ ...contractSwap().facts, accountHash });
  /** A sink of the test's own, so that no test sees the deliveries of another. */
  const freshSink = (): string => `sink-${randomBytes(6).toString('hex')}`;
  const write = async (...swaps: Swap[]): Promise<void> => {
    expect(await store.compareAndSwap(swaps, { now: (await store.load([])).now })).toEqual(new Set());
  };
  const claim = (sink: string, limit = 100, own = token()): Promise<readonly ClaimedDelivery[]> =>
    store.claimDeliveries({ sinks: [sink], token: own, leaseMs: LEASE_MS, limit });
  const entry = (action: 'retry-deliveries' | 'drop-deliveries' | 'erase') => ({
    id: token(),
    key: '0'.repeat(64),
    event: { type: 'administered', at: 0, action, by: 'ops', reason: 'a ticket', count: 0 } as const,
    facts: { ...contractSwap().facts, realm: 'contract', counter: 'administration', scope: 'administration' },
  });
  /** Delivers all there is, one round after the other; resolves each event's number. */
  const deliverAll = async (sink: string): Promise<number[]> => {
    const seen: number[] = [];
    for (;;) {
      const own = token();
      const claimed = await claim(sink, 100, own);
      if (claimed.length === 0) return seen;
      for (const { id, event } of claimed) {
        seen.push(numberOf(event));
        expect(await store.finishDelivery(id, own)).toBe(true);
      }
    }
  };
  const namesOf = async (...parts: string[]): Promise<string[]> => {
    const names = await admin.keys(`${prefix}*`);
    return names.filter((name) => parts.includes(name.slice(name.lastIndexOf(':') + 1)));
  };

  it('R29 come of a swap that wins, and once however often it is sent', async () => {
    const sink = freshSink();
    const swap = contractSwap({
      facts: facts(),
      events: [failed(1), failed(2)],
      deliverTo: [[sink], [sink, sink]],
    });
    await write(swap);
    await write(swap);
    const lost = contractSwap({ key: swap.key, events: [failed(3)], deliverTo: [[sink]] });
    expect(await store.compareAndSwap([lost], { now: (await store.load([])).now })).toEqual(
      new Set([swap.key]),
    );
    const bulk = [contractSwap({ events: [failed(4)], deliverTo: [[sink]] }), lost];
    await store.compareAndSwap(bulk, { now: (await store.load([])).now, atomic: true });
    expect(await deliverAll(sink)).toEqual([1, 2]);
  });

  it('of an account go one after the other where its records share a shard, those of a record always', async () => {
    const sink = freshSink();
    const about = facts();
    const records = Array.from({ length: 12 }, (_, n) =>
      contractSwap({
        facts: about,
        events: [failed(2 * n), failed(2 * n + 1)],
        deliverTo: [[sink], [sink]],
      }),
    );
    for (const swap of records) await write(swap);
    // The account's first of each shard, and nothing that is behind one.
    const first = await claim(sink);
    const lanes = new Set(records.map(({ key }) => Number.parseInt(key.slice(0, 8), 16) % server.shards));
    expect(first).toHaveLength(lanes.size);
    expect(await claim(sink)).toEqual([]);
    for (const { id } of first) expect(await store.finishDelivery(id, token())).toBe(false);
    expect(await claim(sink)).toEqual([]);
    for (const { id, tries } of first) {
      expect(tries).toBe(1);
      const [waiting] = (await store.deliveries({ state: 'waiting', sink, limit: 100 })).items.filter(
        (one) => one.id === id,
      );
      expect(waiting?.dueAt).toBeGreaterThan(first[0]?.now ?? 0);
    }
  });

  it('leave nothing behind when they are delivered', async () => {
    const sink = freshSink();
    const other = freshSink();
    for (let n = 0; n < 30; n += 1)
      await write(contractSwap({ facts: facts(), events: [failed(n)], deliverTo: [[sink, other]] }));
    expect((await deliverAll(sink)).sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, n) => n));
    expect((await store.outboxState()).find((state) => state.sink === sink)).toBeUndefined();
    const left = (await store.outboxState()).find((state) => state.sink === other);
    expect(left).toEqual({ sink: other, waiting: 30, dead: 0, oldestAt: LONG_AGO });
    await deliverAll(other);
    const own = await Promise.all(
      (await namesOf('deliveries', 'undelivered')).map(async (name) => await admin.hkeys(name)),
    );
    expect(own.flat().filter((field) => field.endsWith(sink) || field.endsWith(other))).toEqual([]);
  });

  it('P8 are made from the event itself, though the stream was cut or drained by an earlier release', async () => {
    const sink = freshSink();
    await write(contractSwap({ facts: facts(), events: [failed(7)], deliverTo: [[sink]] }));
    for (const name of await namesOf('events')) await admin.xtrim(name, 'MAXLEN', 0);
    expect(await deliverAll(sink)).toEqual([7]);
  });

  it('keep their events from being drained and dropped until they are delivered, dead letters too', async () => {
    const sink = freshSink();
    const about = facts();
    await write(contractSwap({ facts: about, events: [failed(1)], deliverTo: [[sink]] }));
    await write(contractSwap({ facts: facts(), events: [failed(2)], deliverTo: [[sink]] }));
    await write(contractSwap({ facts: about, events: [failed(3)] }));
    const own = token();
    const dead = (await claim(sink, 100, own)).find(({ event }) => numberOf(event) === 2);
    expect(await store.buryDelivery(dead?.id ?? '', own, 'no')).toBe(true);
    const drained: number[] = [];
    const drain = async (): Promise<void> => {
      drained.length = 0;
      const take = async (events: readonly Happened[]) => void drained.push(...events.map(numberOf));
      while ((await store.drainEvents(take, 2)) > 0);
    };
    // What others have left behind is not this test's.
    await drain();
    expect(drained).toContain(3);
    expect(drained).not.toContain(1);
    expect(drained).not.toContain(2);
    expect(await store.dropEvents(LONG_AGO + 100, 100)).toBe(0);
    expect((await store.list({ account: about.accountHash, limit: 9 })).items.map(numberOf)).toEqual([1]);
    expect(await store.dropDeliveries([dead?.id ?? ''], entry('drop-deliveries'))).toBe(1);
    await drain();
    expect(drained).toContain(2);
    expect(drained).not.toContain(1);
  });

  it('put back stand again before what waits in their lane, whatever has its turn', async () => {
    const sink = freshSink();
    const about = contractSwap({
      facts: facts(),
      events: [failed(1), failed(2), failed(3)],
      deliverTo: [[sink], [sink], [sink]],
    });
    await write(about);
    const own = token();
    const [first] = await claim(sink, 1, own);
    await store.buryDelivery(first?.id ?? '', own, 'refused');
    const [second] = await claim(sink, 1, own);
    expect(numberOf(second?.event ?? { event: failed(0) })).toBe(2);
    expect(await store.retryDeliveries([first?.id ?? ''], entry('retry-deliveries'))).toBe(1);
    // The second is being delivered, and the first has its turn before the third.
    const [again] = await claim(sink);
    expect([numberOf(again?.event ?? { event: failed(0) }), again?.tries]).toEqual([1, 1]);
    expect(await store.deferDelivery(second?.id ?? '', own, { inMs: 0, problem: 'away' })).toBe(true);
    expect(await claim(sink)).toEqual([]);
    // The token that stands where nobody has a claim is nobody's.
    expect(await store.finishDelivery(second?.id ?? '', '0'.repeat(32))).toBe(false);
  });

  it('put back have their turn before one that was next', async () => {
    const sink = freshSink();
    await write(contractSwap({ events: [failed(1), failed(2)], deliverTo: [[sink], [sink]] }));
    const own = token();
    const [first] = await claim(sink, 9, own);
    await store.buryDelivery(first?.id ?? '', own, 'refused');
    await store.retryDeliveries([first?.id ?? ''], entry('retry-deliveries'));
    expect((await claim(sink)).map(({ event }) => numberOf(event))).toEqual([1]);
  });

  it('R33 a change that was cut short goes on when it is sent again, and is counted once', async () => {
    const sink = freshSink();
    for (let n = 0; n < 24; n += 1)
      await write(contractSwap({ facts: facts(), events: [failed(n)], deliverTo: [[sink]] }));
    const own = token();
    const ids = (await claim(sink, 100, own)).map(({ id }) => id);
    for (const id of ids) await store.buryDelivery(id, own, 'no');
    const told = entry('retry-deliveries');
    const broken = `${prefix}{${ids[12]?.split('-', 1)[0]}}:outbox`;
    await admin.rename(broken, `${broken}-away`);
    await admin.set(broken, 'not an outbox');
    await expect(store.retryDeliveries(ids, told)).rejects.toMatchObject({ fault: 'data' });
    await admin.rename(`${broken}-away`, broken);
    const recorded = async (): Promise<unknown[]> =>
      (await store.list({ type: 'administered', limit: 50 })).items
        .filter(({ id }) => id === told.id)
        .map(({ event }) => 'count' in event && event.count);
    expect(await recorded()).toHaveLength(1);
    expect(await store.retryDeliveries(ids, told)).toBe(24);
    expect(await recorded()).toEqual([24]);
    expect(await store.retryDeliveries(ids, told)).toBe(24);
    expect(await recorded()).toEqual([24]);
    expect((await deliverAll(sink)).sort((a, b) => a - b)).toEqual(Array.from({ length: 24 }, (_, n) => n));
  });
});
