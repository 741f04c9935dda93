import type { Played } from './played.js';

/** A stretch of time in which a lock refused. */
export interface LockSpan {
  readonly from: number;
  /** Null: beyond what was played. */
  readonly to: number | null;
}

/**
 * Where each lock begins and ends, as the steps show it: at its own end, where it was lifted, or where a longer one took
 * its place.
 */
export function lockSpans(played: readonly Played[]): readonly LockSpan[] {
  const spans: LockSpan[] = [];
  let open: { readonly since: number; readonly until: number | null } | null = null;
  for (const { at, lock } of played) {
    if (open && lock?.since !== open.since) {
      spans.push({ from: open.since, to: open.until === null ? at : Math.min(at, open.until) });
    }
    open = lock;
  }
  return open ? [...spans, { from: open.since, to: null }] : spans;
}

/** The shortest and the longest that a pause is drawn, in units of a second's width. */
const SHORTEST = 0.5;

/** Pauses are drawn shorter the longer they are: a day after some seconds would leave nothing of the seconds. */
const drawnWidth = (gapMs: number): number => SHORTEST + Math.log2(1 + gapMs / 1000);

/** Places moments from 0 to 1, in order; between two of them evenly. Not to scale. */
export function timeScale(moments: readonly number[]): (at: number) => number {
  const sorted = [...new Set(moments)].sort((a, b) => a - b);
  const places: number[] = [0];
  for (let index = 1; index < sorted.length; index += 1) {
    const gap = (sorted[index] ?? 0) - (sorted[index - 1] ?? 0);
    places.push((places[index - 1] ?? 0) + drawnWidth(gap));
  }
  const whole = Math.max(places.at(-1) ?? 0, SHORTEST);
  return (at) => {
    const next = sorted.findIndex((moment) => moment >= at);
    if (next < 0) return sorted.length > 1 ? 1 : 0;
    if (next === 0 || sorted[next] === at) return (places[next] ?? 0) / whole;
    const [before, after] = [sorted[next - 1] ?? 0, sorted[next] ?? 0];
    const share = (at - before) / (after - before);
    return ((places[next - 1] ?? 0) + share * ((places[next] ?? 0) - (places[next - 1] ?? 0))) / whole;
  };
}
