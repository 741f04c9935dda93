import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { Redis } from 'ioredis';
import { LockoutEngine, LockoutModule } from 'nestjs-lockout';
import { definePolicies } from 'nestjs-lockout/policy';
import { LockoutRedisModule, RedisLockoutStore } from 'nestjs-lockout/redis';
import { describeEach } from '../support/databases.js';
import { redisServers } from '../support/redis-store.js';

const REDIS = Symbol('the client of the application');

describeEach(redisServers, 'LockoutRedisModule on $name', ({ url }) => {
  let client: Redis;
  let prefix: string;

  beforeEach(() => {
    client = new Redis(url, { lazyConnect: true });
    prefix = `module-${randomBytes(6).toString('hex')}:`;
  });
  afterEach(() => client.disconnect());

  it('provides a store that is open, and closes it with the application', async () => {
    const imports = [LockoutRedisModule.forRoot({ client, prefix, onWarning: () => undefined })];
    const app = await (await Test.createTestingModule({ imports }).compile()).init();
    const store = app.get(RedisLockoutStore, { strict: false });
    expect((await store.load([])).records.size).toBe(0);
    await app.close();
    await expect(store.load([])).rejects.toThrow('not open');
    // It was asked how to connect, and nothing else.
    expect(client.status).toBe('wait');
  });

  it('takes the client that the application provides, and serves the engine', async () => {
    @Module({ providers: [{ provide: REDIS, useFactory: () => client }], exports: [REDIS] })
    class RedisModule {}

    const imports = [
      LockoutModule.forRootAsync({
        imports: [
          LockoutRedisModule.forRootAsync({
            imports: [RedisModule],
            inject: [REDIS],
            useFactory: (redis: Redis) => ({ client: redis, prefix, onWarning: () => undefined }),
          }),
        ],
        inject: [RedisLockoutStore],
        useFactory: (store: RedisLockoutStore) => ({
          store,
          secrets: ['a secret that every process shares, long enough'],
          policies: definePolicies([
            { name: 'account', threshold: 2, schedule: { kind: 'fixed', durationMs: 60_000 } },
          ]),
        }),
      }),
    ];
    const app = await (await Test.createTestingModule({ imports }).compile()).init();
    const lockout = app.get(LockoutEngine, { strict: false });
    const attempt = { account: 'alice', method: 'password' };
    for (let n = 0; n < 2; n += 1) {
      expect((await lockout.protect(attempt, async () => false)).outcome).toBe('failure');
    }
    expect((await lockout.protect(attempt, async () => true)).outcome).toBe('refused');
    await app.close();
  });

  it('does not start with options that cannot be, and says what to change', async () => {
    const imports = [LockoutRedisModule.forRoot({ client, prefix: '{' })];
    await expect(Test.createTestingModule({ imports }).compile()).rejects.toThrow('has braces');
  });
});
