// What a swap does when the server is killed, stalls, is full, forgets its scripts or becomes a replica.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import type { RedisLockoutStore } from 'nestjs-lockout/redis';
import { contractHash, contractKey, contractSwap } from 'nestjs-lockout/testing';
import { describeEach } from '../support/databases.js';
import { startLosingLink } from '../support/losing-link.mjs';
import { openRedisStore, redisServers } from '../support/redis-store.js';
import { startRedis } from '../support/servers/redis.mjs';

const LIMIT_MS = 400;
const facts = (accountHash = contractHash()) => ({ ...contractSwap().facts, accountHash });

async function eventually(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await isSo()); tries += 1) {
    if (tries === 200) throw new Error('it never came');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

describeEach(redisServers, 'a store on $name in trouble', () => {
  let server: Awaited<ReturnType<typeof startRedis>>;
  let store: RedisLockoutStore;
  let close: () => Promise<void>;
  let admin: Redis;

  beforeAll(async () => {
    server = await startRedis({ durable: true });
    ({ store, close } = await openRedisStore([server.url], { statementTimeoutMs: LIMIT_MS }));
    admin = new Redis(server.url);
    admin.on('error', () => undefined);
  });
  afterAll(async () => {
    await close();
    admin.disconnect();
    await server.stop();
  });

  const now = async (): Promise<number> => (await store.load([])).now;
  const swap = async (...swaps: ReturnType<typeof contractSwap>[]) =>
    store.compareAndSwap(swaps, { now: await now() });
  /** As soon as the store answers again. */
  const recovered = () =>
    eventually(() =>
      store.load([]).then(
        () => true,
        () => false,
      ),
    );

  it('loses nothing acknowledged when the server is killed, and goes on by itself when it is back', async () => {
    const kept = contractSwap({ facts: facts(), events: [{ type: 'expired', at: 1 }] });
    await swap(kept);
    await server.kill();
    await expect(store.load([kept.key])).rejects.toMatchObject({ fault: 'unreachable' });
    const began = await store
      .compareAndSwap([contractSwap({ key: kept.key, expected: kept.version })], { now: Date.now() })
      .catch((error: unknown) => error);
    expect(began).toMatchObject({ code: 'LOCKOUT_UNAVAILABLE' });
    await server.restart();
    await recovered();
    expect((await store.load([kept.key])).records.get(kept.key)?.version).toBe(kept.version);
    expect(
      (await store.list({ account: kept.facts.accountHash ?? contractHash(), limit: 9 })).items,
    ).toHaveLength(1);
    expect(await swap(contractSwap({ key: kept.key, expected: kept.version }))).toEqual(new Set());
  });

  it('keeps the connection that came back, however long the one before had owed an answer (redis/ioredis#2147)', async () => {
    const ours = async (): Promise<string | undefined> =>
      String(await admin.call('CLIENT', 'LIST'))
        .split('\n')
        .find((line) => line.includes(' name=nestjs-lockout '))
        ?.match(/^id=(\d+)/)?.[1];
    await store.load([]);
    const first = await ours();
    await admin.call('CLIENT', 'PAUSE', '60000', 'WRITE');
    const owed = swap(contractSwap()).catch((error: { fault?: string }) => error.fault);
    await eventually(async () => /\bcmd=evalsha\b/.test(String(await admin.call('CLIENT', 'LIST'))));
    await admin.call('CLIENT', 'KILL', 'ID', first ?? '');
    await admin.call('CLIENT', 'UNPAUSE');
    await recovered();
    const second = await ours();
    expect(second).not.toBe(first);
    // The old one would have been cut by now: ioredis' own timer, which no test can move.
    const until = Date.now() + 4 * LIMIT_MS;
    while (Date.now() < until) {
      // A machine that others slow down may answer late.
      await store.load([]).catch(() => undefined);
      expect(await ours()).toBe(second);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    await owed;
  });

  it('R4 rejects what was under way when its connection is cut, and the version tells what became of it', async () => {
    const swaps = Array.from({ length: 200 }, () => contractSwap());
    const at = await now();
    const outcomes = swaps.map((one) =>
      store.compareAndSwap([one], { now: at }).then(
        ({ size }) => (size === 0 ? 'won' : 'late'),
        (error: { fault?: string }) => error.fault,
      ),
    );
    await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    const said = await Promise.all(outcomes);
    for (const outcome of said) expect(['won', 'late', 'unreachable']).toContain(outcome);
    await recovered();
    const { records } = await store.load(swaps.map(({ key }) => key));
    for (const [n, { key, version }] of swaps.entries()) {
      if (said[n] === 'won') expect(records.get(key)?.version).toBe(version);
    }
  });

  it('R4 a swap whose answer is lost has left its events and deliveries, and one that is lost has not', async () => {
    let moment: 'before' | 'after' = 'after';
    // The swap's own message, which has the name of the sink.
    const link = await startLosingLink(Number(new URL(server.url).port), (message) =>
      message.includes('lossy') ? moment : null,
    );
    const url = `redis://127.0.0.1:${link.port}`;
    const through = await openRedisStore([url], { statementTimeoutMs: LIMIT_MS });
    try {
      const claim = { sinks: ['lossy'], token: 'b'.repeat(32), leaseMs: 60_000, limit: 9 };
      for (moment of ['after', 'before'] as const) {
        const lost = contractSwap({ events: [{ type: 'expired', at: 1 }], deliverTo: [['lossy']] });
        const told = through.store.compareAndSwap([lost], { now: await now() });
        await expect(told).rejects.toMatchObject({ fault: 'unreachable' });
        const isThere = moment === 'after';
        expect((await store.load([lost.key])).records.size).toBe(isThere ? 1 : 0);
        const claimed = await store.claimDeliveries(claim);
        expect(claimed.map(({ event }) => event.key)).toEqual(isThere ? [lost.key] : []);
        for (const { id } of claimed) expect(await store.finishDelivery(id, claim.token)).toBe(true);
      }
      expect(link.lost).toBe(2);
    } finally {
      await through.close();
      await link.close();
    }
  });

  it('R28 a swap that the server comes to too late is refused there, though its caller has gone', async () => {
    const late = contractSwap();
    const at = await now();
    await admin.call('CLIENT', 'PAUSE', '1600', 'ALL');
    await expect(store.compareAndSwap([late], { now: at })).rejects.toMatchObject({ fault: 'timeout' });
    await recovered();
    expect((await store.load([late.key])).records.size).toBe(0);
  });

  it('sends its scripts again to a server that forgot them', async () => {
    await admin.call('SCRIPT', 'FLUSH');
    const one = contractSwap();
    expect(await swap(one)).toEqual(new Set());
    await admin.call('SCRIPT', 'FLUSH');
    expect((await store.load([one.key])).records.size).toBe(1);
  });

  it('P9 a server without memory refuses swaps whole: no record, no index entry, no event, no delivery', async () => {
    const accountHash = contractHash();
    const deliverTo = [['mail']];
    const full = contractSwap({ facts: facts(accountHash), events: [{ type: 'expired', at: 1 }], deliverTo });
    const before = contractSwap({ facts: facts(), events: [{ type: 'expired', at: 2 }], deliverTo });
    await swap(before);
    const at = await now();
    await admin.config('SET', 'maxmemory', '1');
    try {
      await expect(store.compareAndSwap([full], { now: at })).rejects.toMatchObject({ fault: 'unreachable' });
      // What is there already goes out, and makes room.
      const token = 'a'.repeat(32);
      const claim = { sinks: ['mail'], token, leaseMs: 60_000, limit: 9 };
      const claimed = await store.claimDeliveries(claim);
      expect(claimed.map(({ event }) => event.key)).toEqual([before.key]);
      const [id = ''] = claimed.map((one) => one.id);
      expect(await store.deferDelivery(id, token, { inMs: 0, problem: 'busy' })).toBe(true);
      expect(await store.claimDeliveries(claim)).toHaveLength(1);
      expect(await store.finishDelivery(id, token)).toBe(true);
      expect(await store.outboxState()).toEqual([]);
    } finally {
      await admin.config('SET', 'maxmemory', '0');
    }
    expect((await store.load([full.key])).records.size).toBe(0);
    expect(await store.ofAccount(accountHash)).toEqual([]);
    expect((await store.list({ account: accountHash, limit: 1 })).items).toEqual([]);
    expect(await swap(full)).toEqual(new Set());
    expect((await store.list({ account: accountHash, limit: 9 })).items).toHaveLength(1);
  });

  it('writes nothing on a server that has become a replica', async () => {
    const one = contractSwap();
    const at = await now();
    await admin.call('REPLICAOF', '127.0.0.1', '1');
    const failed = await store.compareAndSwap([one], { now: at }).catch((error: unknown) => error);
    expect(failed).toMatchObject({ fault: 'unreachable' });
    await admin.call('REPLICAOF', 'NO', 'ONE');
    await recovered();
    expect((await store.load([one.key])).records.size).toBe(0);
    expect(await swap(one)).toEqual(new Set());
  });

  it('R29 a swap sent twice has won twice and is written once, its events too', async () => {
    const accountHash = contractHash();
    const twice = contractSwap({ facts: facts(accountHash), events: [{ type: 'expired', at: 1 }] });
    expect(await swap(twice)).toEqual(new Set());
    expect(await swap(twice)).toEqual(new Set());
    expect((await store.list({ account: accountHash, limit: 9 })).items).toHaveLength(1);
    // Once somebody else has swapped, the first one's swap is over.
    expect(await swap(contractSwap({ key: twice.key, expected: twice.version }))).toEqual(new Set());
    expect(await swap(twice)).toEqual(new Set([twice.key]));
    expect((await store.list({ account: accountHash, limit: 9 })).items).toHaveLength(1);
  });

  it('R30 whoever holds a record and dies keeps the others from it for one statement only', async () => {
    const there = contractSwap();
    await swap(there);
    // Held, and never swapped or released: as if its process were gone.
    const name = 'lockout:{0}:holds';
    const holder = Buffer.concat([Buffer.alloc(16, 7), Buffer.from(String((await now()) + LIMIT_MS))]);
    await admin.hset(name, Buffer.from(there.key, 'hex'), holder);
    const next = contractSwap({ key: there.key, expected: there.version });
    expect(await swap(next)).toEqual(new Set([there.key]));
    const lost = await store.swapExclusively([there.key], ({ records }) => [
      contractSwap({ key: there.key, expected: records.get(there.key)?.version ?? null, failures: 9 }),
    ]);
    if (lost.size > 0)
      await store.swapExclusively([there.key], () => [contractSwap({ ...next, failures: 9 })]);
    expect((await store.load([there.key])).records.get(there.key)?.state.failures).toBe(9);
    expect(await admin.hlen(name)).toBe(0);
  });

  it('P2 gives no record an expiry', async () => {
    await swap(contractSwap({ facts: facts(), keepUntil: 1 }));
    for (const name of await admin.keys('lockout:*')) {
      if (!name.endsWith(':holds')) expect([name, await admin.pttl(name)]).toEqual([name, -1]);
    }
  });

  it('refuses to decide on a record that it cannot read', async () => {
    const key = contractKey();
    await admin.hset('lockout:{0}:records', Buffer.from(key, 'hex'), Buffer.alloc(60, 9));
    await expect(store.load([key])).rejects.toMatchObject({ fault: 'data' });
    await admin.hdel('lockout:{0}:records', Buffer.from(key, 'hex'));
  });
});
