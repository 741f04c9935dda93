// What is still to be delivered: beside the events in the hash slot of their record, whatever becomes of the stream.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import type { ClaimedDelivery, LockoutKey, Page, Swap } from 'nestjs-lockout';
import type { RedisLockoutStore } from 'nestjs-lockout/redis';
import { contractHash, contractKey, contractSwap } from 'nestjs-lockout/testing';
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

  it('that cannot be read, or whose event somebody took away, hold up none of the others', async () => {
    const sink = freshSink();
    await write(contractSwap({ events: [failed(0), failed(12)], deliverTo: [[sink], [sink]] }));
    for (let n = 1; n < 12; n += 1) await write(contractSwap({ events: [failed(n)], deliverTo: [[sink]] }));
    const waiting = async () => (await store.deliveries({ state: 'waiting', sink, limit: 50 })).items;
    const dead = async () => (await store.deliveries({ state: 'dead', sink, limit: 50 })).items;
    const state = async () => (await store.outboxState()).find((one) => one.sink === sink);
    const all = new Map((await waiting()).map(({ id, event }) => [numberOf(event), id]));
    const copyOf = (n: number): [string, string] => {
      const [shard = '', position = ''] = (all.get(n) ?? '').split('-');
      return [`${prefix}{${shard}}:undelivered`, position];
    };
    const later = Buffer.concat([Buffer.from(`${sink}\0`), Buffer.from([9, 9, 9])]);
    const copy = (await admin.hgetBuffer(...copyOf(0))) ?? Buffer.alloc(0);
    await admin.hset(...copyOf(0), later);
    await admin.hdel(...copyOf(1));
    const readable = Array.from({ length: 10 }, (_, n) => n + 2);
    expect((await waiting()).map(({ event }) => numberOf(event)).sort((a, b) => a - b)).toEqual([
      ...readable,
      12,
    ]);
    expect(await state()).toMatchObject({ waiting: 13, dead: 0, oldestAt: expect.any(Number) });

    const own = token();
    const claimed = await claim(sink, 100, own);
    expect(claimed.map(({ event, tries }) => [numberOf(event), tries])).toEqual(readable.map((n) => [n, 1]));
    // What waited behind it has its turn.
    expect((await claim(sink)).map(({ event }) => numberOf(event))).toEqual([12]);
    expect(await state()).toMatchObject({ waiting: 11, dead: 1 });
    expect(await dead()).toEqual([]);

    // A release that can read it shows it, and puts it back.
    await admin.hset(...copyOf(0), copy);
    const [buried] = await dead();
    expect([buried?.id, buried?.tries, buried?.problem]).toEqual([
      all.get(0),
      1,
      expect.stringContaining('The event cannot be read'),
    ]);
    const taken = claimed.at(-1)?.id ?? '';
    expect(await store.buryDelivery(taken, own, 'refused')).toBe(true);
    await admin.hdel(...copyOf(11));
    expect(await store.dropDeliveries([buried?.id ?? '', taken], entry('drop-deliveries'))).toBe(2);
    for (const { id } of claimed.slice(0, -1)) expect(await store.finishDelivery(id, own)).toBe(true);
    expect(await state()).toMatchObject({ waiting: 1, dead: 0 });
  });

  it('of some realms are listed past those of others, each page having looked at so many', async () => {
    const sink = freshSink();
    const of = (realm: string) => ({ ...contractSwap().facts, realm });
    const others = Array.from({ length: 50 }, (_, n) => failed(n));
    for (let n = 0; n < 6; n += 1) {
      // All of the others in one shard, and one of ours after them in another.
      for (let part = 0; part < 18; part += 6) {
        const big = Array.from({ length: 6 }, () =>
          contractSwap({
            key: `00000000${contractKey().slice(8)}` as LockoutKey,
            facts: of('big'),
            events: others,
            deliverTo: others.map(() => [sink]),
          }),
        );
        await write(...big);
      }
      const key = `0000000${n}${contractKey().slice(8)}` as LockoutKey;
      await write(contractSwap({ key, facts: of('small'), events: [failed(n)], deliverTo: [[sink]] }));
    }
    const query = { realms: ['small'], limit: 10 };
    const pagesOf = async <T>(page: (cursor?: string) => Promise<Page<T>>): Promise<T[][]> => {
      const { items, nextCursor } = await page();
      const pages = [[...items]];
      for (let cursor = nextCursor; cursor !== null; ) {
        const next = await page(cursor);
        pages.push([...next.items]);
        cursor = next.nextCursor;
      }
      return pages;
    };
    const delivered = await pagesOf((cursor) =>
      store.deliveries({ ...query, state: 'waiting', sink, ...(cursor !== undefined && { cursor }) }),
    );
    expect(delivered.flat().map(({ event }) => numberOf(event))).toEqual([0, 1, 2, 3, 4, 5]);
    expect(delivered.length).toBeGreaterThan(1);
    const listed = await pagesOf((cursor) =>
      store.list({ ...query, ...(cursor !== undefined && { cursor }) }),
    );
    expect(listed.flat().map(numberOf)).toEqual([5, 4, 3, 2, 1, 0]);
    expect(listed.length).toBeGreaterThan(1);
  });

  it('recorded while their account is erased wait for none that went with it', async () => {
    const sink = freshSink();
    const about = facts();
    const events = Array.from({ length: 130 }, (_, n) => failed(n));
    const first = contractSwap({ facts: about, events, deliverTo: events.map(() => [sink]) });
    await write(first);
    expect((await claim(sink)).map(({ event }) => numberOf(event))).toEqual([0]);
    const erasure = { realm: about.realm, accounts: [about.accountHash], label: null };
    const told = entry('erase');
    const begun = await store.eraseEvents(erasure, told);
    expect(begun.cursor).not.toBeNull();
    await write(
      contractSwap({
        key: first.key,
        expected: first.version,
        facts: about,
        events: [failed(999)],
        deliverTo: [[sink]],
      }),
    );
    for (let { cursor } = begun; cursor !== null; )
      ({ cursor } = await store.eraseEvents(erasure, told, cursor));
    expect((await claim(sink)).map(({ event }) => numberOf(event))).toEqual([999]);
  });

  it('R33 a change of which somebody else wrote what sinks are told goes on all the same', async () => {
    const sink = freshSink();
    const about = facts();
    const events = Array.from({ length: 130 }, (_, n) => failed(n));
    await write(contractSwap({ facts: about, events }));
    const erasure = { realm: about.realm, accounts: [about.accountHash], label: null };
    const told = { ...entry('erase'), deliverTo: [sink] };
    const begun = await store.eraseEvents(erasure, told);
    expect(begun.cursor).not.toBeNull();
    const [item] = (await store.deliveries({ state: 'waiting', sink, limit: 9 })).items;
    const [, position = ''] = item?.id.split('-') ?? [];
    expect(await admin.hset(`${prefix}{policies}:undelivered`, position, 'not a copy')).toBe(0);
    for (let { cursor } = begun; cursor !== null; )
      ({ cursor } = await store.eraseEvents(erasure, told, cursor));
    const [recorded] = (await store.list({ type: 'administered', limit: 1 })).items;
    expect(recorded).toMatchObject({ id: told.id, event: { count: 130 } });
  });
});
