// Several processes guess at once. Each is a child process on the built package; the journal that counts what was
// verified is outside the library, so that a killed process's verifications count too.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { minutes } from 'nestjs-lockout/policy';
import { migrateLockout } from 'nestjs-lockout/typeorm';
import { databaseServers, type TestDatabase } from '../support/databases.js';
import { connect, openStore } from '../support/typeorm-store.js';
import { boundLaws, raceLaws } from './bound-laws.js';
import { CrowdedStore, guesses, ONE, PROCESSES, statusOf } from './crowded-store.js';

describe.each(databaseServers)('P1 over four processes sharing one $name', (server) => {
  let database: TestDatabase;
  let crowded: CrowdedStore;

  beforeAll(async () => {
    database = await server.create();
    const { options } = database;
    const dataSource = await connect(options);
    await migrateLockout(dataSource);
    await dataSource.destroy();
    crowded = new CrowdedStore({ dataSource: options }, (own) => openStore(options, own));
  });
  afterAll(() => {
    crowded.close();
    return database.drop();
  });

  boundLaws(() => crowded);

  it('verifies at most 5 when a process is killed while it verifies', async () => {
    const own = crowded.fresh();
    const report = await crowded.run({
      policies: ONE,
      guesses: guesses(200, () => own),
      kill: { processes: 1, afterVerified: 1 },
    });
    expect(report.killed).toBe(1);
    expect(report.verified).toBeGreaterThan(0);
    expect(report.verified).toBeLessThanOrEqual(5);
  });

  it('R3 counts the attempts of killed processes once, after the timeout', async () => {
    const own = crowded.fresh();
    await crowded.run({
      policies: ONE,
      guesses: guesses(8, () => own),
      kill: { processes: PROCESSES, afterVerified: 5 },
    });
    const [left] = (await statusOf(crowded, own.account)).counters;
    expect(left?.inFlight).toBeGreaterThan(0);
    expect((left?.failures ?? 0) + (left?.inFlight ?? 0)).toBe(5);
    const afterwards = await crowded.inspect(async (engine) => {
      const begun = await engine.begin({ ...own, method: 'password' });
      return { begun, status: await engine.status({ account: own.account }) };
    }, minutes(3));
    expect(afterwards.begun).toMatchObject({ allowed: false, refusal: { reason: 'locked' } });
    expect(afterwards.status.counters[0]).toMatchObject({ inFlight: 0, failures: 5 });
  });

  it('lets parallel right logins pass or wait: none is counted, none locks', async () => {
    const own = crowded.fresh();
    const password = 'correct horse battery staple';
    const report = await crowded.run({
      policies: ONE,
      // Hashing 50 passwords takes a while where other suites run beside this one.
      waitMs: 10_000,
      guesses: guesses(50, () => ({ ...own, password })),
    });
    const { success = 0, exhausted = 0 } = report.outcomes;
    expect(success + exhausted).toBe(50);
    expect(success).toBeGreaterThan(25);
    const status = await statusOf(crowded, own.account);
    expect(status.locked).toBe(false);
    expect(status.counters.map(({ failures, inFlight }) => ({ failures, inFlight }))).toEqual([
      { failures: 0, inFlight: 0 },
    ]);
  });

  raceLaws(() => crowded);
});
