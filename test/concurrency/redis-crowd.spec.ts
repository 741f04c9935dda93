// The bound of crowd.spec.ts where the records are in Redis: one server, and a Cluster, where an attempt's keys are on
// different servers and no script sees them all.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { minutes } from 'nestjs-lockout/policy';
import { describeEach } from '../support/databases.js';
import { openRedisStore, redisServers } from '../support/redis-store.js';
import { startRedis, startRedisCluster } from '../support/servers/redis.mjs';
import { boundLaws, raceLaws } from './bound-laws.js';
import { CrowdedStore, guesses, ONE } from './crowded-store.js';

const deployments = redisServers.length
  ? [
      {
        name: 'Redis',
        start: async () => {
          const { url, stop } = await startRedis();
          return { urls: [url], stop };
        },
        waitMs: 0,
      },
      // Of two that each took a place at another key neither may get all of them: they have to wait, as they do by default.
      { name: 'Redis Cluster', waitMs: 2_000, start: () => startRedisCluster() },
    ]
  : [];

describeEach(deployments, 'P1 over four processes sharing one $name', ({ start, waitMs }) => {
  let server: { readonly urls: readonly string[]; readonly stop: () => Promise<void> };
  let crowded: CrowdedStore;

  beforeAll(async () => {
    server = await start();
    const { urls } = server;
    crowded = new CrowdedStore({ redis: urls }, (own) => openRedisStore(urls, own));
  });
  afterAll(() => {
    crowded.close();
    return server.stop();
  });

  boundLaws(() => crowded, waitMs);

  it('R3 counts the attempts of killed processes once, after the timeout', async () => {
    const own = crowded.fresh();
    const report = await crowded.run({
      policies: ONE,
      guesses: guesses(8, () => own),
      kill: { processes: 4, afterVerified: 5 },
    });
    expect(report.killed).toBe(4);
    expect(report.verified).toBe(5);
    const afterwards = await crowded.inspect(async (engine) => {
      const begun = await engine.begin({ ...own, method: 'password' });
      return { begun, status: await engine.status({ account: own.account }) };
    }, minutes(3));
    expect(afterwards.begun).toMatchObject({ allowed: false, refusal: { reason: 'locked' } });
    expect(afterwards.status.counters[0]).toMatchObject({ inFlight: 0, failures: 5 });
  });

  raceLaws(() => crowded);
});
