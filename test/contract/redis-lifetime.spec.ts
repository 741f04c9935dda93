import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import type { RedisLockoutStore } from 'nestjs-lockout/redis';
import { contractSwap } from 'nestjs-lockout/testing';
import { describeEach } from '../support/databases.js';
import { openRedisStore, redisServers } from '../support/redis-store.js';

describeEach(redisServers, 'P2 what a store keeps on $name', (server) => {
  const prefix = `lifetime-${randomBytes(4).toString('hex')}:`;
  let store: RedisLockoutStore;
  let close: () => Promise<void>;
  let admin: Redis;

  beforeAll(async () => {
    ({ store, close } = await openRedisStore([server.url], { prefix }));
    admin = new Redis(server.url);
  });
  afterAll(async () => {
    await close();
    admin.disconnect();
  });

  it('never expires, so that no lock does, and no policy of volatile-* evicts it', async () => {
    const swap = contractSwap({ events: [{ type: 'expired', at: 1 }], deliverTo: [['mail']] });
    expect(await store.compareAndSwap([swap], { now: (await store.load([])).now })).toEqual(new Set());
    const names = await admin.keys(`${prefix}*`);
    const parts = names.map((name) => name.slice(name.lastIndexOf(':') + 1));
    expect(parts).toEqual(
      expect.arrayContaining([
        'records',
        'events',
        'trail',
        'position',
        'deliveries',
        'undelivered',
        'outbox',
      ]),
    );
    for (const name of names) expect([name, await admin.pttl(name)]).toEqual([name, -1]);
  });
});
