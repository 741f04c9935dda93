import type { ColumnValue } from '../store/codec.js';
import type { Row } from './dialect.js';

/** A statement of a transaction; `?` stands for each value, in order. */
export interface Step {
  readonly sql: string;
  readonly values: readonly ColumnValue[];
  readonly returnsRows: boolean;
}

export interface StepOutcome {
  readonly rows: readonly Row[];
  /** How many rows it changed, as the server counts them: what an upsert did it does not tell (R23). */
  readonly affected: number;
}

/**
 * A small transaction, spelled as a generator: it yields its statements and is given what they came to. So SQLite, whose
 * connection all share, runs it whole in one turn of the event loop, and servers run it statement by statement.
 *
 * It may be run again from its start after others were in the way, so it keeps nothing outside itself.
 */
export type Transaction<T> = Generator<Step, T, StepOutcome>;

/** The rows of a query. */
export function* rowsOf(sql: string, values: readonly ColumnValue[]): Transaction<readonly Row[]> {
  return (yield { sql, values, returnsRows: true }).rows;
}

/** How many rows a write changed. */
export function* changedBy(sql: string, values: readonly ColumnValue[]): Transaction<number> {
  return (yield { sql, values, returnsRows: false }).affected;
}
