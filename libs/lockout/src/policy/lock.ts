import type { RefusedDecision } from './decision.js';
import { type LockoutPolicy, type Method, refusesMethod } from './policy.js';
import type { Lock, LockoutState } from './state.js';

/** Latest moment a lock can end: the largest date JavaScript can express. */
export const MAX_TIME_MS = 8.64e15;

export const isInForce = (lock: Lock, now: number): boolean => lock.until === null || now < lock.until;

/** The lock that stands at `now` and, under this policy, keeps another from being set: monitor locks yield to real ones (R13). */
export function standingLock(policy: LockoutPolicy, state: LockoutState, now: number): Lock | null {
  const { lock } = state;
  if (!lock || !isInForce(lock, now)) return null;
  return lock.cause === 'monitor' && policy.enforce ? null : lock;
}

type LockedDecision = Extract<RefusedDecision, { reason: 'locked' }>;

/** The refusal of a method at `now` by a lock in force; null: no lock refuses it. */
export function lockRefusal(
  policy: LockoutPolicy,
  state: LockoutState,
  method: Method,
  now: number,
): LockedDecision | null {
  const { lock } = state;
  if (!policy.enabled || !policy.enforce || !refusesMethod(policy, method)) return null;
  if (!lock || lock.cause === 'monitor' || !isInForce(lock, now)) return null;
  return { allowed: false, reason: 'locked', retryAt: lock.until, cause: lock.cause, step: lock.step };
}

/** The refusal of a counted method by the pause after a failure (`minIntervalMs`); null: no pause runs. */
export function pauseRefusal(
  policy: LockoutPolicy,
  state: LockoutState,
  method: Method,
  now: number,
): LockedDecision | null {
  if (state.lastFailureAt === null) return null;
  if (!policy.enabled || !policy.enforce || !refusesMethod(policy, method)) return null;
  const retryAt = state.lastFailureAt + policy.minIntervalMs;
  return now < retryAt ? { allowed: false, reason: 'locked', retryAt, cause: 'pause', step: 0 } : null;
}
