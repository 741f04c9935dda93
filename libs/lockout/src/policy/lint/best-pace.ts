import { days, hours } from '../duration.js';
import { MAX_TIME_MS } from '../lock.js';
import type { LockoutPolicy } from '../policy.js';
import { AT_ONCE, Attack, type Beginning, type Tactic } from './attack.js';
import { type AttackTrace, continued, guessesUpTo, type Stop } from './attack-trace.js';
import type { Watch } from './watching-policies.js';

/** An attack by one tactic. */
export interface Played {
  readonly tactic: Tactic;
  readonly trace: AttackTrace;
}

/**
 * Steps after which an attack that has found no cycle is broken off: a save is linted on the event loop, so an odd policy
 * must not hold up sign-ins for longer than a few tens of milliseconds a tactic.
 */
export const MOST_STEPS = 4_000;
/** So many locks in a row are tried before waiting, whether that looks promising or not. */
const FIRST_LOCKS = 4;
/** What the tactics are compared by. */
const SPANS_MS = [hours(1), days(1), days(365)] as const;
/** Attacks are followed for this long. */
const HORIZON_MS = Math.min(days(365) * 1000, MAX_TIME_MS);

/** Whether anything of what a policy counts ever fades by itself. */
const fades = ({ window, retentionMs, escalationWindow }: LockoutPolicy): boolean =>
  window.kind !== 'none' || retentionMs !== null || typeof escalationWindow === 'object';

/** Whether something can fade before everything has: only then do the two kinds of waiting differ. */
const fadesInParts = (policies: readonly LockoutPolicy[]): boolean =>
  policies.length > 1 ||
  policies.some(
    ({ window, escalationWindow, indefiniteAfterFailures }) =>
      window.kind === 'sliding' || escalationWindow !== 'with-failures' || indefiniteAfterFailures !== null,
  );

/** Spacings worth trying: none, and just slow enough that no failure is a quick one. */
function spacingsOf(policies: readonly LockoutPolicy[]): readonly number[] {
  const slowest = policies.reduce((most, { quickFailure }) => Math.max(most, quickFailure?.withinMs ?? 0), 0);
  return slowest === 0 ? [0] : [0, slowest];
}

const play = (attack: Attack, tactic: Tactic, steps: number, from?: Beginning): Played => ({
  tactic,
  trace: attack.play(tactic, { untilMs: HORIZON_MS, steps }, from),
});

function playAtOnce(attack: Attack, spacingMs: number, from?: Beginning): Played {
  const { tactic, trace } = play(attack, { ...AT_ONCE, spacingMs }, MOST_STEPS, from);
  return { tactic, trace: continued(trace) };
}

/** Plays an attack that never waits longer than it must. */
export function playUnwaiting({ policies, method }: Watch): readonly Played[] {
  const attack = new Attack(policies, method);
  return spacingsOf(policies).map((spacingMs) => playAtOnce(attack, spacingMs));
}

/**
 * After how many locks waiting is worth trying. Waiting until everything has faded begins the same attack anew, so each
 * stop of the one that never waits tells what a round up to it would get (and about what, if less than everything is
 * waited for); the best by hour, day and year are played.
 */
function locksWorthTrying(trace: AttackTrace): readonly number[] {
  const before = guessesUpTo(trace);
  const worth = new Set(trace.stops.map(({ locks }) => locks).filter((locks) => locks < FIRST_LOCKS));
  for (const spanMs of SPANS_MS) {
    for (const waiting of ['fadedMs', 'fadesMs'] as const) {
      let most = 0;
      let best: Stop | null = null;
      for (const stop of trace.stops) {
        const { guesses, [waiting]: roundMs } = stop;
        if (!Number.isFinite(roundMs)) continue;
        const rounds = Math.floor(spanMs / roundMs);
        const gain = rounds * guesses + Math.min(guesses, before(spanMs - rounds * roundMs));
        if (gain > most) [most, best] = [gain, stop];
      }
      if (best) worth.add(best.locks);
    }
  }
  return [...worth];
}

/**
 * Plays an attack by the tactics that can be the best one: guessing whenever it is let; or taking some number of locks
 * (none, one, …), stopping just before the next, and waiting until something or everything has faded, over and over.
 *
 * Each is counted exactly. That no other pace is better is not proven. A search of paces against thousands of random
 * policies with tiny numbers got less than a tenth more nine times in ten, and hardly ever a third; where escalation
 * fades apart from the count, quick failures lock, or failures fade one by one under a table, rarely twice as much.
 */
export function playAll({ policies, method }: Watch, from?: Beginning): readonly Played[] {
  const attack = new Attack(policies, method);
  const waits: readonly Tactic['until'][] = fadesInParts(policies)
    ? ['everything-faded', 'something-fades']
    : ['everything-faded'];
  return spacingsOf(policies).flatMap((spacingMs) => {
    const atOnce = playAtOnce(attack, spacingMs, from);
    if (!policies.some(fades)) return [atOnce];
    // Enough to see two rounds and that they are alike.
    const steps = Math.min(MOST_STEPS, 100 + 4 * atOnce.trace.volleys.length);
    const patient = locksWorthTrying(atOnce.trace).flatMap((locks) =>
      waits.map((until) => play(attack, { locks, until, spacingMs }, steps, from)),
    );
    return [atOnce, ...patient];
  });
}
