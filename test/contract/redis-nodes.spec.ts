// What earlier releases know nothing of: refusals beside the reports, and answers that end by themselves.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import type { RedisLockoutStore } from 'nestjs-lockout/redis';
import { describeEach } from '../support/databases.js';
import { until } from '../support/gate.js';
import { openRedisBeside, openRedisStore, redisServers } from '../support/redis-store.js';

describeEach(redisServers, 'processes and answers on $name', (server) => {
  let store: RedisLockoutStore;
  let admin: Redis;
  let prefix: string;
  let close: () => Promise<void>;

  beforeAll(async () => {
    ({ store, admin, prefix, close } = await openRedisBeside(server, 'nodes'));
  });
  afterAll(() => close());

  const node = { id: 'node-1', label: 'host:1', policies: {} };
  const refusals = { from: 0, sliceMs: 1, realms: { a: [1] } };
  const names = (part: string): string => `${prefix}{nodes}:${part}`;

  it('what a process of an earlier release refused is not known', async () => {
    await store.announce({ ...node, refusals }, 0);
    await admin.del(names('refusals'));
    expect(await store.nodes(60_000)).toEqual([node]);
  });

  it('the report is as earlier releases read it', async () => {
    await store.announce(node, 0);
    const plain = await admin.hgetBuffer(names('reports'), node.id);
    await store.announce({ ...node, refusals }, 0);
    expect(await admin.hgetBuffer(names('reports'), node.id)).toEqual(plain);
  });

  it('what a process refused goes with its report', async () => {
    let now = 1_900_000_000_000;
    const own = `${prefix}aged:`;
    const aged = await openRedisStore([server.url], {
      prefix: own,
      clock: () => now,
    });
    await aged.store.announce({ ...node, refusals }, 0);
    now += 86_400_001;
    await aged.store.announce({ ...node, id: 'node-2' }, 0);
    expect(await admin.hlen(`${own}{nodes}:reports`)).toBe(1);
    expect(await admin.exists(`${own}{nodes}:refusals`)).toBe(0);
    await aged.close();
  });

  it('damaged refusals are told as data to those who want them, and to nobody else', async () => {
    await store.announce({ ...node, refusals }, 0);
    await admin.hset(names('refusals'), node.id, '{"from":0}');
    await expect(store.nodes(60_000)).rejects.toMatchObject({ name: 'StoreError', fault: 'data' });
    expect(await store.announce({ ...node, id: 'node-2' }, 60_000)).toHaveLength(2);
  });

  it('an answer is gone from the server when it is outlived', async () => {
    const claim = { id: 'a'.repeat(64), request: 'b'.repeat(64), token: 'c'.repeat(32) };
    const name = `${prefix}{${claim.id}}:answer`;
    await store.claimAnswer(claim, { claimMs: 10, keepMs: 60_000 });
    await store.keepAnswer(claim.id, claim.token, { status: 200, body: 'once' });
    const left = await admin.pttl(name);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(60_000);
    const short = { ...claim, id: 'd'.repeat(64) };
    await store.claimAnswer(short, { claimMs: 5, keepMs: 5 });
    await until(async () => (await admin.exists(`${prefix}{${short.id}}:answer`)) === 0);
  });

  it('a damaged answer is told as data, and nobody is let do the same twice', async () => {
    const claim = { id: 'e'.repeat(64), request: 'b'.repeat(64), token: 'c'.repeat(32) };
    const lives = { claimMs: 60_000, keepMs: 60_000 };
    await store.claimAnswer(claim, lives);
    await store.keepAnswer(claim.id, claim.token, { status: 200, body: 'once' });
    await admin.hset(`${prefix}{${claim.id}}:answer`, 'status', 'well');
    await expect(store.claimAnswer(claim, lives)).rejects.toMatchObject({ fault: 'data' });
  });
});
