import type { ColumnValue } from '../store/codec.js';

/** Longest list of a statement: MariaDB takes one of a thousand for a table, and then reads all of ours. */
const MAX_LISTED = 512;

/** One `?` for each. */
export const questions = (values: readonly unknown[]): string => values.map(() => '?').join(', ');

/** So many, the last repeated; by default as many as the next power of two: few statement texts. At least one. */
export function padded<Value extends ColumnValue>(
  values: readonly Value[],
  length = 2 ** Math.ceil(Math.log2(Math.max(1, values.length))),
): Value[] {
  return Array.from({ length }, (_, n) => values[Math.min(n, values.length - 1)] as Value);
}

/** Lists of numbers, none longer than MariaDB takes as such, each padded. */
export function* parts(values: readonly number[]): Generator<number[]> {
  for (let start = 0; start < values.length; start += MAX_LISTED) {
    yield padded(values.slice(start, start + MAX_LISTED));
  }
}
