// Migration 0004: columns and indexes by which lists are found, for rows that were there before, too.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { LockedQuery, Swap } from 'nestjs-lockout';
import { EMPTY_STATE } from 'nestjs-lockout/policy';
import { contractHash, contractSwap } from 'nestjs-lockout/testing';
import { lockoutMigrations, migrateLockout } from 'nestjs-lockout/typeorm';
import { type DataSource, TableColumn } from 'typeorm';
import { type DatabaseServer, databaseServers, type TestDatabase } from '../support/databases.js';
import { land } from '../support/landed.js';
import { connect, openStore } from '../support/typeorm-store.js';

const NAMES = lockoutMigrations.map((Migration) => Migration.name);
/** From the one that is tried here on. */
const SINCE = NAMES.slice(NAMES.findIndex((name) => name.startsWith('ListLockoutRecords')));
const NOW = 1_900_000_000_000;
/** More than the migration reads at a time. */
const COUNT = 1_100;
const RECORD = 'NestjsLockoutRecord';

/** Accounts and addresses, every third locked, every tenth without a label. */
const swaps = (): Swap[] =>
  Array.from({ length: COUNT }, (_, n) => {
    const byAccount = n % 4 !== 0;
    const label = n % 10 === 0 ? null : byAccount ? `User-${n}` : `10.0.0.${n}`;
    return contractSwap({
      state: {
        ...EMPTY_STATE,
        failures: 1,
        lastFailureAt: n % 7 === 0 ? null : NOW - n,
        lock: n % 3 === 0 ? { since: NOW - n, until: NOW + n + 1, cause: 'failures', step: 0 } : null,
        updatedAt: NOW,
      },
      facts: {
        realm: n % 50 === 0 ? 'staff' : 'customers',
        counter: 'any',
        scope: 'any',
        accountHash: byAccount ? contractHash() : null,
        addressHash: byAccount ? null : contractHash(),
        accountLabel: byAccount ? label : null,
        addressLabel: byAccount ? null : label,
      },
    });
  });

type Store = Awaited<ReturnType<typeof openStore>>['store'];

/** Whether each list has what it should, and nothing twice. */
async function expectListed(store: Store, all: readonly Swap[]): Promise<void> {
  const base = { now: NOW, limit: 2 * COUNT };
  for (const list of ['account', 'address'] as const) {
    const own = all.filter(({ facts }) => (facts.accountHash !== null) === (list === 'account'));
    const locked = own.filter(({ state }) => state.lock !== null);
    const staff = own.filter(({ facts }) => facts.realm === 'staff');
    const some = own.filter(({ facts }) =>
      (facts.accountLabel ?? facts.addressLabel)?.startsWith(list === 'account' ? 'User-1' : '10.0.0.1'),
    );
    const query = { ...base, of: list };
    const expectKeys = async (asked: LockedQuery, expected: readonly Swap[]): Promise<void> => {
      const { items } = await store.find(asked);
      expect(items.map(({ key }) => key).sort()).toEqual(expected.map(({ key }) => key).sort());
    };
    for (const sort of ['until', 'since', 'lastFailureAt'] as const) {
      await expectKeys({ ...query, sort, state: 'locked' }, locked);
      await expectKeys({ ...query, sort, state: 'any' }, own);
    }
    await expectKeys({ ...query, sort: 'until', state: 'any', realm: 'staff' }, staff);
    const labelPrefix = list === 'account' ? 'USER-1' : '10.0.0.1';
    await expectKeys({ ...query, sort: 'until', state: 'any', labelPrefix }, some);
    const realms = ['staff', 'customers'];
    expect(await store.countLocked({ of: list, realms, now: NOW })).toBe(locked.length);
  }
}

/** The columns of each index of the records, in their order. */
async function indexesOf(dataSource: DataSource): Promise<string[]> {
  const queryRunner = dataSource.createQueryRunner();
  try {
    const table = await queryRunner.getTable(dataSource.getMetadata(RECORD).tablePath);
    return (table?.indices ?? []).map(({ columnNames }) => [...columnNames].sort().join()).sort();
  } finally {
    await queryRunner.release();
  }
}

describe.each([...databaseServers])('records on $name get lists', (server: DatabaseServer) => {
  let database: TestDatabase;
  let dataSource: DataSource;

  beforeEach(async () => {
    database = await server.create();
    dataSource = await connect(database.options, { migrations: [...lockoutMigrations] });
    await dataSource.runMigrations();
  });
  afterEach(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const undo = async (): Promise<void> => {
    for (const _ of SINCE) await dataSource.undoLastMigration();
  };

  it('that were there before, and as before when it is undone', async () => {
    const { store, close } = await openStore(database.options);
    try {
      const all = swaps();
      await land(store, all);
      const indexes = await indexesOf(dataSource);
      expect(indexes).not.toContain('locked_until');
      await undo();
      expect(await indexesOf(dataSource)).toEqual(
        ['account_hash', 'address_hash', 'keep_until', 'locked_since', 'locked_until'].sort(),
      );
      expect(await migrateLockout(dataSource)).toEqual(SINCE);
      expect(await indexesOf(dataSource)).toEqual(indexes);
      await expectListed(store, all);
    } finally {
      await close();
    }
  });

  it('after a run that was cut off, too', async () => {
    const { store, close } = await openStore(database.options);
    try {
      const all = swaps().slice(0, 30);
      await land(store, all);
      await undo();
      // So far it came: a column, and no more.
      const queryRunner = dataSource.createQueryRunner();
      const { tablePath } = dataSource.getMetadata(RECORD);
      const type = database.options.type === 'postgres' ? 'bytea' : 'varbinary';
      await queryRunner.addColumn(
        tablePath,
        new TableColumn(
          database.options.type === 'better-sqlite3'
            ? { name: 'listed', type: 'blob', isNullable: true }
            : { name: 'listed', type, isNullable: true, ...(type === 'varbinary' && { length: '65' }) },
        ),
      );
      await queryRunner.release();
      expect(await migrateLockout(dataSource)).toEqual(SINCE);
      expect((await dataSource.driver.createSchemaBuilder().log()).upQueries).toEqual([]);
      await expectListed(store, all);
    } finally {
      await close();
    }
  });

  it('that a node of the release before inserts and locks afterwards', async () => {
    const before = await openStore(database.options);
    const all = swaps().slice(0, 300);
    await land(before.store, all);
    await before.close();
    const columns = 'listed = NULL, locked_failure_at = NULL';
    await dataSource.query(`UPDATE lockout_record SET ${columns} WHERE realm = 'staff'`);
    await dataSource.query(`UPDATE lockout_record SET ${columns} WHERE locked_until > ${NOW + 150}`);
    await dataSource.query(`UPDATE lockout_record SET listed = NULL WHERE last_failure_at < ${NOW - 250}`);
    await dataSource.query(
      `UPDATE lockout_record SET locked_failure_at = NULL WHERE locked_until < ${NOW + 50}`,
    );
    const { store, close } = await openStore(database.options);
    try {
      await expectListed(store, all);
      const [row] = await dataSource.query(
        'SELECT COUNT(*) AS n FROM lockout_record ' +
          'WHERE listed IS NULL OR (locked_until IS NULL) <> (locked_failure_at IS NULL)',
      );
      expect(Number(row.n)).toBe(0);
    } finally {
      await close();
    }
  });
});

it('leaves what has no lock out of the indexes of locks where the database can', async () => {
  const seen: string[] = [];
  for (const server of databaseServers.filter(({ name }) => name === 'PostgreSQL' || name === 'SQLite')) {
    const database = await server.create();
    const dataSource = await connect(database.options);
    await migrateLockout(dataSource);
    const rows: { definition: string }[] = await dataSource.query(
      server.name === 'SQLite'
        ? "SELECT sql AS definition FROM sqlite_master WHERE type = 'index' AND tbl_name = 'lockout_record'"
        : "SELECT indexdef AS definition FROM pg_indexes WHERE tablename = 'lockout_record'",
    );
    const partial = rows.filter(({ definition }) =>
      /WHERE.*locked_until.*IS NOT NULL/.test(definition ?? ''),
    );
    expect(partial).toHaveLength(3);
    seen.push(server.name);
    await dataSource.destroy();
    await database.drop();
  }
  expect(seen).toContain('SQLite');
});
