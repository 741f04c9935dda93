import { days, hours, minutes, seconds } from '../duration.js';

/** What happened in each interval of a log. All lists are equally long. */
export interface SeriesReport {
  /** Start of the first interval, epoch ms; a multiple of `widthMs`. */
  readonly from: number;
  readonly widthMs: number;
  readonly attempts: readonly number[];
  /** Failures that would have been verified. */
  readonly guesses: readonly number[];
  readonly refused: readonly number[];
  /** Refused attempts whose credential was right. */
  readonly turnedAway: readonly number[];
  /** Locks in force, on average over the interval. */
  readonly inForce: readonly number[];
}

/** Widths of an interval; each divides the next, so that two become one without splitting any. Then doubled. */
const WIDTHS = [
  ...[1, 5, 10, 30].map(seconds),
  ...[1, 5, 10, 30].map(minutes),
  ...[1, 2, 6, 12].map(hours),
  days(1),
];
/** Most intervals; past it they are widened. As many as a chart shows. */
const MAX_INTERVALS = 240;

interface Interval {
  attempts: number;
  guesses: number;
  refused: number;
  turnedAway: number;
}

/** Moments of one kind in an interval: how many, and their sum from the first attempt on. */
interface Moments {
  count: number;
  sumMs: number;
}

const EMPTY: Interval = Object.freeze({ attempts: 0, guesses: 0, refused: 0, turnedAway: 0 });

/** A log over time, in at most 240 intervals however long it is. */
export class ReplaySeries {
  private widthMs = WIDTHS[0] ?? 1;
  private intervals = new Map<number, Interval>();
  private starts = new Map<number, Moments>();
  private ends = new Map<number, Moments>();
  private first: number | null = null;
  private last = 0;

  /** @param at epoch ms, never before the attempt before. */
  add(at: number, refused: boolean, isSuccess: boolean, isFailure: boolean): void {
    this.first ??= at;
    this.last = at;
    while (Math.floor(at / this.widthMs) - Math.floor(this.first / this.widthMs) >= MAX_INTERVALS)
      this.widen();
    const index = Math.floor(at / this.widthMs);
    let interval = this.intervals.get(index);
    if (!interval) {
      interval = { ...EMPTY };
      this.intervals.set(index, interval);
    }
    interval.attempts += 1;
    if (refused) {
      interval.refused += 1;
      if (isSuccess) interval.turnedAway += 1;
    } else if (isFailure) interval.guesses += 1;
  }

  /** A lock set at the moment of the last attempt. `until` null: it does not end. */
  addLock(since: number, until: number | null): void {
    this.note(this.starts, since);
    if (until !== null) this.note(this.ends, until);
  }

  report(): SeriesReport {
    const { first, widthMs } = this;
    if (first === null) {
      return { from: 0, widthMs, attempts: [], guesses: [], refused: [], turnedAway: [], inForce: [] };
    }
    const begin = Math.floor(first / widthMs);
    const indexes = Array.from(
      { length: Math.floor(this.last / widthMs) - begin + 1 },
      (_, index) => begin + index,
    );
    const column = (field: keyof Interval) =>
      indexes.map((index) => (this.intervals.get(index) ?? EMPTY)[field]);
    let standing = 0;
    const inForce = indexes.map((index) => {
      const end = (index + 1) * widthMs - first;
      // A lock that began in the middle of the interval was in force for half of it.
      const began = this.shareOf(this.starts.get(index), end);
      const ended = this.shareOf(this.ends.get(index), end);
      const average = standing + began.share - ended.share;
      standing += began.count - ended.count;
      return Math.max(0, Math.round(average * 100) / 100);
    });
    return {
      from: begin * widthMs,
      widthMs,
      attempts: column('attempts'),
      guesses: column('guesses'),
      refused: column('refused'),
      turnedAway: column('turnedAway'),
      inForce,
    };
  }

  private shareOf(moments: Moments | undefined, endMs: number): { count: number; share: number } {
    if (!moments) return { count: 0, share: 0 };
    return { count: moments.count, share: (moments.count * endMs - moments.sumMs) / this.widthMs };
  }

  private note(moments: Map<number, Moments>, at: number): void {
    const index = Math.floor(at / this.widthMs);
    const sumMs = at - (this.first ?? at);
    const known = moments.get(index);
    if (!known) moments.set(index, { count: 1, sumMs });
    else {
      known.count += 1;
      known.sumMs += sumMs;
    }
  }

  private widen(): void {
    const wider = WIDTHS.find((width) => width > this.widthMs) ?? this.widthMs * 2;
    const factor = wider / this.widthMs;
    this.widthMs = wider;
    this.intervals = merge(this.intervals, factor);
    this.starts = merge(this.starts, factor);
    this.ends = merge(this.ends, factor);
  }
}

/** Adds up what falls into the same wider interval, field by field. */
function merge<T extends { [K in keyof T]: number }>(
  given: ReadonlyMap<number, T>,
  factor: number,
): Map<number, T> {
  const merged = new Map<number, T>();
  for (const [index, part] of given) {
    const wider = Math.floor(index / factor);
    const known = merged.get(wider);
    if (!known) merged.set(wider, { ...part });
    else
      for (const field of Object.keys(part) as (keyof T)[])
        known[field] = (known[field] + part[field]) as T[keyof T];
  }
  return merged;
}
