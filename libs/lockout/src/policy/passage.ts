import type { LockoutEvent } from './event.js';
import { type Folded, foldFailure, withoutCharge } from './failure.js';
import { isInForce } from './lock.js';
import type { LockoutPolicy } from './policy.js';
import type { LockoutState, PendingCharge } from './state.js';

/** When a charge that nobody settles becomes a presumed failure (R3). */
export const deadlineOf = (policy: LockoutPolicy, charge: PendingCharge): number =>
  charge.at + policy.attemptTimeoutMs;

/** A disabled policy counts nothing: its overdue charges just end, so that none waits for ever (R13). */
const foldOverdue = (
  policy: LockoutPolicy,
  state: LockoutState,
  charge: PendingCharge,
  at: number,
): Folded =>
  policy.enabled
    ? foldFailure(policy, state, charge, at)
    : { state: withoutCharge(state, charge.id), events: [] };

/** The state once its lock has ended at `at`: where the budget begins anew then, the count that led to it is gone. */
export function withoutLock(policy: LockoutPolicy, state: LockoutState, at: number): LockoutState {
  const ended = { ...state, lock: null, lastLockEndedAt: at };
  const isFresh =
    'afterLock' in policy &&
    policy.afterLock === 'fresh-budget-at-end' &&
    (state.lock?.cause === 'failures' || state.lock?.cause === 'monitor');
  return isFresh ? { ...ended, failures: 0, times: [], windowStartedAt: null, contributions: [] } : ended;
}

const endLock = (policy: LockoutPolicy, state: LockoutState, at: number): Folded => ({
  state: withoutLock(policy, state, at),
  events: [{ type: 'expired', at }],
});

/**
 * Folds in what the passage of time did, in order: ended locks leave the record (R12), and charges past their
 * deadline become failures dated at it, with the locks those set (R3). The same reference if nothing happened.
 * A deadline that a changed policy moved into the past is taken as the record's last update: time never runs back.
 */
export function passTime(policy: LockoutPolicy, given: LockoutState, now: number): Folded {
  let state = given;
  const events: LockoutEvent[] = [];
  for (;;) {
    const overdue = state.pending.reduce<PendingCharge | null>(
      (first, charge) =>
        first === null || deadlineOf(policy, charge) < deadlineOf(policy, first) ? charge : first,
      null,
    );
    const deadline = overdue
      ? Math.max(deadlineOf(policy, overdue), given.updatedAt)
      : Number.POSITIVE_INFINITY;
    const until =
      state.lock && !isInForce(state.lock, now) ? (state.lock.until ?? now) : Number.POSITIVE_INFINITY;
    if (Math.min(deadline, until) > now) return { state, events };
    const step =
      overdue && deadline < until
        ? foldOverdue(policy, state, overdue, deadline)
        : endLock(policy, state, until);
    state = { ...step.state, updatedAt: now };
    events.push(...step.events);
  }
}
