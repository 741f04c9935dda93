import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyHistory, anyPolicy } from '../testing/arbitraries.js';
import { playHistory } from '../testing/history.js';
import { assertLaw } from '../testing/law.js';
import { definePolicy } from './define-policy.js';
import { minutes } from './duration.js';
import {
  foretellFailure,
  foretellForgetting,
  foretellReset,
  foretellSuccess,
  standingState,
} from './foretelling.js';
import type { LockoutPolicy } from './policy.js';
import { EMPTY_STATE, type LockoutState } from './state.js';
import { judge, transition } from './transition.js';

const method = fc.constantFrom('password', 'otp', 'totp');
const attempt = fc.record({ method, from: fc.constantFrom('A', 'B', 'C') });

/** One real attempt that fails; null: it was refused, or nothing counted it. */
function failOnce(
  policy: LockoutPolicy,
  state: LockoutState,
  by: { method: string; from: string },
  now: number,
) {
  const charged = transition(policy, state, { type: 'charge', id: 'real', ...by }, now);
  if (!charged.decision?.allowed || charged.decision.remaining === null) return null;
  const failed = transition(policy, charged.state, { type: 'fail', id: 'real' }, now);
  return { state: failed.state, locked: failed.events.find((event) => event.type === 'locked') };
}

describe('what is foretold comes to pass, for any policy after any history', () => {
  it('of the next failure: whether it locks, and for how long', () => {
    let locks = 0;
    assertLaw([anyPolicy(), anyHistory(), attempt], (policy, history, by) => {
      const { state, now } = playHistory(policy, history);
      const foretold = foretellFailure(policy, state, by, now);
      const real = failOnce(policy, state, by, now);
      expect(foretold === null).toBe(real === null);
      if (!foretold || !real) return;
      const { locked } = real;
      const lockMs = locked && locked.until !== null ? locked.until - locked.at : null;
      expect([foretold.locks, foretold.lockMs]).toEqual([locked !== undefined, lockMs]);
      if (foretold.locks) locks += 1;
    });
    expect(locks).toBeGreaterThan(0);
  });

  it('of how many failures lock, where they come one after the other', () => {
    let several = 0;
    const plain = anyPolicy({ quickFailure: null, minIntervalMs: 0 });
    assertLaw([plain, anyHistory(), attempt], (policy, history, by) => {
      const { state, now } = playHistory(policy, history);
      const foretold = foretellFailure(policy, state, by, now);
      if (!foretold || standingState(policy, state, now).pending.length > 0) return;
      let next = state;
      for (let failures = 1; failures <= 64; failures += 1) {
        const real = failOnce(policy, next, by, now);
        expect(real).not.toBeNull();
        if (real?.locked) {
          expect(foretold.failuresToLock).toBe(failures);
          if (failures > 1) several += 1;
          return;
        }
        next = real?.state ?? next;
      }
      // Only what stands keeps further failures from locking.
      expect(foretold.failuresToLock).toBeNull();
    });
    expect(several).toBeGreaterThan(0);
  });

  it('of the next success: what it leaves', () => {
    let cleared = 0;
    assertLaw([anyPolicy(), anyHistory(), attempt], (policy, history, by) => {
      const { state, now } = playHistory(policy, history);
      const foretold = foretellSuccess(policy, [policy], state, by, now);
      const charged = transition(policy, state, { type: 'charge', id: 'real', ...by }, now);
      const { decision } = charged;
      if (!decision?.allowed || decision.remaining === null) {
        expect(foretold).toBeNull();
        return;
      }
      const success = { type: 'succeed', id: 'real', ...by, seq: decision.seq, final: true } as const;
      const after = standingState(policy, transition(policy, charged.state, success, now).state, now);
      expect(foretold).toEqual({ failures: after.failures, escalation: after.escalation });
      if (standingState(policy, state, now).failures > after.failures) cleared += 1;
    });
    expect(cleared).toBeGreaterThan(0);
  });

  it('of forgetting: one failure counts to the last millisecond before, and none from then on', () => {
    let forgotten = 0;
    assertLaw([anyPolicy(), anyHistory()], (policy, history) => {
      const { state, now } = playHistory(policy, history);
      const at = foretellForgetting(policy, state, now);
      const failures = (then: number): number => standingState(policy, state, then).failures;
      const standing = standingState(policy, state, now);
      if (at === null) {
        const isOpen = standing.pending.length > 0;
        expect(isOpen || failures(now) === 0 || failures(now + 1e9) > 0).toBe(true);
        return;
      }
      expect(at).toBeGreaterThan(now);
      expect([failures(at - 1) > 0, failures(at)]).toEqual([true, 0]);
      forgotten += 1;
    });
    expect(forgotten).toBeGreaterThan(0);
  });

  it('of a password reset: whether it clears anything', () => {
    let cleared = 0;
    assertLaw([anyPolicy(), anyHistory(), fc.boolean()], (policy, history, manualLock) => {
      const { state, now } = playHistory(policy, history);
      const passed = transition(policy, state, { type: 'tick' }, now).state;
      const actor = { by: 'owner', reason: 'reset' };
      const after = transition(policy, passed, { type: 'reset-password', actor, manualLock }, now).state;
      expect(foretellReset(policy, state, manualLock, now)).toBe(after !== passed);
      if (after !== passed) cleared += 1;
    });
    expect(cleared).toBeGreaterThan(0);
  });
});

describe('what is foretold', () => {
  const login = definePolicy({
    name: 'login',
    threshold: 3,
    counts: ['password'],
    window: { kind: 'idle', durationMs: minutes(60) },
    schedule: { kind: 'exponential', initialMs: minutes(5), factor: 2, by: 'lockouts' },
  });
  const byPassword = { method: 'password', from: 'A' };

  it('of a key that nobody failed at: three failures lock', () => {
    expect(foretellFailure(login, EMPTY_STATE, byPassword, 1000)).toEqual({
      locks: false,
      lockMs: null,
      failuresToLock: 3,
    });
    expect(foretellForgetting(login, EMPTY_STATE, 1000)).toBeNull();
    expect(foretellSuccess(login, [login], EMPTY_STATE, byPassword, 1000)).toEqual({
      failures: 0,
      escalation: 0,
    });
  });

  it('is nothing for a method that is not counted, or while the policy is off', () => {
    expect(foretellFailure(login, EMPTY_STATE, { method: 'otp' }, 1000)).toBeNull();
    const off = definePolicy({ ...login, enabled: false });
    expect(foretellFailure(off, EMPTY_STATE, byPassword, 1000)).toBeNull();
    expect(foretellSuccess(off, [off], EMPTY_STATE, byPassword, 1000)).toBeNull();
    expect(foretellSuccess(login, [], EMPTY_STATE, byPassword, 1000)).toBeNull();
  });

  it('weighs a failure as it will be weighed', () => {
    const heavy = definePolicy({ ...login, threshold: 5, weights: { password: 2 } });
    expect(foretellFailure(heavy, EMPTY_STATE, byPassword, 1000)?.failuresToLock).toBe(3);
  });

  it('changes nothing: the judgement afterwards is the same', () => {
    const { state, now } = playHistory(login, [
      { after: 0, do: 'charge', attempt: 1, ...byPassword },
      { after: 0, do: 'fail', attempt: 1 },
    ]);
    const before = judge(login, state, 'password', now);
    foretellFailure(login, state, byPassword, now);
    foretellReset(login, state, false, now);
    expect(judge(login, state, 'password', now)).toEqual(before);
  });
});
