// What Redis keeps of an account that was erased: nothing, where a stream would keep what was deleted from it.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import type { LockoutEvent, Swap } from 'nestjs-lockout';
import type { RedisLockoutStore } from 'nestjs-lockout/redis';
import { contractHash, contractSwap } from 'nestjs-lockout/testing';
import { describeEach } from '../support/databases.js';
import { numbered as failed, type Happened, numberOf } from '../support/numbered-event.js';
import { openRedisBeside, redisShardings } from '../support/redis-store.js';

const SINK = 'mail';

describeEach(redisShardings, 'an erasure in $shards shards of Redis', (server) => {
  const label = `alice-${randomBytes(12).toString('hex')}`;
  const account = { ...contractSwap().facts, realm: 'r', accountHash: contractHash(), accountLabel: label };
  const address = { ...contractSwap().facts, realm: 'r' };
  const nobody = { ...contractSwap().facts, realm: 'other', accountHash: contractHash() };
  let store: RedisLockoutStore;
  let admin: Redis;
  let prefix: string;
  let close: () => Promise<void>;

  beforeAll(async () => {
    ({ store, admin, prefix, close } = await openRedisBeside(server, 'erasure'));
  });
  afterAll(() => close());

  const write = async (...swaps: Swap[]): Promise<void> => {
    expect(await store.compareAndSwap(swaps, { now: (await store.load([])).now })).toEqual(new Set());
  };
  const entry = {
    id: randomBytes(16).toString('hex'),
    key: '0'.repeat(64),
    event: { type: 'administered', at: 0, action: 'erase', by: 'ops', reason: 'a ticket', count: 0 } as const,
    facts: { ...contractSwap().facts, realm: 'administration' },
  };
  /** Which parts of the store hold these bytes, as they stand in a snapshot. */
  const holding = async (needle: Buffer): Promise<string[]> => {
    const [, compression = 'yes'] = (await admin.config('GET', 'rdbcompression')) as string[];
    await admin.config('SET', 'rdbcompression', 'no');
    const found = new Set<string>();
    for (const name of await admin.keys(`${prefix}*`)) {
      if ((await admin.dumpBuffer(name))?.includes(needle)) found.add(name.slice(name.lastIndexOf(':') + 1));
    }
    await admin.config('SET', 'rdbcompression', compression);
    return [...found].sort();
  };

  it('leaves nothing of the account in the memory of the server, and all that happened in the record', async () => {
    const deliverTo = [[SINK]];
    for (let n = 0; n < 40; n += 1) {
      await write(contractSwap({ facts: nobody, events: [failed(n), failed(n)] }));
      const events = [{ ...failed(n), origin: { account: label, userAgent: 'Mozilla' } } as LockoutEvent];
      if (n % 10 === 0)
        await write(
          contractSwap({ facts: account, events, deliverTo }),
          contractSwap({ facts: address, events, deliverTo }),
        );
    }
    const token = 'a'.repeat(32);
    const claimed = await store.claimDeliveries({ sinks: [SINK], token, leaseMs: 60_000, limit: 100 });
    const mail = claimed.find(({ event }) => event.facts.accountHash !== null);
    await store.buryDelivery(mail?.id ?? '', token, `550 ${label}: no such mailbox`);
    const [away, refused] = claimed.filter(({ event }) => event.facts.accountHash === null);
    await store.deferDelivery(away?.id ?? '', token, { inMs: 0, problem: `no such user ${label}` });
    await store.buryDelivery(refused?.id ?? '', token, `no such user ${label}`);
    await store.prune(await store.ofAccount(account.accountHash));
    expect(await holding(Buffer.from(label))).toEqual(['deliveries', 'events', 'undelivered']);
    const list = async () => (await store.list({ realms: ['r', 'other'], limit: 200 })).items;
    const before = await list();

    let erased = 0;
    const erasure = { realm: 'r', accounts: [account.accountHash], label };
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const step = await store.eraseEvents(erasure, entry, cursor);
      erased += step.erased;
      cursor = step.cursor;
    }
    expect(erased).toBe(8);
    expect(await holding(Buffer.from(label))).toEqual([]);
    expect(await holding(Buffer.from(account.accountHash, 'hex'))).toEqual([]);
    expect((await list()).map((one) => [one.id, numberOf(one)])).toEqual(
      before.map((one) => [one.id, numberOf(one)]),
    );
    // Of the account's own events nothing is delivered, of the address's what is left.
    // What the sink said of them may have named the account, and is forgotten.
    const left = async (state: 'waiting' | 'dead') =>
      (await store.deliveries({ state, sink: SINK, limit: 100 })).items.map(({ event, problem }) => [
        numberOf(event),
        'origin' in event.event,
        problem,
      ]);
    expect(await left('waiting')).toEqual([0, 20, 30].map((n) => [n, false, null]));
    expect(await left('dead')).toEqual([[10, false, null]]);
  });

  it('leaves what moved out of the stream to be listed by all that finds it, drained and dropped', async () => {
    const query = { realms: ['other'], limit: 200 };
    for (const narrowed of [{}, { account: nobody.accountHash }, { type: 'failed' } as const]) {
      expect((await store.list({ ...query, ...narrowed })).items).toHaveLength(80);
    }
    // Twenty of nobody, and the first of the account that was erased.
    expect(await store.dropEvents(1_010, 1_000)).toBe(21);
    const drained: number[] = [];
    const take = async (events: readonly Happened[]) => void drained.push(...events.map(numberOf));
    while ((await store.drainEvents(take, 7)) > 0);
    // The rest of the erased account and the entry beside the policies are drained with them.
    expect(drained.filter((n) => n >= 10)).toHaveLength(63);
    expect((await store.list({ realms: ['r', 'other', 'administration'], limit: 200 })).items).toHaveLength(
      4,
    );
    const names = await admin.keys(`${prefix}*`);
    const rows = await Promise.all(
      names.filter((name) => name.endsWith(':rows')).map((name) => admin.hlen(name)),
    );
    expect(rows.reduce((sum, count) => sum + count, 0)).toBe(4);
  });
});
