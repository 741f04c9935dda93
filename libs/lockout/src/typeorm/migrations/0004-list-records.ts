import { type DataSource, type MigrationInterface, type QueryRunner, TableColumn, TableIndex } from 'typeorm';
import { listedOf } from '../../store/listed.js';
import { COLUMN_TYPES, familyOf } from '../column-types.js';
import { EVENT_ENTITY, RECORD_ENTITY } from '../entities.js';
import { columnNames, nullable } from './create-table.js';

/** Rows read and written at a time. */
const PAGE = 500;

/**
 * How full PostgreSQL makes a page, per cent: beside each record there is room for its next state, which then needs no
 * entry in any index. Without, none of the updates of a right password is such (HOT); with, all are.
 */
const FILL_PERCENT = 70;

interface Index {
  readonly entity: string;
  readonly columns: readonly string[];
  /** Only for records with a lock, where the database can: the others then cost nothing. */
  readonly ofLocked?: boolean;
}

const ADDED: readonly Index[] = [
  {
    entity: RECORD_ENTITY,
    columns: ['locked_until', 'key', 'realm', 'listed', 'locked_failure_at'],
    ofLocked: true,
  },
  {
    entity: RECORD_ENTITY,
    columns: ['locked_since', 'key', 'realm', 'listed', 'locked_until'],
    ofLocked: true,
  },
  {
    entity: RECORD_ENTITY,
    columns: ['locked_failure_at', 'key', 'realm', 'listed', 'locked_until', 'locked_since'],
    ofLocked: true,
  },
  { entity: RECORD_ENTITY, columns: ['realm', 'listed', 'key', 'locked_until'] },
  { entity: EVENT_ENTITY, columns: ['account_hash', 'seq', 'type'] },
  { entity: EVENT_ENTITY, columns: ['address_hash', 'seq', 'type'] },
  { entity: EVENT_ENTITY, columns: ['realm', 'type', 'seq'] },
  { entity: EVENT_ENTITY, columns: ['realm', 'at', 'type', 'address_hash'] },
];

/** Each begins as one that was added. */
const DROPPED: readonly Index[] = [
  { entity: RECORD_ENTITY, columns: ['locked_until'] },
  { entity: RECORD_ENTITY, columns: ['locked_since'] },
  { entity: EVENT_ENTITY, columns: ['account_hash', 'seq'] },
  { entity: EVENT_ENTITY, columns: ['address_hash', 'seq'] },
];

/**
 * Two columns of `lockout_record` by which administrators' lists are found, and an index for each list. The columns say
 * nothing new: what a record is listed as, and the last failure of a locked one; rows that are there get them page by
 * page, while people sign in. PostgreSQL builds an index of a million records in some seconds, in which whoever writes
 * waits or is refused as unavailable; MySQL and MariaDB let them write.
 *
 * A node of release 0.3 goes on: it decides by columns that stay as they are, and leaves the new ones null in what it
 * inserts. Nodes of this release complete such rows before they list them; until then, a minute at most, lists lack them.
 *
 * An interrupted run is taken up where it stopped: each step looks whether it is done. Never changed again, as its
 * predecessors.
 */
export class ListLockoutRecords1788480000001 implements MigrationInterface {
  readonly name = 'ListLockoutRecords1788480000001';

  async up(queryRunner: QueryRunner): Promise<void> {
    const { connection } = queryRunner;
    const { tablePath } = connection.getMetadata(RECORD_ENTITY);
    const nameOf = columnNames(queryRunner, RECORD_ENTITY);
    const types = COLUMN_TYPES[familyOf(connection.options.type)];
    const columns = [nullable('listed', types.bounded(65)), nullable('locked_failure_at', types.big)];
    const missing: TableColumn[] = [];
    for (const own of columns) {
      const name = nameOf(own.name);
      if (!(await queryRunner.hasColumn(tablePath, name))) missing.push(new TableColumn({ ...own, name }));
    }
    if (missing.length > 0) await queryRunner.addColumns(tablePath, missing);
    await fill(queryRunner);
    for (const index of ADDED) await addIndex(queryRunner, index);
    for (const index of DROPPED) await dropIndex(queryRunner, index);
    await setStorage(queryRunner, `SET (fillfactor = ${FILL_PERCENT})`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const { tablePath } = queryRunner.connection.getMetadata(RECORD_ENTITY);
    const nameOf = columnNames(queryRunner, RECORD_ENTITY);
    await setStorage(queryRunner, 'RESET (fillfactor)');
    for (const index of DROPPED) await addIndex(queryRunner, index);
    for (const index of ADDED) await dropIndex(queryRunner, index);
    await queryRunner.dropColumns(tablePath, ['listed', 'locked_failure_at'].map(nameOf));
  }
}

async function addIndex(queryRunner: QueryRunner, index: Index): Promise<void> {
  const { connection } = queryRunner;
  const { tablePath } = connection.getMetadata(index.entity);
  const nameOf = columnNames(queryRunner, index.entity);
  const columns = index.columns.map(nameOf);
  const name = connection.namingStrategy.indexName(tablePath, columns);
  if (await hasIndex(queryRunner, tablePath, name)) return;
  const isPartial = index.ofLocked === true && familyOf(connection.options.type) !== 'mysql';
  const where = `${connection.driver.escape(nameOf('locked_until'))} IS NOT NULL`;
  await queryRunner.createIndex(
    tablePath,
    new TableIndex({ name, columnNames: columns, ...(isPartial && { where }) }),
  );
}

async function dropIndex(queryRunner: QueryRunner, { entity, columns }: Index): Promise<void> {
  const { connection } = queryRunner;
  const { tablePath } = connection.getMetadata(entity);
  const name = connection.namingStrategy.indexName(tablePath, columns.map(columnNames(queryRunner, entity)));
  if (await hasIndex(queryRunner, tablePath, name)) await queryRunner.dropIndex(tablePath, name);
}

/** Asked of the database: what the runner remembers may be older than the last statement. */
async function hasIndex(queryRunner: QueryRunner, tablePath: string, name: string): Promise<boolean> {
  const table = await queryRunner.getTable(tablePath);
  return table?.indices.some((index) => index.name === name) ?? false;
}

/** PostgreSQL only. Pages that are there stay as full as they are. */
async function setStorage(queryRunner: QueryRunner, change: string): Promise<void> {
  const { connection } = queryRunner;
  if (familyOf(connection.options.type) !== 'postgres') return;
  await queryRunner.query(`ALTER TABLE ${pathOf(connection)} ${change}`);
}

/** Passes over all rows by key; those that have what they need are left as they are. */
async function fill(queryRunner: QueryRunner): Promise<void> {
  const { connection } = queryRunner;
  const nameOf = columnNames(queryRunner, RECORD_ENTITY);
  const escaped = (name: string): string => connection.driver.escape(nameOf(name));
  const path = pathOf(connection);
  const isPostgres = familyOf(connection.options.type) === 'postgres';
  const run = (sql: string, values: readonly unknown[]): Promise<Row[]> => {
    let n = 0;
    return queryRunner.query(isPostgres ? sql.replaceAll('?', () => `$${++n}`) : sql, [...values]);
  };
  const [key, listed, lockedUntil] = ['key', 'listed', 'locked_until'].map(escaped);
  const list = ['key', 'account_hash', 'address_hash', 'account_label', 'address_label'].map(
    (name) => `${escaped(name)} AS ${connection.driver.escape(name)}`,
  );
  let after: unknown = Buffer.from([0]);
  for (;;) {
    // Two values: given one binary value alone, libsql takes it for an object of named ones, and dies of it.
    const rows = await run(
      `SELECT ${list.join(', ')} FROM ${path} WHERE ${key} > ? AND ${listed} IS NULL ORDER BY ${key} LIMIT ?`,
      [after, PAGE],
    );
    if (rows.length > 0) {
      const keys = rows.map((row) => Buffer.from(row.key));
      await run(
        `UPDATE ${path} SET ${listed} = CASE ${key} ${rows.map(() => 'WHEN ? THEN ?').join(' ')} ELSE ${listed} END, ` +
          `${escaped('locked_failure_at')} = CASE WHEN ${lockedUntil} IS NULL THEN NULL ` +
          `ELSE COALESCE(${escaped('last_failure_at')}, 0) END ` +
          `WHERE ${key} IN (${rows.map(() => '?').join(', ')})`,
        [...rows.flatMap((row, n) => [keys[n], listedOf(factsOf(row))]), ...keys],
      );
      after = keys[keys.length - 1];
    }
    if (rows.length < PAGE) return;
  }
}

/** The table of records, as statements write it. */
const pathOf = (connection: DataSource): string =>
  connection
    .getMetadata(RECORD_ENTITY)
    .tablePath.split('.')
    .map((part) => connection.driver.escape(part))
    .join('.');

/** A row as every driver returns it. */
interface Row {
  readonly key: Uint8Array;
  readonly account_hash: unknown;
  readonly address_hash: unknown;
  readonly account_label: string | null;
  readonly address_label: string | null;
}

/** What a row is listed by. Of the hashes only whether there is one. */
function factsOf(row: Row): Parameters<typeof listedOf>[0] {
  const hashOf = (hash: unknown): Parameters<typeof listedOf>[0]['accountHash'] =>
    hash === null ? null : (Buffer.from(hash as Uint8Array).toString('hex') as never);
  return {
    accountHash: hashOf(row.account_hash),
    addressHash: hashOf(row.address_hash),
    accountLabel: row.account_label,
    addressLabel: row.address_label,
  };
}
