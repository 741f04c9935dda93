import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anyGuessing, anyHistory, anyPolicy, type Step } from '../testing/arbitraries.js';
import { playHistory } from '../testing/history.js';
import type { Decision } from './decision.js';
import { definePolicy } from './define-policy.js';
import { MAX_DURATION_MS } from './duration.js';
import { MAX_TIME_MS } from './lock.js';
import type { LockoutPolicy } from './policy.js';
import { isFaded, keepUntil, nextTickAt } from './record-life.js';
import { EMPTY_STATE, MAX_PENDING, MAX_TIMES } from './state.js';
import { judge, transition } from './transition.js';

const RUNS = { numRuns: 1500 };
const METHODS = ['password', 'otp', 'totp'] as const;

/** A decision without `seq`, which counts failures ever counted and so differs between a pruned record and a kept one. */
const told = (decision: Decision | null) =>
  decision?.allowed ? { allowed: true, remaining: decision.remaining } : decision;

const isRefused = (decision: Decision | null) => decision !== null && !decision.allowed;

describe('laws of the rule, whatever the policy and the history', () => {
  test('no input is mutated, nothing throws, and every number stays whole and in range', () => {
    fc.assert(
      fc.property(anyPolicy(), anyHistory(), (policy, history) => {
        for (const { after } of playHistory(policy, history).steps) {
          const { state } = after;
          const numbers = [
            state.failures,
            state.failureSeq,
            state.consecutive,
            state.escalation,
            state.abandons,
          ];
          const contributed = state.contributions.reduce((sum, part) => sum + part.count, 0);
          const holds =
            numbers.every((value) => Number.isSafeInteger(value) && value >= 0) &&
            state.pending.length <= MAX_PENDING &&
            state.times.length <= MAX_TIMES &&
            state.failures <= state.failureSeq &&
            contributed <= state.failures &&
            (!state.lock?.until || state.lock.until > state.lock.since);
          if (!holds) throw new Error(JSON.stringify(state));
        }
      }),
      RUNS,
    );
  });

  test('judge foretells what a charge decides', () => {
    fc.assert(
      fc.property(anyPolicy(), anyHistory(), fc.nat({ max: 100 }), (policy, history, later) => {
        const { state, now } = playHistory(policy, history);
        for (const method of METHODS) {
          const { decision } = transition(policy, state, { type: 'charge', id: 'new', method }, now + later);
          expect(judge(policy, state, method, now + later)).toEqual(decision);
        }
      }),
      RUNS,
    );
  });

  test('a printed retryAt is exact to the millisecond on both sides', () => {
    let locks = 0;
    fc.assert(
      fc.property(anyPolicy(), anyHistory(), (policy, history) => {
        const played = playHistory(policy, history);
        // Attempts in flight may set another lock meanwhile: the law is about a key that is left alone.
        const state = { ...played.state, pending: [] };
        for (const method of METHODS) {
          const decision = judge(policy, state, method, played.now);
          if (decision.allowed || decision.reason !== 'locked') continue;
          locks += 1;
          if (decision.retryAt === null) {
            expect(isRefused(judge(policy, state, method, MAX_TIME_MS))).toBe(true);
            continue;
          }
          expect(decision.retryAt).toBeGreaterThan(played.now);
          expect(judge(policy, state, method, decision.retryAt - 1)).toEqual(decision);
          expect(judge(policy, state, method, decision.retryAt).allowed).toBe(true);
        }
      }),
      RUNS,
    );
    expect(locks).toBeGreaterThan(200);
  });

  test('a refusal changes nothing: the same reference, no event (P3, pitfall 9)', () => {
    let refusals = 0;
    fc.assert(
      fc.property(anyPolicy(), anyHistory(), fc.nat({ max: 40 }), (policy, history, later) => {
        const { state, now } = playHistory(policy, history);
        const ticked = transition(policy, state, { type: 'tick' }, now + later).state;
        for (const method of METHODS) {
          const refused = transition(policy, ticked, { type: 'charge', id: 'new', method }, now + later);
          if (!isRefused(refused.decision)) continue;
          refusals += 1;
          expect(refused.state).toBe(ticked);
          expect(refused.events).toEqual([]);
        }
      }),
      RUNS,
    );
    expect(refusals).toBeGreaterThan(200);
  });

  test('when time passed is folded in does not matter: ticks change no decision and no event (R3, R12)', () => {
    fc.assert(
      fc.property(anyPolicy(), anyHistory(), (policy, history) => {
        const ticking = history.flatMap((step): Step[] => {
          const half = Math.floor(step.after / 2);
          return [
            { do: 'tick', after: half },
            { ...step, after: step.after - half },
          ];
        });
        const plain = playHistory(policy, history);
        const ticked = playHistory(policy, ticking);
        expect(ticked.decisions.filter((_, index) => index % 2 === 1)).toEqual(plain.decisions);
        expect(ticked.events).toEqual(plain.events);
      }),
      RUNS,
    );
  });

  test('nextTickAt names the first moment at which a tick does something', () => {
    fc.assert(
      fc.property(anyPolicy(), anyHistory(), (policy, history) => {
        const { state } = playHistory(policy, history);
        const at = nextTickAt(policy, state);
        const tick = (now: number) => transition(policy, state, { type: 'tick' }, now).state;
        if (at === null) expect(tick(MAX_TIME_MS)).toBe(state);
        else {
          if (at > state.updatedAt) expect(tick(at - 1)).toBe(state);
          expect(tick(at)).not.toBe(state);
        }
      }),
      RUNS,
    );
  });
});

describe('the life of a record (R3, R25)', () => {
  test('a faded record decides, locks and fades like none, at all later times', () => {
    let faded = 0;
    fc.assert(
      fc.property(
        anyPolicy(),
        anyHistory(),
        anyHistory(),
        fc.nat({ max: 300 }),
        (policy, history, next, wait) => {
          const first = playHistory(policy, history);
          const { state } = transition(policy, first.state, { type: 'tick' }, first.now + wait);
          const now = first.now + wait;
          if (!isFaded(policy, state, now)) return;
          faded += 1;
          // Ids of before are unknown to a pruned record as well, but settle only what was begun after.
          const kept = playHistory(policy, next, { state, now });
          const pruned = playHistory(policy, next, { state: null, now });
          expect(kept.decisions.map(told)).toEqual(pruned.decisions.map(told));
          expect(kept.events).toEqual(pruned.events);
        },
      ),
      RUNS,
    );
    expect(faded).toBeGreaterThan(200);
  });

  test('keepUntil is the first moment at which a record without lock and charge is faded', () => {
    fc.assert(
      fc.property(anyPolicy(), anyHistory(), (policy, history) => {
        const { state } = playHistory(policy, history);
        const end = keepUntil(policy, state);
        if (state.lock || state.pending.length > 0) {
          for (const at of [state.updatedAt, end ?? MAX_TIME_MS])
            expect(isFaded(policy, state, at)).toBe(false);
          const deadlines = state.pending.map((charge) => charge.at + policy.attemptTimeoutMs);
          for (const life of [...deadlines, state.lock?.until ?? 0]) {
            expect(end ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(life);
          }
        } else if (end === null) expect(isFaded(policy, state, MAX_TIME_MS)).toBe(false);
        else {
          expect(isFaded(policy, state, end)).toBe(true);
          if (end > state.updatedAt) expect(isFaded(policy, state, end - 1)).toBe(false);
        }
      }),
      RUNS,
    );
  });
});

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

describe('unlock and password reset', () => {
  test('an unlock is whole: nothing is left, and the next budget is a full one (P6, R7, pitfall 16)', () => {
    fc.assert(
      fc.property(anyPolicy({ unlockKeepsEscalation: false }), anyHistory(), (policy, history) => {
        const { state, now } = playHistory(policy, history);
        const actor = { by: 'administrator', reason: 'asked to' };
        const { state: unlocked } = transition(policy, state, { type: 'unlock', via: 'admin', actor }, now);
        for (const method of METHODS) {
          expect(told(judge(policy, unlocked, method, now))).toEqual(told(judge(policy, null, method, now)));
        }
        expect(isFaded(policy, unlocked, now)).toBe(true);
        // What was in flight settles as nothing.
        for (const charge of state.pending) {
          expect(transition(policy, unlocked, { type: 'fail', id: charge.id }, now).state).toBe(unlocked);
        }
      }),
      RUNS,
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
          expect(Number.isSafeInteger(lasts)).toBe(true);
          expect(lasts).toBeGreaterThanOrEqual(Math.min(ms, MAX_TIME_MS - now));
          expect(lasts).toBeLessThanOrEqual(MAX_DURATION_MS);
        },
      ),
    );
  });
});
