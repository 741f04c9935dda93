// The events of swaps, from the stream that they are written to until they are taken out of memory.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import type { LockoutKey, RecordedEvent } from 'nestjs-lockout';
import type { RedisLockoutStore } from 'nestjs-lockout/redis';
import { contractHash, contractKey, contractSwap } from 'nestjs-lockout/testing';
import { describeEach } from '../support/databases.js';
import { openRedisBeside, redisServers, redisShardings } from '../support/redis-store.js';

/** KEYS: `events`, `undelivered`, `position`. ARGV: how many. As many more events like the last, which wait for a sink. */
const LEAVE_UNDELIVERED = `
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
local row = last[2][2]
for n = 1, ARGV[1] do
  local position = string.format('%016.0f', redis.call('GET', KEYS[3]) + 1)
  redis.call('SET', KEYS[3], position)
  redis.call('XADD', KEYS[1], position .. '-0', 'e', row)
  redis.call('HSET', KEYS[2], position, 'gone\\0' .. row)
end
return 0
`;

const upwards = (a: number, b: number): number => a - b;

describeEach(redisShardings, 'events in $shards shards of Redis', (server) => {
  let store: RedisLockoutStore;
  let admin: Redis;
  let prefix: string;
  let close: () => Promise<void>;

  beforeAll(async () => {
    ({ store, admin, prefix, close } = await openRedisBeside(server, 'events'));
  });
  afterAll(() => close());

  const write = async (count: number, parts: Partial<ReturnType<typeof contractSwap>['facts']>) => {
    const facts = { ...contractSwap().facts, ...parts };
    for (let n = 0; n < count; n += 50) {
      const swaps = Array.from({ length: Math.min(50, count - n) }, (_, i) =>
        contractSwap({ facts, events: [{ type: i % 2 === 0 ? 'expired' : 'unlocked', at: n + i } as never] }),
      );
      expect(await store.compareAndSwap(swaps, { now: (await store.load([])).now })).toEqual(new Set());
    }
  };
  const drainAll = async (limit: number): Promise<RecordedEvent[]> => {
    const taken: RecordedEvent[] = [];
    const sink = async (events: readonly RecordedEvent[]) => void taken.push(...events);
    while ((await store.drainEvents(sink, limit)) > 0);
    return taken;
  };
  const leftovers = async (): Promise<number> => {
    const names = await admin.keys(`${prefix}*`);
    let entries = 0;
    for (const name of names) {
      if (name.endsWith(':events')) entries += await admin.xlen(name);
      if (name.endsWith(':trail')) entries += await admin.zcard(name);
    }
    return entries;
  };

  it('P8 are drained oldest first, each once, and nothing of them is left', async () => {
    const accountHash = contractHash();
    const addressHash = contractHash();
    await write(120, { accountHash, addressHash });
    const taken = await drainAll(7);
    expect(new Set(taken.map(({ id }) => id)).size).toBe(120);
    expect(taken).toHaveLength(120);
    if (server.shards === 1)
      expect(taken.map(({ event }) => event.at)).toEqual(Array.from({ length: 120 }, (_, n) => n));
    expect(taken.every(({ facts }) => facts.accountHash === accountHash)).toBe(true);
    expect((await store.list({ account: accountHash, limit: 10 })).items).toEqual([]);
    expect(await leftovers()).toBe(0);
    expect(await store.drainEvents(async () => undefined)).toBe(0);
  });

  it('P8 come again, under the same ids, when the sink failed', async () => {
    const accountHash = contractHash();
    await write(20, { accountHash });
    const refused: string[] = [];
    const failing = async (events: readonly RecordedEvent[]) => {
      refused.push(...events.map(({ id }) => id));
      throw new Error('the audit database is down');
    };
    await expect(store.drainEvents(failing)).rejects.toThrow('the audit database is down');
    expect(refused.length).toBeGreaterThan(0);
    expect((await store.list({ account: accountHash, limit: 50 })).items).toHaveLength(20);
    const taken = new Set((await drainAll(500)).map(({ id }) => id));
    for (const id of refused) expect(taken).toContain(id);
    expect(taken.size).toBe(20);
  });

  it('are listed by account, address and type through more of others than one answer holds', async () => {
    const [accountHash, addressHash] = [contractHash(), contractHash()];
    await write(6, { accountHash, addressHash });
    await write(300, { addressHash });
    const times = async (query: Parameters<typeof store.list>[0]) =>
      (await store.list(query)).items.map(({ event }) => event.at);
    expect((await times({ account: accountHash, limit: 10 })).sort(upwards)).toEqual([0, 1, 2, 3, 4, 5]);
    expect((await times({ account: accountHash, type: 'expired', limit: 10 })).sort(upwards)).toEqual([
      0, 2, 4,
    ]);
    expect(await times({ address: addressHash, limit: 400 })).toHaveLength(306);
    expect(await times({ address: addressHash, type: 'unlocked', limit: 400 })).toHaveLength(153);
    expect(await times({ type: 'expired', limit: 400 })).toHaveLength(153);
    expect(await times({ limit: 400 })).toHaveLength(306);
    await drainAll(500);
  });

  it('keep their order when the clock of the server is set back', async () => {
    const accountHash = contractHash();
    await write(1, { accountHash });
    // What the server's clock reads is not ours to set: instead the last event is moved an hour ahead of it.
    for (const name of await admin.keys(`${prefix}*:position`)) {
      await admin.set(name, String(Number(await admin.get(name)) + 3_600_000_000));
    }
    for (const at of [1, 2, 3]) {
      await store.compareAndSwap(
        [
          contractSwap({
            facts: { ...contractSwap().facts, accountHash },
            events: [{ type: 'expired', at }],
          }),
        ],
        { now: (await store.load([])).now },
      );
    }
    const listed = (await store.list({ account: accountHash, limit: 9 })).items.map(({ event }) => event.at);
    if (server.shards === 1) expect(listed).toEqual([3, 2, 1, 0]);
    else expect([...listed].sort(upwards)).toEqual([0, 1, 2, 3]);
    await drainAll(500);
  });

  it('whose rows somebody took away are forgotten, by a drain as by a drop', async () => {
    const take = async () => undefined;
    const leave = () => admin.zadd(`${prefix}{0}:trail`, 0, 'x0000000000000005');
    await leave();
    expect([await store.drainEvents(take), await store.drainEvents(take)]).toEqual([1, 0]);
    await leave();
    expect(await store.dropEvents(10, 10)).toBe(0);
    expect(await leftovers()).toBe(0);
  });
});

describeEach(redisServers, 'very many events on $name', (server) => {
  let store: RedisLockoutStore;
  let admin: Redis;
  let prefix: string;
  let close: () => Promise<void>;

  beforeAll(async () => {
    ({ store, admin, prefix, close } = await openRedisBeside(server, 'many-events'));
  });
  afterAll(() => close());

  it('are dropped though very many that may not go are before them, so many looked at each time', async () => {
    const [events, undelivered] = [`${prefix}{0}:events`, `${prefix}{0}:undelivered`];
    const { now } = await store.load([]);
    const record = async (count: number): Promise<void> => {
      const key = `00000000${contractKey().slice(8)}` as LockoutKey;
      const own = Array.from({ length: count }, () => ({ type: 'expired', at: now }) as const);
      const swap = contractSwap({ key, events: own });
      expect(await store.compareAndSwap([swap], { now: (await store.load([])).now })).toEqual(new Set());
    };
    await record(1);
    for (let n = 0; n < 11; n += 1)
      await admin.eval(LEAVE_UNDELIVERED, 3, events, undelivered, `${prefix}{0}:position`, 10_000);
    await record(5);
    const drop = (): Promise<number> => store.dropEvents(now + 60_000, 10);
    expect([await drop(), await drop()]).toEqual([1, 5]);
    // What was passed over and has been delivered since is found the next time round.
    const [first] = await admin.xrange(events, '-', '+', 'COUNT', 1);
    await admin.hdel(undelivered, first?.[0].split('-', 1)[0] ?? '');
    expect(await drop()).toBe(1);
    await admin.unlink(events, undelivered);
  });
});
