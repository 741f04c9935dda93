// The bound of crowd.spec.ts where the records are in Redis: one server, and a Cluster, where an attempt's keys are on
// different servers and no script sees them all.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { LockoutEngine } from 'nestjs-lockout';
import { definePolicies, minutes, type PolicyInput } from 'nestjs-lockout/policy';
import { describeEach } from '../support/databases.js';
import { openRedisStore, redisServers } from '../support/redis-store.js';
import { startRedis, startRedisCluster } from '../support/servers/redis.mjs';
import { type CrowdOptions, crowd, type Guess, SECRET } from './crowd.js';

const fiveMinutes = { kind: 'fixed', durationMs: minutes(5) } as const;
const THREE: readonly PolicyInput[] = [
  { name: 'account', threshold: 5, schedule: fiveMinutes },
  { name: 'address', scope: ['address'], threshold: 20, schedule: fiveMinutes },
  { name: 'pair', scope: ['account', 'address'], threshold: 5, schedule: fiveMinutes },
];
const ONE = THREE.slice(0, 1);

const deployments = redisServers.length
  ? [
      {
        name: 'Redis',
        start: async () => {
          const { url, stop } = await startRedis();
          return { urls: [url], stop };
        },
      },
      { name: 'Redis Cluster', start: () => startRedisCluster() },
    ]
  : [];

const guesses = (count: number, of: (n: number) => Pick<Guess, 'account' | 'address'>): Guess[] =>
  Array.from({ length: count }, (_, n) => ({ password: `wrong-${n}`, ...of(n) }));

describeEach(deployments, 'P1 over four processes sharing one $name', ({ start }) => {
  let server: { readonly urls: readonly string[]; readonly stop: () => Promise<void> };
  /** Over all tests: whether one run has a race to lose is up to the scheduler. */
  let lostRaces = 0;
  /** Every test has accounts and addresses of its own. */
  let suite = 0;

  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.stop());

  const fresh = () => {
    suite += 1;
    return { account: `alice-${suite}`, address: `10.1.${suite}.1` };
  };

  const run = async (own: Omit<CrowdOptions, 'processes' | 'redis'>) => {
    const report = await crowd({ processes: 4, redis: server.urls, ...own });
    lostRaces += report.lostRaces;
    return report;
  };

  /** What an engine of this process sees; `later`: as if so many ms had passed on the store's clock. */
  const inspect = async <T>(work: (engine: LockoutEngine) => Promise<T>, later = 0): Promise<T> => {
    const clock = later > 0 ? { clock: () => Date.now() + later } : {};
    const { store, close } = await openRedisStore(server.urls, clock);
    try {
      return await work(
        new LockoutEngine({ store, secrets: [SECRET], policies: definePolicies(ONE), waitMs: 0 }),
      );
    } finally {
      await close();
    }
  };

  it('verifies exactly 5 of 200 guesses at one account', async () => {
    const own = fresh();
    const report = await run({ policies: ONE, guesses: guesses(200, () => own) });
    expect(report.verified).toBe(5);
    expect(report.outcomes['failure']).toBe(5);
    expect((await inspect((engine) => engine.status({ account: own.account }))).locked).toBe(true);
  });

  it('verifies exactly 5 with account, address and account+address at once (R16)', async () => {
    const own = fresh();
    const report = await run({ policies: THREE, guesses: guesses(200, () => own) });
    expect(report.verified).toBe(5);
  });

  it('verifies exactly 5 at one account from 200 addresses', async () => {
    const own = fresh();
    const report = await run({
      policies: THREE,
      guesses: guesses(200, (n) => ({ ...own, address: `10.2.${suite}.${n}` })),
    });
    expect(report.verified).toBe(5);
  });

  it('verifies exactly the address budget, 20, at 200 accounts from one address', async () => {
    const own = fresh();
    const report = await run({
      policies: THREE,
      guesses: guesses(200, (n) => ({ ...own, account: `victim-${suite}-${n}` })),
    });
    expect(report.verified).toBe(20);
  });

  it('R3 counts the attempts of killed processes once, after the timeout', async () => {
    const own = fresh();
    const report = await run({
      policies: ONE,
      guesses: guesses(8, () => own),
      kill: { processes: 4, afterVerified: 5 },
    });
    expect(report.killed).toBe(4);
    expect(report.verified).toBe(5);
    const afterwards = await inspect(async (engine) => {
      const begun = await engine.begin({ ...own, method: 'password' });
      return { begun, status: await engine.status({ account: own.account }) };
    }, minutes(3));
    expect(afterwards.begun).toMatchObject({ allowed: false, refusal: { reason: 'locked' } });
    expect(afterwards.status.counters[0]).toMatchObject({ inFlight: 0, failures: 5 });
  });

  it('ran real races: swaps were lost to other processes, and folded again', () => {
    expect(lostRaces).toBeGreaterThan(0);
  });

  it('would notice a store that reads and then writes', async () => {
    const { account, address } = fresh();
    const report = await run({
      policies: ONE,
      careless: true,
      guesses: guesses(200, (n) => ({ address, account: `${account}-${n % 10}` })),
    });
    // 5 for each of the ten accounts, were it exact.
    expect(report.verified).toBeGreaterThan(50);
  });
});
