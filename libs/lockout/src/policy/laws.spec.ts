import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anyHistory, anyPolicy } from '../testing/arbitraries.js';
import { playHistory, type Step } from '../testing/history.js';
import { assertLaw } from '../testing/law.js';
import { ADMIN } from '../testing/single-key.js';
import type { Decision } from './decision.js';
import { isInForce, MAX_TIME_MS } from './lock.js';
import { isFaded, keepUntil, nextTickAt, sweepAt } from './record-life.js';
import { MAX_CONTRIBUTIONS, MAX_PENDING, MAX_TIMES } from './state.js';
import { judge, transition } from './transition.js';

const METHODS = ['password', 'otp', 'totp'] as const;

/** A decision without `seq`, which counts failures ever counted and so differs between a pruned record and a kept one. */
const told = (decision: Decision | null) =>
  decision?.allowed ? { allowed: true, remaining: decision.remaining } : decision;

const isRefused = (decision: Decision | null) => decision !== null && !decision.allowed;

describe('laws of the rule, whatever the policy and the history', () => {
  test('no input is mutated, nothing throws, and every number stays whole and in range', () => {
    assertLaw([anyPolicy(), anyHistory()], (policy, history) => {
      for (const { before, after } of playHistory(policy, history).steps) {
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
          state.contributions.length <= MAX_CONTRIBUTIONS &&
          state.failures <= state.consecutive &&
          state.consecutive <= state.failureSeq &&
          contributed <= state.failures &&
          state.failureSeq >= (before?.failureSeq ?? 0) &&
          state.updatedAt >= (before?.updatedAt ?? 0) &&
          (!state.lock?.until || state.lock.until > state.lock.since);
        if (!holds) throw new Error(JSON.stringify(state));
      }
    });
  });

  test('a state is plain JSON: stored and loaded it is the same', () => {
    assertLaw([anyPolicy(), anyHistory()], (policy, history) => {
      const { state } = playHistory(policy, history);
      expect(JSON.parse(JSON.stringify(state))).toEqual(state);
    });
  });

  test('judge foretells what a charge decides, also on a clock that runs back (R28)', () => {
    assertLaw([anyPolicy(), anyHistory(), fc.integer({ min: -80, max: 100 })], (policy, history, later) => {
      const { state, now } = playHistory(policy, history);
      for (const method of METHODS) {
        const { decision } = transition(policy, state, { type: 'charge', id: 'new', method }, now + later);
        expect(judge(policy, state, method, now + later)).toEqual(decision);
      }
    });
  });

  test('a printed retryAt is exact to the millisecond on both sides', () => {
    let locks = 0;
    const runs = assertLaw([anyPolicy(), anyHistory()], (policy, history) => {
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
    });
    expect(locks).toBeGreaterThan(runs / 10);
  });

  test('a refusal changes nothing: the same reference, no event (P3, pitfall 9)', () => {
    let refusals = 0;
    const runs = assertLaw([anyPolicy(), anyHistory(), fc.nat({ max: 40 })], (policy, history, later) => {
      const { state, now } = playHistory(policy, history);
      const ticked = transition(policy, state, { type: 'tick' }, now + later).state;
      for (const method of METHODS) {
        const refused = transition(policy, ticked, { type: 'charge', id: 'new', method }, now + later);
        if (!isRefused(refused.decision)) continue;
        refusals += 1;
        expect(refused.state).toBe(ticked);
        expect(refused.events).toEqual([]);
      }
    });
    expect(refusals).toBeGreaterThan(runs / 10);
  });

  test('a lock in force is neither lifted, shortened nor moved by any attempt, settle or passing time (P2, R6)', () => {
    let stood = 0;
    const runs = assertLaw([anyPolicy(), anyHistory()], (policy, history) => {
      for (const { input, now, before, after } of playHistory(policy, history).steps) {
        const lock = before?.lock ?? null;
        if (!lock || !isInForce(lock, now) || ['unlock', 'reset-password', 'lock'].includes(input.type))
          continue;
        // What was only watched yields to a lock that refuses (R13).
        if (lock.cause === 'monitor' && policy.enforce) continue;
        stood += 1;
        expect(after.state.lock).toBe(lock);
        expect(after.state.escalation).toBeLessThanOrEqual(before?.escalation ?? 0);
      }
    });
    expect(stood).toBeGreaterThan(runs / 10);
  });

  test('settling an attempt twice is settling it once (R4)', () => {
    assertLaw([anyPolicy(), anyHistory()], (policy, history) => {
      const { state, now } = playHistory(policy, history);
      for (const { id } of state.pending) {
        for (const type of ['fail', 'abandon', 'withdraw'] as const) {
          const once = transition(policy, state, { type, id }, now).state;
          expect(once.pending.some((charge) => charge.id === id)).toBe(false);
          expect(transition(policy, once, { type, id }, now).state).toBe(once);
        }
      }
    });
  });

  test('a charge that is taken back leaves what stood before it (R1, R16)', () => {
    assertLaw([anyPolicy(), anyHistory()], (policy, history) => {
      const { state, now } = playHistory(policy, history);
      const charged = transition(policy, state, { type: 'charge', id: 'new', method: 'password' }, now).state;
      const { state: back } = transition(policy, charged, { type: 'withdraw', id: 'new' }, now);
      for (const method of METHODS) {
        expect(judge(policy, back, method, now)).toEqual(judge(policy, state, method, now));
      }
      expect(back.failureSeq).toBe(state.failureSeq);
    });
  });

  test('when time passed is folded in does not matter: ticks change no decision and no event (R3, R12)', () => {
    assertLaw([anyPolicy(), anyHistory()], (policy, history) => {
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
    });
  });

  test('nextTickAt names the first moment at which a tick does something', () => {
    assertLaw([anyPolicy(), anyHistory()], (policy, history) => {
      const { state } = playHistory(policy, history);
      const at = nextTickAt(policy, state);
      const tick = (now: number) => transition(policy, state, { type: 'tick' }, now).state;
      if (at === null) expect(tick(MAX_TIME_MS)).toBe(state);
      else {
        if (at > state.updatedAt) expect(tick(at - 1)).toBe(state);
        expect(tick(at)).not.toBe(state);
      }
    });
  });
});

describe('the life of a record (R3, R25)', () => {
  test('a faded record decides, locks and fades like none, at all later times', () => {
    let faded = 0;
    const runs = assertLaw(
      [anyPolicy(), anyHistory(), anyHistory(), fc.option(fc.nat({ max: 300 }))],
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
    );
    expect(faded).toBeGreaterThan(runs / 10);
  });

  test('keepUntil is the first moment at which a record without lock and charge is faded', () => {
    assertLaw([anyPolicy(), anyHistory()], (policy, history) => {
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
    });
  });

  test('the sweeper comes by when a record is over or a charge is overdue, and never later than either', () => {
    assertLaw([anyPolicy(), anyHistory()], (policy, history) => {
      const { state } = playHistory(policy, history);
      const due = state.pending.map((charge) => charge.at + policy.attemptTimeoutMs);
      const first = Math.min(keepUntil(policy, state) ?? Number.POSITIVE_INFINITY, ...due);
      expect(sweepAt(policy, state)).toBe(Number.isFinite(first) ? first : null);
    });
  });
});

describe('unlock and password reset', () => {
  test('an unlock is whole: nothing is left, and the next budget is a full one (P6, R7, pitfall 16)', () => {
    const policies = anyPolicy({ unlockKeepsEscalation: false, unlockKeepsCount: false });
    assertLaw([policies, anyHistory()], (policy, history) => {
      const { state, now } = playHistory(policy, history);
      const { state: unlocked } = transition(
        policy,
        state,
        { type: 'unlock', via: 'admin', actor: ADMIN },
        now,
      );
      for (const method of METHODS) {
        expect(told(judge(policy, unlocked, method, now))).toEqual(told(judge(policy, null, method, now)));
      }
      expect(isFaded(policy, unlocked, now)).toBe(true);
      // What was in flight settles as nothing.
      for (const charge of state.pending) {
        expect(transition(policy, unlocked, { type: 'fail', id: charge.id }, now).state).toBe(unlocked);
      }
    });
  });

  test('an unlock lifts the lock whatever the policy keeps, and a second one finds nothing to do', () => {
    assertLaw([anyPolicy(), anyHistory()], (policy, history) => {
      const { state, now } = playHistory(policy, history);
      const unlock = { type: 'unlock', via: 'admin', actor: ADMIN } as const;
      const { state: once } = transition(policy, state, unlock, now);
      expect([once.lock, once.pending]).toEqual([null, []]);
      expect(transition(policy, once, unlock, now).state).toBe(once);
    });
  });
});
