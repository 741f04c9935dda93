import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anyGuessing, anyPolicy } from '../testing/arbitraries.js';
import { playHistory } from '../testing/history.js';
import { definePolicy } from './define-policy.js';
import { MAX_DURATION_MS } from './duration.js';
import { MAX_TIME_MS } from './lock.js';
import type { LockoutPolicy } from './policy.js';
import { EMPTY_STATE } from './state.js';
import { judge, transition } from './transition.js';

const RUNS = { numRuns: 1500 };

const plainRule = { window: { kind: 'none' as const }, counts: 'all' as const, enforce: true };

/** Failures until the first lock. */
const firstBudget = (policy: LockoutPolicy): number => {
  const decision = judge(policy, null, 'password', 0);
  return decision.allowed ? (decision.remaining ?? 0) + 1 : 0;
};

describe('the bound (P1, pitfalls 1, 17)', () => {
  test('however begins and settles interleave, no more is verified than the budget holds', () => {
    let locked = 0;
    let exhausted = 0;
    fc.assert(
      fc.property(anyPolicy({ ...plainRule, retentionMs: null }), anyGuessing(), (policy, history) => {
        const budget = firstBudget(policy);
        let verified = 0;
        let locks = 0;
        for (const { input, before, after } of playHistory(policy, history).steps) {
          locks += after.events.filter((event) => event.type === 'locked').length;
          // Charging an id that is in flight again is the same verification.
          const again = input.type === 'charge' && before?.pending.some((charge) => charge.id === input.id);
          if (after.decision?.allowed && !again) verified += 1;
          else if (after.decision?.allowed === false && after.decision.reason === 'exhausted') exhausted += 1;
          if (locks === 0) expect(verified).toBeLessThanOrEqual(budget);
          if (policy.schedule.kind !== 'table') expect(verified).toBeLessThanOrEqual(budget * (locks + 1));
        }
        locked += locks;
      }),
      RUNS,
    );
    expect(locked).toBeGreaterThan(200);
    expect(exhausted).toBeGreaterThan(200);
  });

  test('any run of L failures holds at least ⌊L ÷ N⌋ locks: thresholds are passed, never hit exactly', () => {
    const fields = { ...plainRule, minIntervalMs: 0, retentionMs: null };
    const weights = { m1: 1, m2: 2, m3: 3 };
    let locked = 0;
    fc.assert(
      fc.property(
        anyPolicy({ ...fields, weights }).filter((policy) => policy.schedule.kind !== 'table'),
        fc.array(fc.constantFrom('m1', 'm2', 'm3'), { maxLength: 40 }),
        (policy, methods) => {
          const budget = firstBudget(policy);
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
      RUNS,
    );
    expect(locked).toBeGreaterThan(300);
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
