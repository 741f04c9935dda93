import type { LockoutKey } from '../key/key.js';
import type { ColumnValue } from '../store/codec.js';
import type { SwapOptions } from '../store/lockout-store.js';
import type { Loaded, Swap } from '../store/record.js';
import type { TableNames } from './lockout-tables.js';
import type { Transaction } from './transaction.js';

/** A row as an array, in the order of the columns asked for. */
export type Row = readonly unknown[];

/** What differs between databases. Every method rejects with `StoreError`. */
export interface Dialect {
  /** Connects and learns what the server can do. */
  open(): Promise<void>;
  close(): Promise<void>;
  load(keys: readonly LockoutKey[]): Promise<Loaded>;
  swap(swaps: readonly Swap[], options: SwapOptions): Promise<ReadonlySet<LockoutKey>>;
  swapExclusively(
    keys: readonly LockoutKey[],
    decide: (loaded: Loaded) => readonly Swap[],
  ): Promise<ReadonlySet<LockoutKey>>;
  /** A query off the hot path; `?` stands for each value, in order. */
  query(sql: string, values: readonly ColumnValue[]): Promise<readonly Row[]>;
  /**
   * A query off the hot path whose order an index has: the server walks that one, whatever it estimates. Statements of
   * {@link transact} are answered so, too.
   */
  walk(sql: string, values: readonly ColumnValue[]): Promise<readonly Row[]>;
  /** What follows a table's name, so that the planner takes this index whatever it estimates; empty where it is free. */
  indexHint(index: string): string;
  /**
   * What follows a query of a transaction that holds its rows against others. Rows that others hold are passed over where the
   * server can, and waited for elsewhere.
   */
  readonly holding: string;
  /** What is left of a whole number when it is divided. */
  remainder(dividend: string, divisor: string): string;
  /** A single write off the hot path, in a transaction of its own. Returns how many rows it changed. */
  change(sql: string, values: readonly ColumnValue[]): Promise<number>;
  /** The statement that adds a row, of a value for each field, unless its primary key or another unique one is taken. */
  insertIfAbsentSql<Field extends string>(table: TableNames<Field>, fields: readonly Field[]): string;
  /** Whether the bytes of a column hold those of the next value. */
  holdsBytes(column: string): string;
  /** A few statements off the hot path in one transaction; tried again, from its start, when others were in the way. */
  transact<T>(work: () => Transaction<T>): Promise<T>;
}

export interface DialectSettings {
  /** Replaces the database's clock, epoch ms: for tests. */
  readonly clock: (() => number) | undefined;
  /** How long one statement may take, ms. */
  readonly statementTimeoutMs: number;
}

/** Rows are written in key order, so that two writers of the same rows wait for each other instead of deadlocking. */
export function inKeyOrder<T extends { readonly key: string }>(rows: readonly T[]): T[] {
  return [...rows].sort((a, b) => (a.key < b.key ? -1 : 1));
}

export function keysOf(swaps: readonly Swap[]): ReadonlySet<LockoutKey> {
  return new Set(swaps.map(({ key }) => key));
}
