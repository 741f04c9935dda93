import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anyHistory, anyPolicy } from '../testing/arbitraries.js';
import { playHistory, type Step } from '../testing/history.js';
import { assertLaw } from '../testing/law.js';
import type { LockoutPolicy } from './policy.js';
import { type Lock, type LockoutState, MAX_PENDING } from './state.js';
import { type CountedApart, stricterState } from './stricter-state.js';
import { judge, transition } from './transition.js';
import { remember } from './window.js';

/** Each case plays three histories. */
const RUNS = 600;
const METHODS = ['password', 'otp', 'totp'] as const;

/** A process that counts for itself only charges and settles: those it charged, and those that were in flight. */
const apartSteps = (history: readonly Step[]): readonly Step[] =>
  history.flatMap((step): Step[] => {
    if (!('attempt' in step)) return step.do === 'tick' ? [step] : [];
    const isOwn = step.do === 'charge' || step.attempt % 2 === 1;
    return [{ ...step, attempt: isOwn ? step.attempt + 10 : step.attempt }];
  });

/** Other processes charge under ids of their own, and settle what was in flight. */
const storedSteps = (history: readonly Step[]): readonly Step[] =>
  history.map((step) =>
    'attempt' in step && (step.do === 'charge' || step.attempt % 2 === 1)
      ? { ...step, attempt: step.attempt + 20 }
      : step,
  );

interface Parted {
  readonly stored: LockoutState;
  readonly here: CountedApart;
  readonly now: number;
}

/** One record that is counted on in two places, from one beginning. */
function part(
  policy: LockoutPolicy,
  before: readonly Step[],
  apart: readonly Step[],
  stored: readonly Step[],
): Parted {
  const base = playHistory(policy, before);
  const from = { state: base.state, now: base.now };
  const here = playHistory(policy, apartSteps(apart), from);
  const there = playHistory(policy, storedSteps(stored), from);
  const standing = new Set(here.state.pending.map(({ id }) => id));
  const ended = new Set(base.state.pending.map(({ id }) => id).filter((id) => !standing.has(id)));
  return {
    stored: there.state,
    here: { base: base.state, apart: here.state, ended },
    now: Math.max(here.now, there.now),
  };
}

const HISTORIES = [anyPolicy(), anyHistory(12), anyHistory(20), anyHistory(20)] as const;
const idsOf = (state: LockoutState): string[] => state.pending.map(({ id }) => id).sort();
const endOf = (lock: Lock | null): number => (lock ? (lock.until ?? Number.POSITIVE_INFINITY) : 0);
const without = (state: LockoutState, ids: ReadonlySet<string>): LockoutState => ({
  ...state,
  pending: state.pending.filter(({ id }) => !ids.has(id)),
});

describe('laws of bringing back what was counted apart', () => {
  test('nothing is mutated, and every number stays whole and in range', () => {
    assertLaw(
      [...HISTORIES],
      (policy, before, apart, stored) => {
        const { stored: there, here, now } = part(policy, before, apart, stored);
        const { state } = stricterState(policy, there, here, now);
        const contributed = state.contributions.reduce((sum, one) => sum + one.count, 0);
        expect(state.failures).toBeLessThanOrEqual(state.consecutive);
        expect(state.consecutive).toBeLessThanOrEqual(state.failureSeq);
        expect(contributed).toBeLessThanOrEqual(state.failures);
        expect(state.pending.length).toBeLessThanOrEqual(MAX_PENDING);
        expect(state.updatedAt).toBeGreaterThanOrEqual(there.updatedAt);
        expect(JSON.parse(JSON.stringify(state))).toEqual(state);
      },
      RUNS,
    );
  });

  test('doing it twice changes nothing more', () => {
    let changed = 0;
    const runs = assertLaw(
      [...HISTORIES],
      (policy, before, apart, stored) => {
        const { stored: there, here, now } = part(policy, before, apart, stored);
        const { state } = stricterState(policy, there, here, now);
        if (state !== there) changed += 1;
        expect(stricterState(policy, state, here, now).state).toBe(state);
      },
      RUNS,
    );
    expect(changed).toBeGreaterThan(runs / 4);
  });

  test('P2 never shortens a lock, of either side, nor lowers a count', () => {
    let [locks, counts] = [0, 0];
    const runs = assertLaw(
      [...HISTORIES],
      (policy, before, apart, stored) => {
        const { stored: there, here, now } = part(policy, before, apart, stored);
        const theirs = transition(policy, without(there, here.ended), { type: 'tick' }, now).state;
        const inFlight = new Set(here.base?.pending.map(({ id }) => id));
        const ours = transition(policy, without(here.apart, inFlight), { type: 'tick' }, now).state;
        const { state } = stricterState(policy, there, here, now);
        expect(endOf(state.lock)).toBeGreaterThanOrEqual(endOf(theirs.lock));
        const isNew = endOf(ours.lock) !== endOf(here.base?.lock ?? null);
        // A lock that only watches gives way to one that refuses.
        const isOutranked = ours.lock?.cause === 'monitor' && state.lock?.cause !== 'monitor';
        if (ours.lock && isNew && !isOutranked) {
          locks += 1;
          expect(endOf(state.lock)).toBeGreaterThanOrEqual(endOf(ours.lock));
        }
        const failures = (of: LockoutState): number => remember(policy, of, now).failures;
        expect(failures(state)).toBeGreaterThanOrEqual(failures(theirs));
        // A window may be measured from the end of a lock; where that was lifted elsewhere, its count fades as it does there.
        const wasLifted = endOf(state.lock) < endOf(ours.lock);
        if (ours.failureSeq > (here.base?.failureSeq ?? 0) && !wasLifted) {
          counts += 1;
          expect(failures(state)).toBeGreaterThanOrEqual(failures(ours));
          expect(state.escalation).toBeGreaterThanOrEqual(remember(policy, ours, now).escalation);
          // However far the window moves on.
          for (const later of [10, 30, 60]) {
            const left = (of: LockoutState): number => remember(policy, of, now + later).failures;
            expect(left({ ...state, lock: null })).toBeGreaterThanOrEqual(
              Math.max(left({ ...theirs, lock: null }), left({ ...ours, lock: null })),
            );
          }
        }
        for (const method of METHODS) {
          const decision = judge(policy, theirs, method, now);
          if (decision.allowed || decision.reason !== 'locked') continue;
          const merged = judge(policy, state, method, now);
          if (merged.allowed || merged.reason !== 'locked') throw new Error('no longer refused');
          expect(merged.retryAt ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(
            decision.retryAt ?? Number.POSITIVE_INFINITY,
          );
        }
      },
      RUNS,
    );
    expect(locks).toBeGreaterThan(runs / 100);
    expect(counts).toBeGreaterThan(runs / 4);
  });

  test('what did not change apart stays as it is stored', () => {
    assertLaw(
      [...HISTORIES],
      (policy, before, _, stored) => {
        const { stored: there, here, now } = part(policy, before, [], stored);
        const { state, events } = transition(policy, there, { type: 'tick' }, now);
        const merged = stricterState(policy, there, here, now);
        expect({ ...merged.state, updatedAt: 0 }).toEqual({ ...state, updatedAt: 0 });
        expect(merged.events).toEqual(events);
      },
      RUNS,
    );
  });

  test('every charge in flight on either side is in flight afterwards, and none that ended', () => {
    let both = 0;
    const runs = assertLaw(
      [...HISTORIES],
      (policy, before, apart, stored) => {
        const { stored: there, here, now } = part(policy, before, apart, stored);
        const base = new Set(here.base?.pending.map(({ id }) => id));
        const theirs = transition(policy, without(there, here.ended), { type: 'tick' }, now).state;
        const ours = transition(policy, without(here.apart, base), { type: 'tick' }, now).state;
        const { state } = stricterState(policy, there, here, now);
        expect(idsOf(state)).toEqual([...idsOf(theirs), ...idsOf(ours)].sort());
        if (theirs.pending.length > 0 && ours.pending.length > 0) both += 1;
      },
      RUNS,
    );
    expect(both).toBeGreaterThan(runs / 200);
  });

  test('where nothing is stored everything is kept that still counts', () => {
    assertLaw(
      [anyPolicy(), anyHistory(30), fc.nat({ max: 100 })],
      (policy, history, later) => {
        const played = playHistory(policy, apartSteps(history));
        const here = { base: null, apart: played.state, ended: new Set<string>() };
        const now = played.now + later;
        const { state } = stricterState(policy, null, here, now);
        for (const method of METHODS) {
          const told = (of: LockoutState) => {
            const decision = judge(policy, of, method, now);
            return decision.allowed ? { ...decision, seq: 0 } : decision;
          };
          expect(told(state)).toEqual(told(played.state));
        }
      },
      RUNS,
    );
  });
});
