// What the updates of a sign-in cost PostgreSQL: without an entry in any index ("HOT") where nothing indexed changes.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { LockoutEngine } from 'nestjs-lockout';
import { definePolicies, minutes } from 'nestjs-lockout/policy';
import { describeEach, serversOf, type TestDatabase } from '../support/databases.js';
import { connect, migratedDatabase, openStore } from '../support/typeorm-store.js';

/** Early in a step of five minutes by which `keep_until` is rounded: a charge's deadline and its end are in the same one. */
const NOW = Date.UTC(2026, 0, 1, 12, 0, 1);
const PEOPLE = 200;
const ROUNDS = 3;

const policies = definePolicies([
  { name: 'account', threshold: 5, schedule: { kind: 'fixed', durationMs: minutes(5) } },
  {
    name: 'address',
    scope: ['address'],
    threshold: 50,
    schedule: { kind: 'fixed', durationMs: minutes(5) },
    onSuccess: 'refund',
  },
]);

interface Updates {
  readonly all: string;
  readonly hot: string;
}

describeEach(serversOf('PostgreSQL'), 'the table of records on $name', (server) => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await migratedDatabase(server);
  });
  afterAll(() => database.drop());

  it('takes the right password of somebody who is known without an entry in an index', async () => {
    const { store, close } = await openStore(database.options, { clock: () => NOW });
    const engine = new LockoutEngine({ store, secrets: ['x'.repeat(32)], policies, cacheMs: 0 });
    for (let round = 0; round < ROUNDS; round += 1) {
      await Promise.all(
        Array.from({ length: PEOPLE }, async (_, n) => {
          const begun = await engine.begin({
            account: `person-${n}`,
            address: `192.0.2.${n}`,
            method: 'password',
          });
          if (!begun.allowed) throw new Error('Nobody is locked here.');
          await begun.attempt.succeed();
        }),
      );
    }
    // What a session did is counted once it ends, or after a second.
    await close();
    const reader = await connect(database.options);
    const [updates] = await reader.query<Updates[]>(
      `SELECT n_tup_upd AS all, n_tup_hot_upd AS hot FROM pg_stat_user_tables WHERE relname = 'lockout_record'`,
    );
    await reader.destroy();
    expect(Number(updates?.all)).toBeGreaterThanOrEqual(2 * PEOPLE * (2 * ROUNDS - 1));
    // A page that is full until the transactions under way are over takes some; an index on what changes would take half.
    expect(Number(updates?.hot) / Number(updates?.all)).toBeGreaterThan(0.8);
  });
});
