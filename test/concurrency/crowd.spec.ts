// Several processes guess at once. Each is a child process on the built package; the journal that counts what was
// verified is outside the library, so that a killed process's verifications count too.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LockoutEngine } from 'nestjs-lockout';
import { definePolicies, minutes, type PolicyInput } from 'nestjs-lockout/policy';
import { lockoutEntities, migrateLockout, TypeormLockoutStore } from 'nestjs-lockout/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { databaseServers, type TestDatabase } from '../support/databases.js';
import { type CrowdOptions, crowd, type Guess, SECRET } from './crowd.js';

const PROCESSES = 4;
const fiveMinutes = { kind: 'fixed', durationMs: minutes(5) } as const;
const THREE: readonly PolicyInput[] = [
  { name: 'account', threshold: 5, schedule: fiveMinutes },
  { name: 'address', scope: ['address'], threshold: 20, schedule: fiveMinutes },
  { name: 'pair', scope: ['account', 'address'], threshold: 5, schedule: fiveMinutes },
];
const ONE = THREE.slice(0, 1);

const guesses = (count: number, of: (n: number) => Partial<Guess>): Guess[] =>
  Array.from({ length: count }, (_, n) => ({
    account: 'alice',
    address: '192.0.2.1',
    password: `wrong-${n}`,
    ...of(n),
  }));

describe.each(databaseServers)('P1 over four processes sharing one $name', (server) => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let options: Pick<CrowdOptions, 'dataSource' | 'processes'>;

  beforeAll(async () => {
    database = await server.create();
    const { options: shared } = database;
    dataSource = new DataSource({ ...shared, entities: lockoutEntities(shared.type) } as DataSourceOptions);
    await dataSource.initialize();
    await migrateLockout(dataSource);
    options = { dataSource: shared, processes: PROCESSES };
  });

  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  /** Over all tests: whether one run has a race to lose is up to the scheduler. */
  let lostRaces = 0;
  const run = async (own: Omit<CrowdOptions, keyof typeof options>) => {
    const report = await crowd({ ...options, ...own });
    lostRaces += report.lostRaces;
    return report;
  };

  /** Every test has accounts and addresses of its own. */
  let suite = 0;
  const fresh = () => {
    suite += 1;
    return { account: `alice-${suite}`, address: `10.1.${suite}.1` };
  };

  /** What an engine of this process sees; `later`: as if so many ms had passed on the store's clock. */
  const inspect = async <T>(work: (engine: LockoutEngine) => Promise<T>, later = 0): Promise<T> => {
    const store = new TypeormLockoutStore(dataSource, later ? { clock: () => Date.now() + later } : {});
    await store.init();
    try {
      return await work(
        new LockoutEngine({ store, secrets: [SECRET], policies: definePolicies(ONE), waitMs: 0 }),
      );
    } finally {
      await store.close();
    }
  };

  const statusOf = (account: string) => inspect((engine) => engine.status({ account }));

  it('verifies exactly 5 of 200 guesses at one account', async () => {
    const own = fresh();
    const report = await run({ policies: ONE, guesses: guesses(200, () => own) });
    expect(report.verified).toBe(5);
    expect(report.outcomes['failure']).toBe(5);
    expect((await statusOf(own.account)).locked).toBe(true);
  });

  it('verifies exactly 5 with account, address and account+address at once', async () => {
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

  it('verifies at most 5 when a process is killed while it verifies', async () => {
    const own = fresh();
    const report = await run({
      policies: ONE,
      guesses: guesses(200, () => own),
      kill: { processes: 1, afterVerified: 1 },
    });
    expect(report.killed).toBe(1);
    expect(report.verified).toBeGreaterThan(0);
    expect(report.verified).toBeLessThanOrEqual(5);
  });

  it('R3 counts the attempts of killed processes once, after the timeout', async () => {
    const own = fresh();
    await run({
      policies: ONE,
      guesses: guesses(8, () => own),
      kill: { processes: PROCESSES, afterVerified: 5 },
    });
    const [left] = (await statusOf(own.account)).counters;
    expect(left?.inFlight).toBeGreaterThan(0);
    expect((left?.failures ?? 0) + (left?.inFlight ?? 0)).toBe(5);
    const afterwards = await inspect(async (engine) => {
      const begun = await engine.begin({ ...own, method: 'password' });
      return { begun, status: await engine.status({ account: own.account }) };
    }, minutes(3));
    expect(afterwards.begun).toMatchObject({ allowed: false, refusal: { reason: 'locked' } });
    expect(afterwards.status.counters[0]).toMatchObject({ inFlight: 0, failures: 5 });
  });

  it('lets parallel right logins pass or wait: none is counted, none locks', async () => {
    const own = fresh();
    const password = 'correct horse battery staple';
    const report = await run({
      policies: ONE,
      // Hashing 50 passwords takes a while where other suites run beside this one.
      waitMs: 10_000,
      guesses: guesses(50, () => ({ ...own, password })),
    });
    const { success = 0, exhausted = 0 } = report.outcomes;
    expect(success + exhausted).toBe(50);
    expect(success).toBeGreaterThan(25);
    const status = await statusOf(own.account);
    expect(status.locked).toBe(false);
    expect(status.counters.map(({ failures, inFlight }) => ({ failures, inFlight }))).toEqual([
      { failures: 0, inFlight: 0 },
    ]);
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
