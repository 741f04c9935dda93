import type { LockoutPolicy } from '../policy.js';
import type { LockoutState } from '../state.js';
import { forgottenAt, remember } from '../window.js';

/** When nothing is remembered any more of what happened up to now. Infinity: never. */
export const allFadesAt = (policy: LockoutPolicy, state: LockoutState): number => forgottenAt(policy, state);

/**
 * The next moment after `now` at which something is forgotten: a failure, the count, the escalation, or that the last
 * failure is too fresh for another. Infinity: never.
 */
export function nextFadesAt(policy: LockoutPolicy, given: LockoutState, now: number): number {
  const state = remember(policy, given, now);
  const { window, quickFailure } = policy;
  // Each part alone: `forgottenAt` is the last of what still stands.
  const alone: LockoutPolicy = { ...policy, quickFailure: null, minIntervalMs: 0 };
  const none = { failures: 0, times: [], escalation: 0, consecutive: 0 };
  const moments = [
    forgottenAt(alone, { ...state, ...none, failures: state.failures, times: state.times }),
    forgottenAt(alone, { ...state, ...none, escalation: state.escalation }),
    forgottenAt(alone, { ...state, ...none, consecutive: state.consecutive }),
  ];
  const oldest = state.times[0];
  if (window.kind === 'sliding' && oldest !== undefined) {
    moments.push(oldest + window.durationMs + (window.end === 'inclusive' ? 1 : 0));
  }
  if (quickFailure && state.lastFailureAt !== null) moments.push(state.lastFailureAt + quickFailure.withinMs);
  return Math.min(Number.POSITIVE_INFINITY, ...moments.filter((moment) => moment > now));
}
