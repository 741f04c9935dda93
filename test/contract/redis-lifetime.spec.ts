import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import type { RedisLockoutStore } from 'nestjs-lockout/redis';
import { contractSwap } from 'nestjs-lockout/testing';
import { describeEach } from '../support/databases.js';
import { openRedisBeside, redisServers } from '../support/redis-store.js';

describeEach(redisServers, 'P2 what a store keeps on $name', (server) => {
  let store: RedisLockoutStore;
  let admin: Redis;
  let prefix: string;
  let close: () => Promise<void>;

  beforeAll(async () => {
    ({ store, admin, prefix, close } = await openRedisBeside(server, 'lifetime'));
  });
  afterAll(() => close());

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
