import type { DurationMs } from '../duration.js';

/** Guesses that an attacker made at one moment. */
export interface Volley {
  /** Milliseconds since the attack began. */
  readonly at: number;
  readonly guesses: number;
  /** For how long the last of them locked: 0 not at all, infinity until unlocked. */
  readonly lockMs: DurationMs;
}

/** From `startMs` on, the same volleys come again every `periodMs`. */
export interface Cycle {
  readonly startMs: number;
  readonly periodMs: DurationMs;
}

/**
 * How an attack came to its end: locked out for good; in a cycle that goes on for ever; or not within the time or the
 * number of steps it was given.
 */
export type TraceEnd = 'locked' | 'cycle' | 'time' | 'steps';

/** A moment at which the next guess would lock: what if the attacker stopped there? */
export interface Stop {
  /** Locks taken so far. */
  readonly locks: number;
  readonly guesses: number;
  /** When everything would have faded; infinity: never. */
  readonly fadedMs: number;
  /** When the first thing would fade. */
  readonly fadesMs: number;
}

/** What an attacker did, in order; with a cycle, its first round is the last that is written down. */
export interface AttackTrace {
  readonly volleys: readonly Volley[];
  readonly cycle: Cycle | null;
  readonly end: TraceEnd;
  /** Of an attacker who never waits. */
  readonly stops: readonly Stop[];
}

const sum = (volleys: readonly Volley[]): number =>
  volleys.reduce((total, volley) => total + volley.guesses, 0);

/** The volleys of one round of the cycle; none without one. */
export const roundOf = ({ volleys, cycle }: AttackTrace): readonly Volley[] =>
  cycle ? volleys.filter((volley) => volley.at >= cycle.startMs) : [];

/** The guesses made before a moment, for many moments: by bisection, over sums made once. */
export function guessesUpTo(trace: AttackTrace): (moment: number) => number {
  const { volleys, cycle } = trace;
  const sums = [0];
  for (const { guesses } of volleys) sums.push((sums.at(-1) ?? 0) + guesses);
  const before = (moment: number): number => {
    let low = 0;
    let high = volleys.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((volleys[middle]?.at ?? 0) < moment) low = middle + 1;
      else high = middle;
    }
    return sums[low] ?? 0;
  };
  if (!cycle) return before;
  const { startMs, periodMs } = cycle;
  const perRound = sum(roundOf(trace));
  return (moment) => {
    if (moment <= startMs) return before(moment);
    const rounds = Math.floor((moment - startMs) / periodMs);
    return rounds * perRound + before(moment - rounds * periodMs);
  };
}

/** How many guesses were made before a moment (milliseconds since the beginning): exact, however far it is. */
export const guessesBefore = (trace: AttackTrace, moment: number): number => guessesUpTo(trace)(moment);

/** The most guesses in any span of so long: one that begins with a volley, of the first round or before it. */
export function mostGuessesWithin(trace: AttackTrace, spanMs: DurationMs): number {
  const before = guessesUpTo(trace);
  return trace.volleys.reduce((most, { at }) => Math.max(most, before(at + spanMs) - before(at)), 0);
}

/** How many guesses are made in all, however long it takes: infinity unless the attack ends. */
export const guessesInAll = ({ volleys, end }: AttackTrace): number =>
  end === 'locked' ? sum(volleys) : Number.POSITIVE_INFINITY;

/**
 * An attack that was broken off, continued at the pace of its second half: no less than the truth, because locks grow
 * and never shrink while an attacker does nothing but guess.
 */
export function continued(trace: AttackTrace): AttackTrace {
  const last = trace.volleys.at(-1);
  const half = trace.volleys[Math.floor(trace.volleys.length / 2)];
  if (trace.end !== 'steps' || !last || !half || last.at === half.at) return trace;
  const cycle = { startMs: half.at, periodMs: last.at - half.at };
  return { ...trace, volleys: trace.volleys.filter((volley) => volley.at < last.at), cycle };
}
