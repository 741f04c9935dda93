import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anyHistory, anyPolicy } from '../testing/arbitraries.js';
import { playHistory, type Step } from '../testing/history.js';
import type { Decision } from './decision.js';
import { MAX_TIME_MS } from './lock.js';
import { isFaded, keepUntil, nextTickAt } from './record-life.js';
import { MAX_PENDING, MAX_TIMES } from './state.js';
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

  test('judge foretells what a charge decides, also on a clock that runs back (R28)', () => {
    fc.assert(
      fc.property(anyPolicy(), anyHistory(), fc.integer({ min: -80, max: 100 }), (policy, history, later) => {
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
        fc.option(fc.nat({ max: 300 })),
        (policy, history, next, wait) => {
          const first = playHistory(policy, history);
          // Most of all at the very moment at which the record is said to have faded.
          const end = keepUntil(policy, first.state) ?? first.now;
          const now = wait === null ? Math.max(first.now, end) : first.now + wait;
          const { state } = transition(policy, first.state, { type: 'tick' }, now);
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
          if (state.lock?.until === null) expect(end).toBeNull();
          // A lock's end moves nothing: the life was told when the lock was set.
          if (state.pending.length === 0 && state.lock?.until) {
            const ended = transition(policy, state, { type: 'tick' }, state.lock.until);
            expect(keepUntil(policy, ended.state)).toBe(end);
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
