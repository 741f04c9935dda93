import type { DataSource } from 'typeorm';
import type { LockoutKey } from '../key/key.js';
import { CLOCK_TOLERANCE_MS } from '../store/clock-tolerance.js';
import { type ColumnValue, RECORD_FIELDS, toHex } from '../store/codec.js';
import { EVENT_FIELDS, type EventField } from '../store/event-row.js';
import { OUTBOX_FIELDS, type OutboxField } from '../store/outbox-row.js';
import type { Swap } from '../store/record.js';
import type { StoreFault } from '../store/store-error.js';
import { type DialectSettings, keysOf, type Row } from './dialect.js';
import { CHANGING_ROW_FIELDS, encodeRow, ROW_FIELDS, type RowField } from './listing-columns.js';
import { columnList, insertSql, type LockoutTables, type TableNames } from './lockout-tables.js';
import { hearBrokenConnections, leasePostgres } from './postgres-lease.js';
import { binaryKeys, ServerDialect } from './server-dialect.js';
import { type Session, Sessions } from './session.js';
import { rowsOf } from './transaction.js';

/** Epoch ms, as it is now and not when the transaction began. */
const CLOCK = 'floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint';

/**
 * Until the end of the transaction. A table that just filled is one of which no statistics tell, and then the planner takes
 * every filter for one that leaves a row: whatever it reads and sorts seems as cheap as the index that has the order.
 */
const WALKING = 'SET LOCAL enable_sort = off';

const SERIALIZATION_FAILURE = '40001';
const DEADLOCK = '40P01';
const LOCK_NOT_AVAILABLE = '55P03';
const QUERY_CANCELED = '57014';

export interface PostgresSettings extends DialectSettings {
  /** Named prepared statements for what every sign-in sends; `false` behind a proxy that shares connections between transactions. */
  readonly prepared: boolean;
}

export class PostgresDialect extends ServerDialect {
  readonly holding = ' FOR UPDATE SKIP LOCKED';
  private readonly sql: Statements;
  private stopListening = (): void => {};

  constructor(
    private readonly dataSource: DataSource,
    tables: LockoutTables,
    settings: PostgresSettings,
  ) {
    const { statementTimeoutMs, prepared } = settings;
    const sql = statements(tables, Math.ceil(statementTimeoutMs * 0.9));
    // The others are lists: planned once for all values, one of them would read a tenth of the table for a rare realm.
    const hot = new Set<string>(Object.values(sql));
    const lease = () => leasePostgres(dataSource, (text) => prepared && hot.has(text));
    const begin = `BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL statement_timeout = ${Math.ceil(statementTimeoutMs * 0.9)}`;
    super(
      new Sessions(lease, [begin], statementTimeoutMs),
      settings,
      new Sessions(lease, [`${begin}; ${WALKING}`], statementTimeoutMs),
    );
    this.sql = sql;
  }

  async open(): Promise<void> {
    this.stopListening = hearBrokenConnections(this.dataSource);
    await this.query('SELECT 1', []);
  }

  override async close(): Promise<void> {
    this.stopListening();
  }

  override walk(sql: string, values: readonly ColumnValue[]): Promise<readonly Row[]> {
    return this.transact(() => rowsOf(sql, values));
  }

  insertIfAbsentSql<Field extends string>(table: TableNames<Field>, fields: readonly Field[]): string {
    return `${insertSql(table, fields)} ON CONFLICT DO NOTHING`;
  }

  holdsBytes(column: string): string {
    return `(position(CAST(? AS bytea) IN ${column}) > 0)`;
  }

  protected async read(session: Session, keys: readonly LockoutKey[]): Promise<readonly Row[]> {
    if (keys.length === 0) return (await session.run(`SELECT ${CLOCK}, NULL::bytea`, [])).rows;
    return (await session.run(this.sql.load, [binaryKeys(keys)])).rows;
  }

  protected async hold(session: Session, keys: readonly LockoutKey[]): Promise<readonly Row[]> {
    return (await session.run(this.sql.hold, [binaryKeys(keys)])).rows;
  }

  protected async upsert(
    session: Session,
    swaps: readonly Swap[],
    now: number | null,
  ): Promise<ReadonlySet<LockoutKey>> {
    const columns = transpose(swaps.map(encodeRow), ROW_FIELDS.length);
    const { rows } = await session.run(this.sql.upsert, [...columns, now]);
    const won = new Set(rows.map((row) => toHex('key', row[0])));
    return keysOf(swaps.filter(({ key }) => !won.has(key)));
  }

  protected async insertEvents(session: Session, rows: readonly ColumnValue[][]): Promise<void> {
    await session.run(this.sql.insertEvents, transpose(rows, EVENT_FIELDS.length));
  }

  protected async insertDeliveries(session: Session, rows: readonly ColumnValue[][]): Promise<void> {
    await session.run(this.sql.insertDeliveries, transpose(rows, OUTBOX_FIELDS.length));
  }

  protected placeholders(sql: string): string {
    let n = 0;
    return sql.replaceAll('?', () => `$${++n}`);
  }

  protected isConflict(error: unknown): boolean {
    const code = codeOf(error);
    return code === SERIALIZATION_FAILURE || code === DEADLOCK || code === LOCK_NOT_AVAILABLE;
  }

  protected faultOf(error: unknown): StoreFault {
    const code = codeOf(error);
    if (code === QUERY_CANCELED) return 'timeout';
    return typeof code === 'string' && /^(2[1-3]|42)/.test(code) ? 'data' : 'unreachable';
  }
}

interface Statements {
  readonly load: string;
  readonly hold: string;
  readonly upsert: string;
  readonly insertEvents: string;
  readonly insertDeliveries: string;
}

/** Lists travel as arrays, so that each statement has one text whatever their length (R31). */
function statements({ record, event, outbox }: LockoutTables, lockTimeoutMs: number): Statements {
  const { key, version, replaces } = record.columns;
  const assignments = CHANGING_ROW_FIELDS.map(
    (field) => `${record.columns[field]} = EXCLUDED.${record.columns[field]}`,
  ).join(', ');
  const clock = `$${ROW_FIELDS.length + 1}`;
  return {
    // The outer join returns the clock also when no record matches.
    load:
      `SELECT ${CLOCK}, ${columnList(record, RECORD_FIELDS, 'r.')} FROM (SELECT 1) AS o ` +
      `LEFT JOIN ${record.path} AS r ON r.${key} = ANY($1::bytea[])`,
    hold:
      `SELECT ${columnList(record, RECORD_FIELDS)} FROM ${record.path} ` +
      `WHERE ${key} = ANY($1::bytea[]) ORDER BY ${key} FOR UPDATE`,
    upsert:
      `INSERT INTO ${record.path} AS t (${columnList(record, ROW_FIELDS)}) ` +
      // Of this statement only. Without it a backend would wait for a held row long after its connection was given up.
      `SELECT v.* FROM (SELECT set_config('lock_timeout', '${lockTimeoutMs}', true) AS s) AS l ` +
      `CROSS JOIN ${unnest(ROW_FIELDS, typeOfRowField)} AS v ` +
      `WHERE l.s IS NOT NULL AND (${clock}::bigint IS NULL OR abs(${CLOCK} - ${clock}::bigint) <= ${CLOCK_TOLERANCE_MS}) ` +
      `ON CONFLICT (${key}) DO UPDATE SET ${assignments} ` +
      `WHERE t.${version} = EXCLUDED.${replaces} RETURNING t.${key}`,
    insertEvents: insertAll(event, EVENT_FIELDS, typeOfEventField),
    insertDeliveries: insertAll(outbox, OUTBOX_FIELDS, typeOfOutboxField),
  };
}

function insertAll<Field extends string>(
  table: TableNames<Field>,
  fields: readonly Field[],
  typeOf: (field: Field) => string,
): string {
  return `INSERT INTO ${table.path} (${columnList(table, fields)}) SELECT * FROM ${unnest(fields, typeOf)}`;
}

function unnest<Field extends string>(fields: readonly Field[], typeOf: (field: Field) => string): string {
  return `unnest(${fields.map((field, n) => `$${n + 1}::${typeOf(field)}[]`).join(', ')})`;
}

function typeOfRowField(field: RowField): string {
  switch (field) {
    case 'key':
    case 'accountHash':
    case 'addressHash':
    case 'detail':
    case 'listed':
    case 'replaces':
    case 'version':
      return 'bytea';
    case 'realm':
    case 'counter':
    case 'accountLabel':
    case 'addressLabel':
      return 'varchar';
    default:
      return 'bigint';
  }
}

function typeOfEventField(field: EventField): string {
  switch (field) {
    case 'id':
    case 'key':
    case 'accountHash':
    case 'addressHash':
    case 'data':
      return 'bytea';
    case 'at':
      return 'bigint';
    default:
      return 'varchar';
  }
}

function typeOfOutboxField(field: OutboxField): string {
  switch (field) {
    case 'event':
    case 'lane':
    case 'token':
      return 'bytea';
    case 'sink':
    case 'problem':
      return 'varchar';
    default:
      return 'bigint';
  }
}

function transpose(rows: readonly ColumnValue[][], width: number): ColumnValue[][] {
  return Array.from({ length: width }, (_, column) => rows.map((row) => row[column] ?? null));
}

function codeOf(error: unknown): unknown {
  return (error as { code?: unknown } | null)?.code;
}
