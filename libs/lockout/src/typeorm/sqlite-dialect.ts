import type { DataSource } from 'typeorm';
import type { LockoutKey } from '../key/key.js';
import { CLOCK_TOLERANCE_MS } from '../store/clock-tolerance.js';
import { type ColumnValue, decodeRecord, fromHex, integer, RECORD_FIELDS } from '../store/codec.js';
import { EVENT_FIELDS } from '../store/event-row.js';
import type { SwapOptions } from '../store/lockout-store.js';
import { OUTBOX_FIELDS } from '../store/outbox-row.js';
import type { Loaded, LockoutRecord, Swap } from '../store/record.js';
import { StoreError, type StoreFault } from '../store/store-error.js';
import { type Dialect, type DialectSettings, keysOf, type Row } from './dialect.js';
import { deliveryRows, eventRows } from './event-row.js';
import { CHANGING_ROW_FIELDS, encodeRow, ROW_FIELDS } from './listing-columns.js';
import { columnList, insertSql, type LockoutTables, type TableNames } from './lockout-tables.js';
import { Rollback } from './session.js';
import { openSqlite, type SqliteConnection, type SqliteStatement } from './sqlite-connection.js';
import type { Transaction } from './transaction.js';
import { questions } from './value-list.js';

/** Longest pause before a busy database is tried again, ms; drawn evenly below it. */
const MAX_PAUSE_MS = 8;

export interface SqliteSettings extends DialectSettings {
  /** Monotonic milliseconds. */
  readonly monotonic: () => number;
  /** Even draws from [0, 1). */
  readonly random: () => number;
}

/** Everything inside one transaction runs in one turn of the event loop, so it is as short as SQLite can make it. */
export class SqliteDialect implements Dialect {
  /** Whoever writes holds the whole file. */
  readonly holding = '';
  private connection: SqliteConnection | undefined;
  private shared = false;
  private readonly statements = new Map<string, SqliteStatement>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly tables: LockoutTables,
    private readonly settings: SqliteSettings,
  ) {}

  async open(): Promise<void> {
    const { connection, shared } = await openSqlite(this.dataSource, (work) => this.patiently(work));
    this.connection = connection;
    this.shared = shared;
  }

  async close(): Promise<void> {
    const connection = this.connection;
    this.connection = undefined;
    this.statements.clear();
    if (!this.shared) connection?.close();
  }

  load(keys: readonly LockoutKey[]): Promise<Loaded> {
    return this.patiently(() => this.read(keys));
  }

  async swap(swaps: readonly Swap[], { now, atomic = false }: SwapOptions): Promise<ReadonlySet<LockoutKey>> {
    return this.lostWhenBusy(keysOf(swaps), () => {
      if (Math.abs(this.now() - now) > CLOCK_TOLERANCE_MS) return keysOf(swaps);
      const lost = this.write(swaps, now);
      if (atomic && lost.size > 0) throw new Rollback(lost);
      return lost;
    });
  }

  async swapExclusively(
    keys: readonly LockoutKey[],
    decide: (loaded: Loaded) => readonly Swap[],
  ): Promise<ReadonlySet<LockoutKey>> {
    return this.lostWhenBusy(new Set(keys), () => {
      const loaded = this.read(keys);
      return this.write(decide(loaded), loaded.now);
    });
  }

  indexHint(_index: string): string {
    return '';
  }

  remainder(dividend: string, divisor: string): string {
    return `(${dividend} % ${divisor})`;
  }

  query(sql: string, values: readonly ColumnValue[]): Promise<readonly Row[]> {
    return this.patiently(() => this.prepare(sql, true).all(values));
  }

  walk(sql: string, values: readonly ColumnValue[]): Promise<readonly Row[]> {
    return this.query(sql, values);
  }

  /**
   * In a transaction that is a writing one from its first word on. A statement that is found busy by itself is not reset by
   * libsql: it keeps what it saw, is busy ever after, and may count a row that it did not change.
   */
  change(sql: string, values: readonly ColumnValue[]): Promise<number> {
    return this.patiently(() => this.transaction(() => this.prepare(sql, false).run(values).changes));
  }

  insertIfAbsentSql<Field extends string>(table: TableNames<Field>, fields: readonly Field[]): string {
    return `${insertSql(table, fields)} ON CONFLICT DO NOTHING`;
  }

  holdsBytes(column: string): string {
    return `(instr(${column}, ?) > 0)`;
  }

  transact<T>(work: () => Transaction<T>): Promise<T> {
    return this.patiently(() => this.transaction(() => this.play(work())));
  }

  private play<T>(transaction: Transaction<T>): T {
    let next = transaction.next();
    while (next.done !== true) {
      const { sql, values, returnsRows } = next.value;
      const statement = this.prepare(sql, returnsRows);
      next = transaction.next(
        returnsRows
          ? { rows: statement.all(values), affected: 0 }
          : { rows: [], affected: statement.run(values).changes },
      );
    }
    return next.value;
  }

  private read(keys: readonly LockoutKey[]): Loaded {
    const { record } = this.tables;
    const select = this.prepare(
      `SELECT ${columnList(record, RECORD_FIELDS)} FROM ${record.path} WHERE ${record.columns.key} = ?`,
      true,
    );
    const records = new Map<LockoutKey, LockoutRecord>();
    for (const key of keys) {
      const [row] = select.all([fromHex(key)]);
      if (row) records.set(key, decodeRecord(row));
    }
    return { now: this.now(), records };
  }

  private write(swaps: readonly Swap[], now: number): ReadonlySet<LockoutKey> {
    const upsert = this.prepare(this.upsertSql(), false);
    const lost = new Set<LockoutKey>();
    for (const swap of swaps) {
      if (upsert.run(encodeRow(swap)).changes === 0) lost.add(swap.key);
    }
    const { event, outbox } = this.tables;
    const [addEvent, addDelivery] = [insertSql(event, EVENT_FIELDS), insertSql(outbox, OUTBOX_FIELDS)];
    for (const row of eventRows(swaps, lost)) this.prepare(addEvent, false).run(row);
    for (const row of deliveryRows(swaps, lost, now)) this.prepare(addDelivery, false).run(row);
    return lost;
  }

  private upsertSql(): string {
    const { path, columns } = this.tables.record;
    const assignments = CHANGING_ROW_FIELDS.map((field) => `${columns[field]} = excluded.${columns[field]}`);
    return (
      `INSERT INTO ${path} AS t (${columnList(this.tables.record, ROW_FIELDS)}) ` +
      `VALUES (${questions(ROW_FIELDS)}) ` +
      `ON CONFLICT (${columns.key}) DO UPDATE SET ${assignments.join(', ')} ` +
      `WHERE t.${columns.version} = excluded.${columns.replaces}`
    );
  }

  private now(): number {
    if (this.settings.clock) return this.settings.clock();
    const [row] = this.prepare("SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER)", true).all([]);
    return integer('clock', row?.[0]);
  }

  private async lostWhenBusy(
    all: ReadonlySet<LockoutKey>,
    work: () => ReadonlySet<LockoutKey>,
  ): Promise<ReadonlySet<LockoutKey>> {
    try {
      return await this.patiently(() => this.transaction(work));
    } catch (error) {
      if (error instanceof StoreError && error.cause instanceof Rollback) {
        return error.cause.result as ReadonlySet<LockoutKey>;
      }
      if (error instanceof StoreError && isBusy(error.cause)) return all;
      throw error;
    }
  }

  /** IMMEDIATE: a transaction that began by reading could not become a writing one once another has written. */
  private transaction<T>(work: () => T): T {
    const connection = this.opened();
    const joins = this.shared && connection.inTransaction;
    connection.exec(joins ? 'SAVEPOINT lockout_swap' : 'BEGIN IMMEDIATE');
    try {
      const result = work();
      connection.exec(joins ? 'RELEASE lockout_swap' : 'COMMIT');
      return result;
    } catch (error) {
      if (joins) connection.exec('ROLLBACK TO lockout_swap; RELEASE lockout_swap');
      else if (connection.inTransaction) connection.exec('ROLLBACK');
      throw error;
    }
  }

  /** Tries again while another process writes, without blocking this one, for as long as a statement may take. */
  private async patiently<T>(work: () => T): Promise<T> {
    const deadline = this.settings.monotonic() + this.settings.statementTimeoutMs;
    for (;;) {
      try {
        return work();
      } catch (error) {
        if (!isBusy(error) || this.settings.monotonic() >= deadline)
          throw StoreError.from(error, faultOf(error));
      }
      const pause = this.settings.random() * MAX_PAUSE_MS;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  private prepare(sql: string, returnsRows: boolean): SqliteStatement {
    let statement = this.statements.get(sql);
    if (!statement) {
      statement = this.opened().prepare(sql);
      if (returnsRows) statement.raw();
      this.statements.set(sql, statement);
    }
    return statement;
  }

  private opened(): SqliteConnection {
    if (this.connection) return this.connection;
    throw new StoreError('unreachable', 'The lockout store is not open: call init() first.');
  }
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

/** SQLITE_BUSY_SNAPSHOT and the other kinds of busy end in a new try just the same. */
function isBusy(error: unknown): boolean {
  return /^SQLITE_(BUSY|LOCKED)/.test(codeOf(error));
}

function faultOf(error: unknown): StoreFault {
  if (isBusy(error)) return 'timeout';
  return /^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG|RANGE|ERROR)/.test(codeOf(error)) ? 'data' : 'unreachable';
}
