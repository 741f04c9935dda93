import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { contractSwap } from 'nestjs-lockout/testing';
import {
  migrateLockout,
  type TypeormLockoutStore,
  type TypeormLockoutStoreOptions,
} from 'nestjs-lockout/typeorm';
import type { DataSource, QueryRunner } from 'typeorm';
import { type DatabaseServer, describeEach, serversOf, type TestDatabase } from '../support/databases.js';
import { until } from '../support/gate.js';
import { connect, openStore } from '../support/typeorm-store.js';

const TIMEOUT_MS = 300;
const isPostgres = ({ name }: DatabaseServer): boolean => name === 'PostgreSQL';

/** How many statements of others the server is at in this database. */
async function underWay(direct: DataSource, server: DatabaseServer): Promise<number> {
  const sql = isPostgres(server)
    ? `SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database()
       AND pid <> pg_backend_pid() AND state = 'active'`
    : `SELECT COUNT(*) AS n FROM ${server.name === 'MySQL' ? 'performance_schema' : 'information_schema'}.processlist
       WHERE db = DATABASE() AND command = 'Execute'`;
  const [row] = (await direct.query(sql)) as [{ n: unknown }];
  return Number(row.n);
}

const settings: readonly [DatabaseServer, TypeormLockoutStoreOptions][] = [
  ...serversOf('MariaDB', 'MySQL').flatMap((server): [DatabaseServer, TypeormLockoutStoreOptions][] => [
    [server, { returning: 'auto' }],
    [server, { returning: 'never' }],
  ]),
  ...serversOf('PostgreSQL').flatMap((server): [DatabaseServer, TypeormLockoutStoreOptions][] => [
    [server, { preparedStatements: true }],
    [server, { preparedStatements: false }],
  ]),
];

// Pitfall 27: a statement that nobody waits for any more is a connection of the server that nobody else gets.
describeEach(
  settings.map(([server, options]) => ({ server, options, name: server.name })),
  'R31 a held row on $name, $options',
  ({ server, options }) => {
    let database: TestDatabase;
    let direct: DataSource;
    let runner: QueryRunner;
    let store: TypeormLockoutStore;
    let close: () => Promise<void>;
    let pool: DataSource;
    const held = contractSwap();

    beforeEach(async () => {
      database = await server.create();
      direct = await connect(database.options);
      await migrateLockout(direct);
      ({
        store,
        close,
        dataSource: pool,
      } = await openStore(database.options, { statementTimeoutMs: TIMEOUT_MS, ...options }));
      await store.compareAndSwap([held], { now: (await store.load([])).now });
      runner = direct.createQueryRunner();
      await runner.startTransaction();
      await runner.query('SELECT 1 FROM lockout_record FOR UPDATE');
    });
    afterEach(async () => {
      if (runner.isTransactionActive) await runner.rollbackTransaction();
      await runner.release();
      await close();
      await direct.destroy();
      await database.drop();
    });

    const replace = async (event: boolean): Promise<unknown> => {
      const { key, version: expected } = held;
      const swap = contractSwap({ key, expected, ...(event && { events: [{ type: 'expired', at: 1 }] }) });
      const lost = await store.compareAndSwap([swap], { now: (await store.load([])).now });
      return lost.has(key) ? 'lost' : 'won';
    };

    it.each([
      ['a swap', () => replace(false)],
      ['a swap with events', () => replace(true)],
      ['a decision', () => store.swapExclusively([held.key], () => []).then((lost) => [...lost])],
    ])('leaves nothing waiting at the server after %s, and nothing that lands late', async (_, work) => {
      for (let n = 0; n < 4; n += 1) {
        const outcome = await work().catch((error: { fault?: string }) => error.fault);
        expect(['timeout', 'lost', [held.key]]).toContainEqual(outcome);
      }
      await until(async () => (await underWay(direct, server)) === 0);
      await runner.rollbackTransaction();
      const { records } = await store.load([held.key]);
      expect(records.get(held.key)?.version).toBe(held.version);
      expect((await store.list({ limit: 1 })).items).toEqual([]);
    });

    it("leaves the application's sessions as they are", async () => {
      for (let n = 0; n < 3; n += 1) await replace(n === 1).catch(() => undefined);
      const sql = isPostgres(server)
        ? "SELECT current_setting('lock_timeout') AS here, '0' AS untouched"
        : 'SELECT @@SESSION.innodb_lock_wait_timeout AS here, @@GLOBAL.innodb_lock_wait_timeout AS untouched';
      for (const { here, untouched } of (
        await Promise.all(Array.from({ length: 10 }, () => pool.query(sql)))
      ).flat() as { here: unknown; untouched: unknown }[]) {
        expect(here).toBe(untouched);
      }
    });
  },
);
