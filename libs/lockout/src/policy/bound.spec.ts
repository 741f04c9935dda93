import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anyGuessing, anyPolicy } from '../testing/arbitraries.js';
import { playHistory, type Step } from '../testing/history.js';
import { assertLaw, lawRuns } from '../testing/law.js';
import { definePolicy } from './define-policy.js';
import { MAX_DURATION_MS } from './duration.js';
import { MAX_TIME_MS } from './lock.js';
import type { LockoutPolicy, PolicyInput } from './policy.js';
import { EMPTY_STATE } from './state.js';
import { judge, transition } from './transition.js';
import { remember } from './window.js';

const plainRule = { window: { kind: 'none' as const }, counts: 'all' as const, enforce: true };

/** Failures until the first lock of the schedule (P1: N, N + 1 with `exceeding`), or until the standards' hard cap. */
const budgetOf = (policy: LockoutPolicy): number => {
  const scheduled =
    policy.schedule.kind === 'table'
      ? (policy.schedule.rows[0]?.failures ?? 0)
      : 'threshold' in policy
        ? policy.threshold + (policy.locksOn === 'exceeding' ? 1 : 0)
        : 0;
  return Math.min(scheduled, policy.indefiniteAfterFailures ?? scheduled);
};

/** What a history of guesses came to. */
function tally(policy: LockoutPolicy, history: readonly Step[]) {
  const counts = { verified: 0, locks: 0, exhausted: 0, quick: 0 };
  const course = playHistory(policy, history).steps.map(({ input, before, after }) => {
    for (const event of after.events) {
      if (event.type !== 'locked') continue;
      counts.locks += 1;
      if (event.cause === 'quick') counts.quick += 1;
    }
    // Charging an id that is in flight again is the same verification.
    const again = input.type === 'charge' && before?.pending.some((charge) => charge.id === input.id);
    if (after.decision?.allowed && !again) counts.verified += 1;
    else if (after.decision?.allowed === false && after.decision.reason === 'exhausted')
      counts.exhausted += 1;
    return { ...counts };
  });
  return { course, ...counts };
}

describe('the bound (P1, pitfalls 1, 17)', () => {
  test('however begins and settles interleave, no more is verified than the budget holds', () => {
    const seen = { locks: 0, exhausted: 0, quick: 0 };
    const runs = assertLaw(
      [anyPolicy({ ...plainRule, retentionMs: null }), anyGuessing()],
      (policy, history) => {
        const budget = budgetOf(policy);
        const { course, ...counts } = tally(policy, history);
        for (const { verified, locks } of course) {
          if (locks === 0) expect(verified).toBeLessThanOrEqual(budget);
          if (policy.schedule.kind !== 'table') expect(verified).toBeLessThanOrEqual(budget * (locks + 1));
        }
        seen.locks += counts.locks;
        seen.exhausted += counts.exhausted;
        seen.quick += counts.quick;
      },
    );
    expect(seen.locks).toBeGreaterThan(runs / 8);
    expect(seen.exhausted).toBeGreaterThan(runs / 8);
    expect(seen.quick).toBeGreaterThan(runs / 20);
  });

  test('whatever the window forgets: what stands and what is in flight never exceed one budget together', () => {
    let several = 0;
    const runs = assertLaw(
      [anyPolicy({ counts: 'all', enforce: true }), anyGuessing()],
      (policy, history) => {
        // The next budget of these is counted from the last multiple on.
        if (policy.schedule.kind === 'table' || !('afterLock' in policy)) return;
        if (policy.afterLock === 'relock-at-each-multiple') return;
        for (const { now, after } of playHistory(policy, history).steps) {
          const inFlight = after.state.pending.length;
          // Past a threshold that still stands attempts are verified one by one.
          if (!after.decision?.allowed || inFlight <= 1) continue;
          several += 1;
          const stands = remember(policy, after.state, now).failures;
          expect(inFlight + stands).toBeLessThanOrEqual(budgetOf(policy));
        }
      },
    );
    expect(several).toBeGreaterThan(runs / 10);
  });

  test('indefiniteAfterFailures: in a row never more are verified, across all lockouts (NIST SP 800-63B-4)', () => {
    let capped = 0;
    const caps = fc.integer({ min: 1, max: 12 });
    const runs = assertLaw(
      [anyPolicy({ counts: 'all', enforce: true, retentionMs: null }), anyGuessing(), caps],
      (given, history, cap) => {
        const policy = definePolicy({ ...given, indefiniteAfterFailures: cap } as PolicyInput);
        const { verified } = tally(policy, history);
        expect(verified).toBeLessThanOrEqual(cap);
        if (verified === cap) capped += 1;
      },
    );
    expect(capped).toBeGreaterThan(runs / 20);
  });

  test('quickFailure: of guesses faster than it allows, no more than two are verified before a lock', () => {
    const quickFailure = { withinMs: 1000, lockMs: 5 };
    assertLaw(
      [anyPolicy({ ...plainRule, quickFailure, retentionMs: null }), anyGuessing(12)],
      (policy, history) => {
        // A whole history of at most 12 guesses, each 70 ms after the one before, is shorter than `withinMs`.
        for (const { verified, locks } of tally(policy, history).course) {
          expect(verified).toBeLessThanOrEqual(locks + 2);
        }
      },
    );
  });

  test('any run of L failures holds at least ⌊L ÷ N⌋ locks: thresholds are passed, never hit exactly', () => {
    const fields = { ...plainRule, minIntervalMs: 0, retentionMs: null };
    const weights = { m1: 1, m2: 2, m3: 3 };
    let locked = 0;
    const numRuns = lawRuns();
    fc.assert(
      fc.property(
        anyPolicy({ ...fields, weights }).filter((policy) => policy.schedule.kind !== 'table'),
        fc.array(fc.constantFrom('m1', 'm2', 'm3'), { maxLength: 40 }),
        (policy, methods) => {
          const budget = budgetOf(policy);
          let state = EMPTY_STATE;
          let now = 0;
          let locks = 0;
          for (const [index, method] of methods.entries()) {
            const decision = judge(policy, state, method, now);
            if (!decision.allowed) {
              if (decision.retryAt === null) return; // Until unlocked: no further failure can come.
              now = decision.retryAt;
            }
            const charged = transition(policy, state, { type: 'charge', id: 'x', method }, now);
            expect(charged.decision?.allowed).toBe(true);
            const failed = transition(policy, charged.state, { type: 'fail', id: 'x' }, now);
            locks += failed.events.filter((event) => event.type === 'locked').length;
            state = failed.state;
            expect(locks).toBeGreaterThanOrEqual(Math.floor((index + 1) / budget));
          }
          locked += locks;
        },
      ),
      { numRuns },
    );
    expect(locked).toBeGreaterThan(numRuns / 5);
  });

  test('a threshold that is lowered under the count locks at the very next failure', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 30 }), fc.integer({ min: 1, max: 30 }), (high, low) => {
        const policy = (threshold: number) =>
          definePolicy({ name: 'p', threshold, schedule: { kind: 'fixed', durationMs: 9 } });
        let state = EMPTY_STATE;
        for (let index = 1; index < high; index += 1) {
          state = transition(policy(high), state, { type: 'charge', id: 'x', method: 'password' }, 0).state;
          state = transition(policy(high), state, { type: 'fail', id: 'x' }, 0).state;
        }
        const charged = transition(policy(low), state, { type: 'charge', id: 'x', method: 'password' }, 0);
        const failed = transition(policy(low), charged.state, { type: 'fail', id: 'x' }, 0);
        expect(failed.state.lock !== null).toBe(low <= high);
      }),
    );
  });
});

describe('large numbers', () => {
  test('no schedule, however steep, gives a duration that is not a whole number up to its cap (pitfall 18)', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: MAX_DURATION_MS }),
        fc.double({ min: 1, max: 1000, noNaN: true }),
        fc.constantFrom('failures' as const, 'lockouts' as const),
        fc.constantFrom('exponential' as const, 'linear' as const, 'multiples' as const),
        fc.integer({ min: 0, max: 1_000_000_000 }),
        fc.constantFrom(0, 1_700_000_000_000, MAX_TIME_MS - 1),
        (ms, factor, by, kind, count, now) => {
          const growth =
            kind === 'exponential'
              ? { initialMs: ms, factor }
              : kind === 'linear'
                ? { initialMs: ms, stepMs: ms }
                : { stepMs: ms };
          const policy = definePolicy({
            name: 'steep',
            threshold: 1,
            schedule: { kind, by, ...growth } as never,
          });
          const start = {
            ...transition(policy, null, { type: 'tick' }, now).state,
            failures: count,
            consecutive: count,
            failureSeq: count,
          };
          const state = {
            ...start,
            escalation: count,
            lastFailureAt: count > 0 ? now : null,
            lastLockEndedAt: count > 0 ? now : null,
          };
          const charged = transition(
            policy,
            state,
            { type: 'charge', id: 'x', method: 'password' },
            now,
          ).state;
          const { lock } = transition(policy, charged, { type: 'fail', id: 'x' }, now).state;
          const lasts = (lock?.until ?? 0) - now;
          expect(lock?.until).toBeLessThanOrEqual(MAX_TIME_MS);
          expect(Number.isSafeInteger(lasts)).toBe(true);
          expect(lasts).toBeGreaterThanOrEqual(Math.min(ms, MAX_TIME_MS - now));
          expect(lasts).toBeLessThanOrEqual(MAX_DURATION_MS);
        },
      ),
    );
  });
});
