import { type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm';
import { COLUMN_TYPES, familyOf } from '../column-types.js';
import { RECORD_ENTITY } from '../entities.js';
import { column, columnNames, nullable } from './create-table.js';
import { packDetail, unpackDetail, WIDE_COLUMNS, type WideRow } from './wide-record.js';

/** Rows read and written at a time. */
const PAGE = 500;

/**
 * Eleven columns of `lockout_record` go into `detail`, where they cost a sign-in a third less. What stands in them, locks
 * above all, is carried over. A node of an earlier release cannot use the table afterwards: it answers 503.
 *
 * An interrupted run is taken up where it stopped: a row that was packed is known by its detail, and columns are only
 * dropped once every row was packed. Never changed again, as its predecessors.
 */
export class PackLockoutRecords1788393600001 implements MigrationInterface {
  readonly name = 'PackLockoutRecords1788393600001';

  async up(queryRunner: QueryRunner): Promise<void> {
    const { tablePath } = queryRunner.connection.getMetadata(RECORD_ENTITY);
    const nameOf = columnNames(queryRunner, RECORD_ENTITY);
    const wide = WIDE_COLUMNS.map(nameOf);
    const there: string[] = [];
    for (const name of wide) if (await queryRunner.hasColumn(tablePath, name)) there.push(name);
    if (there.length === wide.length) {
      await rewrite(queryRunner, [...WIDE_COLUMNS, 'locked_since', 'detail'], (row) => {
        const detail = packDetail(row);
        return detail && { detail };
      });
    }
    if (there.length > 0) await queryRunner.dropColumns(tablePath, there);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const { connection } = queryRunner;
    const { tablePath } = connection.getMetadata(RECORD_ENTITY);
    const nameOf = columnNames(queryRunner, RECORD_ENTITY);
    const types = COLUMN_TYPES[familyOf(connection.options.type)];
    const columns = [
      { ...column('scope', types.text(64)), default: "''" },
      ...['escalation', 'consecutive', 'abandons', 'failure_seq', 'updated_at'].map((name) => ({
        ...column(name, name === 'failure_seq' || name === 'updated_at' ? types.big : types.integer),
        default: '0',
      })),
      ...['window_started_at', 'last_lock_ended_at', 'abandons_since'].map((name) =>
        nullable(name, types.big),
      ),
      nullable('lock_cause', types.text(16)),
      nullable('lock_step', types.integer),
    ];
    await queryRunner.addColumns(
      tablePath,
      columns.map((own) => new TableColumn({ ...own, name: nameOf(own.name) })),
    );
    await rewrite(queryRunner, ['detail'], unpackDetail);
  }
}

/** Passes over all rows by key; what `change` returns is written, null leaves the row as it is. */
async function rewrite(
  queryRunner: QueryRunner,
  read: readonly string[],
  change: (row: WideRow) => WideRow | null,
): Promise<void> {
  const { connection } = queryRunner;
  const { tablePath } = connection.getMetadata(RECORD_ENTITY);
  const nameOf = columnNames(queryRunner, RECORD_ENTITY);
  const escaped = (name: string): string => connection.driver.escape(nameOf(name));
  const path = tablePath
    .split('.')
    .map((part) => connection.driver.escape(part))
    .join('.');
  const isPostgres = familyOf(connection.options.type) === 'postgres';
  const numbered = (sql: string): string => {
    let n = 0;
    return isPostgres ? sql.replaceAll('?', () => `$${++n}`) : sql;
  };
  const key = escaped('key');
  const list = ['key', ...read].map((name) => `${escaped(name)} AS ${connection.driver.escape(name)}`);
  let after: unknown = Buffer.from([0]);
  for (;;) {
    // Two values: given one binary value alone, libsql takes it for an object of named ones, and dies of it.
    const rows: WideRow[] = await queryRunner.query(
      numbered(`SELECT ${list.join(', ')} FROM ${path} WHERE ${key} > ? ORDER BY ${key} LIMIT ?`),
      [after, PAGE],
    );
    for (const row of rows) {
      const changes = Object.entries(change(row) ?? {});
      if (changes.length === 0) continue;
      await queryRunner.query(
        numbered(
          `UPDATE ${path} SET ${changes.map(([name]) => `${escaped(name)} = ?`).join(', ')} WHERE ${key} = ?`,
        ),
        [...changes.map(([, value]) => value), keyOf(row)],
      );
    }
    if (rows.length < PAGE) return;
    after = keyOf(rows[PAGE - 1] ?? {});
  }
}

/** As every driver takes it, whatever it returned. */
const keyOf = (row: WideRow): Buffer => Buffer.from(row['key'] as Uint8Array);
