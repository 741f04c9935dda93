import type { LockoutKey } from '../key/key.js';
import { CLOCK_TOLERANCE_MS } from '../store/clock-tolerance.js';
import { type ColumnValue, decodeRecord, fromHex, integer } from '../store/codec.js';
import type { SwapOptions } from '../store/lockout-store.js';
import type { Loaded, LockoutRecord, Swap } from '../store/record.js';
import { StoreError, type StoreFault } from '../store/store-error.js';
import { type Dialect, type DialectSettings, inKeyOrder, keysOf, type Row } from './dialect.js';
import { deliveryRows, eventRows } from './event-row.js';
import type { TableNames } from './lockout-tables.js';
import { Rollback, type Session, type Sessions } from './session.js';
import { changedBy, type Transaction } from './transaction.js';

/** Most rows of one statement (R31): MySQL takes at most 65 535 parameters. */
const MAX_ROWS = 256;
/** How often a write off the hot path is sent when other writers were in the way each time. */
const MAX_TRIES = 3;

/** What MySQL, MariaDB and PostgreSQL have in common: a pool, transactions, and errors that mean "lost". */
export abstract class ServerDialect implements Dialect {
  constructor(
    protected readonly sessions: Sessions,
    protected readonly settings: DialectSettings,
    /** Whose transactions are for what is off the hot path. */
    private readonly offPath: Sessions = sessions,
  ) {}

  abstract open(): Promise<void>;
  abstract readonly holding: string;
  abstract insertIfAbsentSql<Field extends string>(
    table: TableNames<Field>,
    fields: readonly Field[],
  ): string;
  abstract holdsBytes(column: string): string;

  /** The rows of these keys, each after the store's clock; at least one row, whose key is null when none matches. */
  protected abstract read(session: Session, keys: readonly LockoutKey[]): Promise<readonly Row[]>;
  /** The rows of these keys, held against other writers until the transaction ends. */
  protected abstract hold(session: Session, keys: readonly LockoutKey[]): Promise<readonly Row[]>;
  /** The conditional upsert; returns what lost. `now` null: do not compare clocks. */
  protected abstract upsert(
    session: Session,
    swaps: readonly Swap[],
    now: number | null,
  ): Promise<ReadonlySet<LockoutKey>>;
  protected abstract insertEvents(session: Session, rows: readonly ColumnValue[][]): Promise<void>;
  protected abstract insertDeliveries(session: Session, rows: readonly ColumnValue[][]): Promise<void>;
  /** A statement off the hot path as this database takes it, `?` for each value. */
  protected abstract placeholders(sql: string): string;
  /** Whether the server says that another writer was in the way: nothing was written, and it may be tried again. */
  protected abstract isConflict(error: unknown): boolean;
  protected abstract faultOf(error: unknown): StoreFault;

  /** The pool is the application's, and stays open. */
  async close(): Promise<void> {}

  async load(keys: readonly LockoutKey[]): Promise<Loaded> {
    const rows = await this.attempt(() => this.sessions.use((session) => this.read(session, keys)));
    return { now: this.clockOf(rows), records: recordsOf(rows, 1) };
  }

  async swap(swaps: readonly Swap[], { now, atomic = false }: SwapOptions): Promise<ReadonlySet<LockoutKey>> {
    if (swaps.length === 0) return new Set();
    const { clock } = this.settings;
    if (clock && Math.abs(clock() - now) > CLOCK_TOLERANCE_MS) return keysOf(swaps);
    const checkedNow = clock ? null : now;
    return this.attemptSwap(swaps, () => {
      const ordered = inKeyOrder(swaps);
      if (!atomic && swaps.length <= MAX_ROWS && swaps.every(({ events }) => events.length === 0)) {
        return this.sessions.use((session) => this.upsert(session, ordered, checkedNow));
      }
      return this.sessions.transaction((session) =>
        this.upsertWithEvents(session, ordered, { now, checkedNow, atomic }),
      );
    });
  }

  async swapExclusively(
    keys: readonly LockoutKey[],
    decide: (loaded: Loaded) => readonly Swap[],
  ): Promise<ReadonlySet<LockoutKey>> {
    let swaps: readonly Swap[] = [];
    try {
      return await this.sessions.transaction(async (session) => {
        const records = recordsOf(await this.hold(session, [...keys].sort()), 0);
        // Read only now: waiting for the rows took time.
        const loaded = { now: this.clockOf(await this.read(session, [])), records };
        swaps = inKeyOrder(decide(loaded));
        if (swaps.length === 0) return new Set<LockoutKey>();
        return this.upsertWithEvents(session, swaps, { now: loaded.now, checkedNow: null, atomic: false });
      });
    } catch (error) {
      // Lost before anything was decided: every key asked for is lost.
      if (this.isConflict(error)) return swaps.length > 0 ? keysOf(swaps) : new Set(keys);
      throw StoreError.from(error, this.faultOf(error));
    }
  }

  indexHint(_index: string): string {
    return '';
  }

  remainder(dividend: string, divisor: string): string {
    return `(${dividend} % ${divisor})`;
  }

  async query(sql: string, values: readonly ColumnValue[]): Promise<readonly Row[]> {
    return this.attempt(() =>
      this.sessions.use(async (session) => (await session.run(this.placeholders(sql), values)).rows),
    );
  }

  walk(sql: string, values: readonly ColumnValue[]): Promise<readonly Row[]> {
    return this.query(sql, values);
  }

  /** In a transaction of its own, because only there does every server keep to the time limit while it waits for a row. */
  change(sql: string, values: readonly ColumnValue[]): Promise<number> {
    return this.transact(() => changedBy(sql, values));
  }

  async transact<T>(work: () => Transaction<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.offPath.transaction((session) => this.play(session, work()));
      } catch (error) {
        if (!this.isConflict(error)) throw StoreError.from(error, this.faultOf(error));
        if (tries === MAX_TRIES) throw StoreError.from(error, 'contention');
      }
    }
  }

  private async play<T>(session: Session, transaction: Transaction<T>): Promise<T> {
    let next = transaction.next();
    while (next.done !== true) {
      const { sql, values } = next.value;
      next = transaction.next(await session.run(this.placeholders(sql), values));
    }
    return next.value;
  }

  protected async attempt<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw StoreError.from(error, this.faultOf(error));
    }
  }

  private async attemptSwap(
    swaps: readonly Swap[],
    work: () => Promise<ReadonlySet<LockoutKey>>,
  ): Promise<ReadonlySet<LockoutKey>> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Rollback) return error.result as ReadonlySet<LockoutKey>;
      if (this.isConflict(error)) return keysOf(swaps);
      throw StoreError.from(error, this.faultOf(error));
    }
  }

  private async upsertWithEvents(
    session: Session,
    swaps: readonly Swap[],
    { now, checkedNow, atomic }: SwapOptions & { readonly checkedNow: number | null },
  ): Promise<ReadonlySet<LockoutKey>> {
    const lost = new Set<LockoutKey>();
    for (let start = 0; start < swaps.length; start += MAX_ROWS) {
      const part = swaps.slice(start, start + MAX_ROWS);
      for (const key of await this.upsert(session, part, checkedNow)) lost.add(key);
    }
    if (atomic && lost.size > 0) throw new Rollback(lost);
    // The winners' rows are held by this transaction: their events cannot belong to another version (R29).
    const events = eventRows(swaps, lost);
    if (events.length > 0) await this.insertEvents(session, events);
    const deliveries = deliveryRows(swaps, lost, now);
    if (deliveries.length > 0) await this.insertDeliveries(session, deliveries);
    return lost;
  }

  private clockOf(rows: readonly Row[]): number {
    return this.settings.clock ? this.settings.clock() : integer('clock', rows[0]?.[0]);
  }
}

function recordsOf(rows: readonly Row[], offset: number): Map<LockoutKey, LockoutRecord> {
  const records = new Map<LockoutKey, LockoutRecord>();
  for (const row of rows) {
    if (row[offset] === null) continue;
    const record = decodeRecord(row, offset);
    records.set(record.key, record);
  }
  return records;
}

/** The binary form of keys, as parameters. */
export function binaryKeys(keys: readonly LockoutKey[]): Buffer[] {
  return keys.map(fromHex);
}
