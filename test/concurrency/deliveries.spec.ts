// Promise of the outbox: whatever is killed at whatever moment, each event arrives, in order, and tells repeats. The short
// form of `npm run torture -- --deliveries 1000`: fifty rounds in all, in each of which one of three processes is killed.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSourceOptions } from 'typeorm';
import { databaseServers, describeEach, type TestDatabase } from '../support/databases.js';
import { redisServers } from '../support/redis-store.js';
import { startRedis } from '../support/servers/redis.mjs';
import { type TortureReport, toldOf, tortureRun } from './torture-run.js';

interface Connection {
  readonly kind: 'mariadb' | 'postgres' | 'sqlite' | 'redis';
  readonly url: string;
}

const SEED = 6;
const STEPS = [
  'before-commit',
  'after-commit',
  'after-claim',
  'during-deliver',
  'after-deliver',
  'after-finish',
];

const deliveries = (
  connection: Connection,
  rounds: number,
  ...options: readonly string[]
): Promise<TortureReport> =>
  tortureRun(
    SEED,
    ...['--deliveries', String(rounds), '--server', connection.kind],
    ...['--connection', JSON.stringify(connection), ...options],
  );

/** All promises held, and what could have broken them did happen. */
function expectKept(report: TortureReport, rounds: number): void {
  expect(toldOf(report)).toBe('');
  const { totals } = report;
  expect(totals['rounds']).toBe(rounds);
  for (const step of STEPS) expect(totals[`killed ${step}`]).toBeGreaterThan(0);
  for (const type of ['locked', 'expired', 'unlocked', 'failed']) expect(totals[type]).toBeGreaterThan(0);
  // Somebody died after the delivery and before it was written down.
  expect(totals['repeats']).toBeGreaterThan(0);
}

const KINDS = { SQLite: 'sqlite', MySQL: 'mariadb', MariaDB: 'mariadb', PostgreSQL: 'postgres' } as const;

function connectionOf(server: keyof typeof KINDS, options: DataSourceOptions): Connection {
  const { url = '', database } = options as { readonly url?: string; readonly database?: string };
  if (server === 'SQLite') return { kind: 'sqlite', url: String(database) };
  return { kind: KINDS[server], url: database === undefined ? url : `${url}/${database}` };
}

describe.each(databaseServers)('events of three processes that share one $name', (server) => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await server.create();
  });
  afterAll(() => database.drop());

  const rounds = server.name === 'SQLite' ? 12 : 14;

  it('all arrive, in order, while the processes are killed between swap and delivery', async () => {
    expectKept(await deliveries(connectionOf(server.name, database.options), rounds), rounds);
  });
});

describeEach(redisServers, 'events of three processes that share one $name', () => {
  let server: Awaited<ReturnType<typeof startRedis>>;

  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());

  it('all arrive, in order, while the processes are killed between swap and delivery', async () => {
    expectKept(await deliveries({ kind: 'redis', url: server.url }, 10), 10);
  });
});

describe('an outbox with a mistake in it', () => {
  it.each([
    // Lost as soon as one dies between the commit and the row: in the second round.
    ['late-row', 2, /^at least once/],
    // Ends when it is seen.
    ['no-lanes', 30, /^in order/],
  ] as const)(
    'is caught: %s',
    async (flaw, rounds, promise) => {
      const [sqlite] = databaseServers;
      if (!sqlite) throw new Error('SQLite is always there.');
      const database = await sqlite.create();
      try {
        const report = await deliveries(connectionOf('SQLite', database.options), rounds, '--flaw', flaw);
        expect(toldOf(report)).toMatch(promise);
      } finally {
        await database.drop();
      }
    },
    120_000,
  );
});
