import type { LockoutEvent } from './event.js';
import { type Folded, foldFailure } from './failure.js';
import { isInForce } from './lock.js';
import type { LockoutPolicy } from './policy.js';
import type { LockoutState, PendingCharge } from './state.js';

/** When a charge that nobody settles becomes a presumed failure (R3). */
const deadlineOf = (policy: LockoutPolicy, charge: PendingCharge): number =>
  charge.at + policy.attemptTimeoutMs;

function endLock(state: LockoutState, at: number): Folded {
  return {
    state: { ...state, lock: null, lastLockEndedAt: at },
    events: [{ type: 'expired', at }],
  };
}

/**
 * Folds in what the passage of time did, in order: ended locks leave the record (R12), and charges past their
 * deadline become failures dated at it, with the locks those set (R3). The same reference if nothing happened.
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
    const deadline = overdue ? deadlineOf(policy, overdue) : Number.POSITIVE_INFINITY;
    const until =
      state.lock && !isInForce(state.lock, now) ? (state.lock.until ?? now) : Number.POSITIVE_INFINITY;
    if (Math.min(deadline, until) > now) return { state, events };
    const step =
      overdue && deadline < until ? foldFailure(policy, state, overdue, deadline) : endLock(state, until);
    state = { ...step.state, updatedAt: now };
    events.push(...step.events);
  }
}
