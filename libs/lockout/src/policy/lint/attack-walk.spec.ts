import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anyPolicy } from '../../testing/arbitraries.js';
import { lawRuns } from '../../testing/law.js';
import { definePolicy } from '../define-policy.js';
import { days, hours, minutes } from '../duration.js';
import type { LockoutPolicy, PolicyInput } from '../policy.js';
import { isFaded } from '../record-life.js';
import { EMPTY_STATE, type LockoutState } from '../state.js';
import { judge, transition } from '../transition.js';
import { remember } from '../window.js';
import { AT_ONCE, Attack, type Tactic } from './attack.js';
import { guessesBefore } from './attack-trace.js';
import { type Played, playAll } from './best-pace.js';
import { steadyShape } from './steady-state.js';

const METHOD = 'password';
/** Long enough for the cycles of policies with numbers below 100, short enough to be walked through. */
const WALK_MS = 2500;

const failed = (policy: LockoutPolicy, state: LockoutState, now: number): LockoutState => {
  const charged = transition(policy, state, { type: 'charge', id: 'x', method: METHOD }, now).state;
  return transition(policy, charged, { type: 'fail', id: 'x' }, now).state;
};

const whatCounts = (policy: LockoutPolicy, { failures, escalation, consecutive }: LockoutState): string =>
  [failures, escalation, policy.indefiniteAfterFailures === null ? 0 : consecutive].join(' ');

/** When the waiting is over: found by looking at every millisecond. Infinity: not within the walk. */
function walkToFading(
  policy: LockoutPolicy,
  state: LockoutState,
  until: Tactic['until'],
  now: number,
  walkMs = WALK_MS,
): number {
  const known = remember(policy, state, now);
  // That a failure is no longer so fresh that the next one is a quick one is something forgotten, too.
  const staleAt = policy.quickFailure && (state.lastFailureAt ?? 0) + policy.quickFailure.withinMs;
  for (let at = now + 1; at < walkMs; at += 1) {
    const passed = transition(policy, known, { type: 'tick' }, at).state;
    const fades =
      until === 'everything-faded'
        ? isFaded(policy, passed, at)
        : whatCounts(policy, remember(policy, passed, at)) !== whatCounts(policy, known) || at === staleAt;
    if (fades) return at;
  }
  return Number.POSITIVE_INFINITY;
}

/**
 * The same tactic, one guess after the other and millisecond by millisecond: no volleys, no cycles, no forecasts. Times
 * of the guesses.
 */
function walk(policy: LockoutPolicy, tactic: Tactic): readonly number[] {
  const guesses: number[] = [];
  let state = EMPTY_STATE;
  let ready = 0;
  let locks = 0;
  for (let now = 0; now < WALK_MS; ) {
    const isLet = now >= ready && judge(policy, state, METHOD, now).allowed;
    if (!isLet) {
      now += 1;
      continue;
    }
    state = transition(policy, state, { type: 'tick' }, now).state;
    const next = failed(policy, state, now);
    const locksNow = next.lock !== null && next.lock.until !== now;
    const locksForGood = next.lock !== null && next.lock.until === null;
    const waits = tactic.locks !== Number.POSITIVE_INFINITY && (locks >= tactic.locks || locksForGood);
    // Where everything has faded and the next guess locks all the same, waiting does not help.
    const inVain = tactic.until === 'everything-faded' && isFaded(policy, state, now);
    if (locksNow && waits && !inVain) {
      const faded = walkToFading(policy, state, tactic.until, now);
      if (faded === Number.POSITIVE_INFINITY) return guesses;
      ready = faded;
      locks = 0;
      continue;
    }
    guesses.push(now);
    state = next;
    if (locksNow) locks += 1;
    ready = now + tactic.spacingMs;
  }
  return guesses;
}

const limiting = { counts: 'all' as const, enforce: true };

const anyTactic: fc.Arbitrary<Tactic> = fc.oneof(
  fc.constant(AT_ONCE),
  fc.record({
    locks: fc.integer({ min: 0, max: 3 }),
    until: fc.constantFrom('something-fades' as const, 'everything-faded' as const),
    spacingMs: fc.constantFrom(0, 0, 7),
  }),
);

describe('an attack', () => {
  test('is counted exactly: cycles, carried on, give what a walk through every millisecond gives', () => {
    const seen = { cycles: 0, waits: 0, goods: 0 };
    const numRuns = lawRuns(400);
    fc.assert(
      fc.property(
        anyPolicy(limiting),
        anyTactic,
        fc.integer({ min: 1, max: WALK_MS }),
        (policy, tactic, moment) => {
          const attack = new Attack([policy], METHOD);
          const trace = attack.play(tactic, { untilMs: WALK_MS, steps: 10_000 });
          const walked = walk(policy, tactic);
          const last = walked.at(-1) ?? 0;
          // A wait beyond the walk's end cannot be told from one for ever.
          fc.pre(tactic.locks === Number.POSITIVE_INFINITY || moment <= last);
          expect(guessesBefore(trace, moment)).toBe(walked.filter((at) => at < moment).length);
          if (trace.end === 'cycle' && trace.cycle && moment > trace.cycle.startMs + 2 * trace.cycle.periodMs)
            seen.cycles += 1;
          if (tactic.locks !== Number.POSITIVE_INFINITY) seen.waits += 1;
          if (trace.end === 'locked') seen.goods += 1;
        },
      ),
      { numRuns },
    );
    expect(seen.cycles).toBeGreaterThan(numRuns / 14);
    expect(seen.waits).toBeGreaterThan(numRuns / 14);
    expect(seen.goods).toBeGreaterThan(numRuns / 40);
  });

  test('of several policies together is counted exactly too', () => {
    fc.assert(
      fc.property(
        anyPolicy({ ...limiting, minIntervalMs: 0 }),
        anyPolicy({ ...limiting, minIntervalMs: 0 }),
        fc.integer({ min: 1, max: 600 }),
        (one, other, moment) => {
          const trace = new Attack([one, other], METHOD).play(AT_ONCE, { untilMs: 600, steps: 10_000 });
          let states = [one, other].map(() => EMPTY_STATE);
          let guesses = 0;
          for (let now = 0; now < moment; ) {
            const at = now;
            const isLet = [one, other].every(
              (policy, index) => judge(policy, states[index] ?? null, METHOD, at).allowed,
            );
            if (isLet) {
              guesses += 1;
              states = [one, other].map((policy, index) => failed(policy, states[index] ?? EMPTY_STATE, at));
            } else now += 1;
          }
          expect(guessesBefore(trace, moment)).toBe(guesses);
        },
      ),
      { numRuns: lawRuns(200) },
    );
  });
});

/**
 * The most guesses there can be before a moment, found by trying at each step both: to guess, and to wait until
 * something more is forgotten. Undefined: too much to try.
 */
function most(policy: LockoutPolicy, untilMs: number): number | undefined {
  const shape = steadyShape(policy);
  const known = new Map<string, number>();
  const from = (state: LockoutState, start: number): number => {
    let now = start;
    while (now < untilMs && !judge(policy, state, METHOD, now).allowed) now += 1;
    if (now >= untilMs || known.size > 1500) return 0;
    const standing = transition(policy, state, { type: 'tick' }, now).state;
    const key = `${now} ${shape(standing, now)}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const faded = walkToFading(policy, standing, 'something-fades', now, untilMs);
    const best = Math.max(1 + from(failed(policy, standing, now), now), from(standing, faded));
    known.set(key, best);
    return best;
  };
  const found = from(EMPTY_STATE, 0);
  return known.size > 1500 ? undefined : found;
}

describe('the best of the tactics', () => {
  test('takes as many locks as pay, also where they are hundreds', () => {
    const policy = definePolicy({
      name: 'p',
      threshold: 30,
      window: { kind: 'idle', durationMs: hours(12) },
      schedule: { kind: 'multiples', stepMs: minutes(1), by: 'failures', maximumMs: minutes(15) },
    });
    const perYear = ({ trace }: Played) => guessesBefore(trace, days(365));
    const best = playAll({ policies: [policy], method: METHOD }).reduce((a, b) =>
      perYear(b) > perYear(a) ? b : a,
    );
    // Every number of locks, one after the other.
    const attack = new Attack([policy], METHOD);
    const byLocks = Array.from({ length: 300 }, (_, locks) =>
      guessesBefore(attack.play({ ...AT_ONCE, locks }, { untilMs: days(365), steps: 10_000 }), days(365)),
    );
    expect(best.tactic.locks).toBeGreaterThan(100);
    expect(perYear(best)).toBeGreaterThanOrEqual(0.99 * Math.max(...byLocks));
  });

  test('is a real attack, and no other pace gets half as much again', () => {
    const fields: Partial<PolicyInput> = {
      ...limiting,
      minIntervalMs: 0,
      quickFailure: null,
      retentionMs: null,
      indefiniteAfterFailures: null,
      indefiniteAfterLockouts: null,
      escalationWindow: 'with-failures',
    };
    let waiting = 0;
    const numRuns = lawRuns(60);
    fc.assert(
      fc.property(anyPolicy(fields), (policy) => {
        // Failures that fade one by one leave room for cleverer paces.
        fc.pre(policy.window.kind !== 'sliding');
        const played = playAll({ policies: [policy], method: METHOD });
        const untilMs = 200;
        const best = Math.max(...played.map(({ trace }) => guessesBefore(trace, untilMs)));
        const possible = most(policy, untilMs);
        fc.pre(possible !== undefined);
        expect(best).toBeLessThanOrEqual(possible);
        expect(best * 1.5 + 1).toBeGreaterThanOrEqual(possible);
        const [atOnce] = played;
        if (atOnce && best > guessesBefore(atOnce.trace, untilMs)) waiting += 1;
      }),
      { numRuns },
    );
    expect(waiting).toBeGreaterThan(numRuns / 6);
  });
});
