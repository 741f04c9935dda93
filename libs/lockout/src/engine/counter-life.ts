import type { LockoutPolicy } from '../policy/policy.js';
import { isFaded, sweepAt } from '../policy/record-life.js';
import type { LockoutState } from '../policy/state.js';

/**
 * When the sweeper has to look at a record that several policies count in (brands' overrides): when its first charge in
 * flight is overdue, else when the last of them forgets it. Null: never.
 */
export function sweepAtOf(policies: readonly LockoutPolicy[], state: LockoutState): number | null {
  const moments = policies.map((policy) => sweepAt(policy, state) ?? Number.POSITIVE_INFINITY);
  const moment = state.pending.length > 0 ? Math.min(...moments) : Math.max(...moments);
  return Number.isFinite(moment) ? moment : null;
}

/** Whether none of them remembers anything any more (R25). */
export const isFadedFor = (policies: readonly LockoutPolicy[], state: LockoutState, now: number): boolean =>
  policies.every((policy) => isFaded(policy, state, now));
