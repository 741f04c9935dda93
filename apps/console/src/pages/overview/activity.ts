import type { OverviewSlice } from 'nestjs-lockout/admin';

export type Measure = Exclude<keyof OverviewSlice, 'at'>;

const MEASURES: readonly Measure[] = ['locked', 'unlocked', 'expired', 'failed', 'refused'];

/** Rows of the table beside the charts: as many as somebody would read. */
const MOST_ROWS = 24;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** How often something happened in all of them. */
export const total = (slices: readonly OverviewSlice[], measure: Measure): number =>
  sum(slices.map((slice) => slice[measure]));

/** The start of the slice with most of it; null: it never happened. */
export function busiest(slices: readonly OverviewSlice[], measure: Measure): string | null {
  const most = Math.max(0, ...slices.map((slice) => slice[measure]));
  return most === 0 ? null : (slices.find((slice) => slice[measure] === most)?.at ?? null);
}

/** Numbers for the charts: seconds of the starts, and below zero what ended. */
export function columnsOf(slices: readonly OverviewSlice[]) {
  return {
    seconds: slices.map(({ at }) => Date.parse(at) / 1000),
    locked: slices.map(({ locked }) => locked),
    // Not -0, which shows as such.
    ended: slices.map(({ unlocked, expired }) => 0 - unlocked - expired),
    refused: slices.map(({ refused }) => refused),
  };
}

/** How many slices a row of the table takes together. */
export const slicesInRow = (slices: readonly OverviewSlice[]): number =>
  Math.max(1, Math.ceil(slices.length / MOST_ROWS));

/** The same in wider slices, for a table. */
export function rowsOf(slices: readonly OverviewSlice[]): readonly OverviewSlice[] {
  const width = slicesInRow(slices);
  const starts = slices.filter((_, index) => index % width === 0);
  return starts.map(({ at }, row) => {
    const together = slices.slice(row * width, (row + 1) * width);
    const counts = MEASURES.map((measure) => [measure, total(together, measure)] as const);
    return { at, ...(Object.fromEntries(counts) as Record<Measure, number>) };
  });
}
