import type { DataSource } from 'typeorm';
import type { LockoutKey } from '../key/key.js';
import { CLOCK_TOLERANCE_MS } from '../store/clock-tolerance.js';
import { type ColumnValue, POSITION, RECORD_FIELDS, toHex } from '../store/codec.js';
import { EVENT_FIELDS } from '../store/event-row.js';
import { OUTBOX_FIELDS } from '../store/outbox-row.js';
import type { Swap } from '../store/record.js';
import type { StoreFault } from '../store/store-error.js';
import { type DialectSettings, keysOf, type Row } from './dialect.js';
import { GivenUpStatements } from './given-up-statements.js';
import { CHANGING_ROW_FIELDS, encodeRow, ROW_FIELDS } from './listing-columns.js';
import { columnList, insertSql, type LockoutTables, type TableNames } from './lockout-tables.js';
import { LockoutTypeormError } from './lockout-typeorm-error.js';
import { leaseMysql } from './mysql-lease.js';
import { binaryKeys, ServerDialect } from './server-dialect.js';
import { type Session, Sessions } from './session.js';
import { questions } from './value-list.js';

/** Epoch ms. `UNIX_TIMESTAMP(NOW(3))` would be an hour off in the hour that a clock change repeats (R28). */
const CLOCK = "(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3)) DIV 1000)";

const DEADLOCK = 1213;
const LOCK_WAIT_TIMEOUT = 1205;
const RECORD_CHANGED = 1020;
/** "The transaction was rolled back during its commit": another primary of the group wrote the row (Group Replication). */
const ROLLED_BACK = 3101;
/** "Got error 149 during COMMIT": the same, where the server says it as a deadlock of the storage engine. */
const COMMIT_FAILED = 1180;
const STATEMENT_TIMEOUTS: readonly unknown[] = [1969, 3024];
/** "DOUBLE value is out of range": how the clock guard stops a statement, under any `sql_mode`. */
const GUARD = 1690;

/** Which value of the first row the guard stands around: MySQL takes its type, a number, from the other branch. */
const GUARDED = POSITION.failures;
/** A clock that is off makes the other branch fail, and with it the whole statement (R28). */
const guard = `IF(ABS(${CLOCK} - ?) <= ${CLOCK_TOLERANCE_MS}, ?, EXP(710))`;

const SKIP_LOCKED = ' FOR UPDATE SKIP LOCKED';

/** Each list length is a prepared statement of its own: these many are few, and pad by a third at most (R31). */
const LENGTHS = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256];

export interface MysqlSettings extends DialectSettings {
  /** `auto`: RETURNING where the server has it (MariaDB from 10.5). `never`: counts and versions read back. */
  readonly returning: 'auto' | 'never';
}

export class MysqlDialect extends ServerDialect {
  holding = ' FOR UPDATE';
  private returning = false;
  /** Before each statement, so that the server itself gives up in time; MariaDB only. */
  private prefix = '';
  private readonly upserts = new Map<string, string>();
  /** What to do about a statement that the server is still at; MySQL only. */
  private readonly givenUp: { end?: (threadId: number) => void };

  constructor(
    private readonly dataSource: DataSource,
    private readonly tables: LockoutTables,
    protected override readonly settings: MysqlSettings,
  ) {
    const givenUp: { end?: (threadId: number) => void } = {};
    super(
      new Sessions(
        () => leaseMysql(dataSource, (threadId) => givenUp.end?.(threadId)),
        // For the next transaction only: the session is the application's. REPEATABLE READ would lock gaps.
        ['SET TRANSACTION ISOLATION LEVEL READ COMMITTED', 'START TRANSACTION'],
        settings.statementTimeoutMs,
      ),
      settings,
    );
    this.givenUp = givenUp;
  }

  /** Asks the server what it is: TypeORM's `type` does not tell MariaDB from MySQL (R23). */
  async open(): Promise<void> {
    const [row] = await this.query('SELECT VERSION(), @@autocommit', []);
    if (Number(row?.[1]) === 0) {
      throw new LockoutTypeormError(
        'The connections of this DataSource have autocommit off, so that what the lockout store writes would never be ' +
          'committed. Take it out of `init_connect` or of the DataSource, or give the store a DataSource of its own.',
      );
    }
    const version = String(row?.[0]);
    const [, major, minor] = /(\d+)\.(\d+)\.\d+-MariaDB/i.exec(version) ?? [];
    if (major === undefined) {
      // TiDB calls itself MySQL 8, and knows no SKIP LOCKED.
      if (Number.parseInt(version, 10) >= 8 && !/TiDB/i.test(version)) this.holding = SKIP_LOCKED;
      const sessions = new Sessions(() => leaseMysql(this.dataSource), [], this.settings.statementTimeoutMs);
      const statements = new GivenUpStatements(sessions);
      this.givenUp.end = (threadId) => statements.end(threadId);
      return;
    }
    this.returning = this.settings.returning === 'auto' && Number(major) * 100 + Number(minor) >= 1005;
    if (Number(major) * 100 + Number(minor) >= 1006) this.holding = SKIP_LOCKED;
    const seconds = this.settings.statementTimeoutMs / 1000;
    this.prefix =
      `SET STATEMENT max_statement_time = ${Math.max(0.01, seconds * 0.9)}, ` +
      `innodb_lock_wait_timeout = ${Math.max(1, Math.floor(seconds * 0.9))} FOR `;
  }

  /** Estimates of how many records a filter leaves are often wrong here, and then a list sorts the whole table. */
  override indexHint(index: string): string {
    return ` FORCE INDEX (${index})`;
  }

  /** MariaDB in `sql_mode=ORACLE` has no operator for it. */
  override remainder(dividend: string, divisor: string): string {
    return `MOD(${dividend}, ${divisor})`;
  }

  insertIfAbsentSql<Field extends string>(table: TableNames<Field>, fields: readonly Field[]): string {
    const [first] = fields.map((field) => table.columns[field]);
    return `${insertSql(table, fields)} ON DUPLICATE KEY UPDATE ${first} = ${first}`;
  }

  holdsBytes(column: string): string {
    return `(LOCATE(?, ${column}) > 0)`;
  }

  protected async read(session: Session, keys: readonly LockoutKey[]): Promise<readonly Row[]> {
    if (keys.length === 0) return (await session.run(`SELECT ${CLOCK}, NULL`, [])).rows;
    const padded = padKeys(keys);
    const { record } = this.tables;
    // The outer join returns the clock also when no record matches.
    const { rows } = await session.run(
      `${this.prefix}SELECT ${CLOCK}, ${columnList(record, RECORD_FIELDS, 'r.')} FROM (SELECT 1 AS one) AS o ` +
        `LEFT JOIN ${record.path} AS r ON r.${record.columns.key} IN (${questions(padded)})`,
      padded,
    );
    return rows;
  }

  protected async hold(session: Session, keys: readonly LockoutKey[]): Promise<readonly Row[]> {
    const padded = padKeys(keys);
    const { record } = this.tables;
    const { key } = record.columns;
    const { rows } = await session.run(
      `${this.prefix}SELECT ${columnList(record, RECORD_FIELDS)} FROM ${record.path} ` +
        `WHERE ${key} IN (${questions(padded)}) ORDER BY ${key} FOR UPDATE`,
      padded,
    );
    return rows;
  }

  protected async upsert(
    session: Session,
    swaps: readonly Swap[],
    now: number | null,
  ): Promise<ReadonlySet<LockoutKey>> {
    const rows = swaps.map(encodeRow);
    // A row sent twice loses the second time and changes nothing. Always at least two, or MySQL leaves out the counts.
    const length = paddedLength(Math.max(rows.length, this.returning ? 1 : 2));
    const last = rows[rows.length - 1] as ColumnValue[];
    while (rows.length < length) rows.push(last);
    const values: ColumnValue[] = rows.flat();
    if (now !== null) values.splice(GUARDED, 0, now);
    try {
      const {
        rows: returned,
        affected,
        info,
      } = await session.run(this.upsertSql(length, now !== null), values);
      if (this.returning) return lostOf(swaps, returned);
      return await this.lostByCount(session, swaps, affected, info);
    } catch (error) {
      if (now !== null && errnoOf(error) === GUARD) return keysOf(swaps);
      throw error;
    }
  }

  protected insertEvents(session: Session, rows: readonly ColumnValue[][]): Promise<void> {
    return this.insertAll(session, this.tables.event, EVENT_FIELDS, rows);
  }

  protected insertDeliveries(session: Session, rows: readonly ColumnValue[][]): Promise<void> {
    return this.insertAll(session, this.tables.outbox, OUTBOX_FIELDS, rows);
  }

  /** In their order: the numbers that the server gives them go up. */
  private async insertAll<Field extends string>(
    session: Session,
    table: TableNames<Field>,
    fields: readonly Field[],
    rows: readonly ColumnValue[][],
  ): Promise<void> {
    const row = `(${questions(fields)})`;
    for (let start = 0; start < rows.length; ) {
      // Powers of two, largest first: few statement texts, no padding.
      const length = 2 ** Math.floor(Math.log2(Math.min(rows.length - start, 64)));
      await session.run(
        `INSERT INTO ${table.path} (${columnList(table, fields)}) VALUES ${Array(length).fill(row).join(', ')}`,
        rows.slice(start, start + length).flat(),
      );
      start += length;
    }
  }

  protected placeholders(sql: string): string {
    return this.prefix + sql;
  }

  protected isConflict(error: unknown): boolean {
    const errno = errnoOf(error);
    if (errno === COMMIT_FAILED) return /\b149\b/.test(String((error as Error).message));
    return [DEADLOCK, LOCK_WAIT_TIMEOUT, RECORD_CHANGED, ROLLED_BACK].includes(errno as number);
  }

  protected faultOf(error: unknown): StoreFault {
    if (STATEMENT_TIMEOUTS.includes(errnoOf(error))) return 'timeout';
    const { sqlState } = (error ?? {}) as { sqlState?: unknown };
    return typeof sqlState === 'string' && /^(2[1-3]|42|HY)/.test(sqlState) ? 'data' : 'unreachable';
  }

  /**
   * Affected rows alone lie: with FOUND_ROWS, which mysql2 sets, a lost row counts as one and a lost insert looks won.
   * Less the `Duplicates` that the server reports beside them, they are the rows that were really written, under both
   * settings (R23). Only which ones has to be asked, and only when some won and some lost.
   */
  private async lostByCount(
    session: Session,
    swaps: readonly Swap[],
    affected: number,
    info: string,
  ): Promise<ReadonlySet<LockoutKey>> {
    const duplicates = /Duplicates: (\d+)/.exec(info)?.[1];
    const won = duplicates === undefined ? null : affected - Number(duplicates);
    if (won === swaps.length) return new Set();
    if (won === 0) return keysOf(swaps);
    const { record } = this.tables;
    const { key, version, replaces } = record.columns;
    const padded = padKeys(swaps.map((swap) => swap.key));
    const { rows } = await session.run(
      `${this.prefix}SELECT ${key}, ${version}, ${replaces} FROM ${record.path} WHERE ${key} IN (${questions(padded)})`,
      padded,
    );
    const lost = lostOf(swaps, rows);
    if (won === null || swaps.length - lost.size === won) return lost;
    // Somebody already replaced a row that we had won; it names our version as the one it replaced.
    const replaced = lostOf(
      swaps.filter((swap) => lost.has(swap.key)),
      rows.map((row) => [row[0], row[2]]),
    );
    if (swaps.length - replaced.size === won) return replaced;
    throw new Error('A lockout swap was overtaken before it could be told which rows won');
  }

  /** Row by row: `column = IF(version = VALUES(replaces), VALUES(column), column)`, the version last (R24). */
  private upsertSql(length: number, checksClock: boolean): string {
    const name = `${length}${checksClock ? ' checked' : ''}`;
    const known = this.upserts.get(name);
    if (known !== undefined) return known;
    const { record } = this.tables;
    const { columns } = record;
    const row = `(${questions(ROW_FIELDS)})`;
    const first = checksClock
      ? `(${ROW_FIELDS.map((_, n) => (n === GUARDED ? guard : '?')).join(', ')})`
      : row;
    const isCurrent = `${columns.version} = VALUES(${columns.replaces})`;
    const assignments = CHANGING_ROW_FIELDS.map(
      (field) => `${columns[field]} = IF(${isCurrent}, VALUES(${columns[field]}), ${columns[field]})`,
    );
    const sql =
      `${this.prefix}INSERT INTO ${record.path} (${columnList(record, ROW_FIELDS)}) ` +
      `VALUES ${[first, ...Array<string>(length - 1).fill(row)].join(', ')} ` +
      `ON DUPLICATE KEY UPDATE ${assignments.join(', ')}` +
      (this.returning ? ` RETURNING ${columns.key}, ${columns.version}` : '');
    this.upserts.set(name, sql);
    return sql;
  }
}

/** The keys whose version is not ours, given rows of key and version. */
function lostOf(swaps: readonly Swap[], rows: readonly Row[]): ReadonlySet<LockoutKey> {
  // A padded row comes back more than once, with the same version.
  const versions = new Map(rows.map((row) => [toHex('key', row[0]), toHex('version', row[1])]));
  return keysOf(swaps.filter(({ key, version }) => versions.get(key) !== version));
}

function paddedLength(length: number): number {
  return LENGTHS.find((candidate) => candidate >= length) ?? length;
}

function padKeys(keys: readonly LockoutKey[]): Buffer[] {
  const list = binaryKeys(keys);
  const length = paddedLength(list.length);
  const last = list[list.length - 1] as Buffer;
  while (list.length < length) list.push(last);
  return list;
}

function errnoOf(error: unknown): unknown {
  return (error as { errno?: unknown } | null)?.errno;
}
