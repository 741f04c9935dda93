import { deadlineOf, withoutLock } from './passage.js';
import type { LockoutPolicy } from './policy.js';
import type { LockoutState } from './state.js';
import { forgottenAt } from './window.js';

/**
 * From when on a record says nothing any more: no lock, no charge in flight, nothing remembered. Epoch ms;
 * null: never (an indefinite lock, a count that does not fade). Derived from the rule, never configured (R3, R25).
 *
 * A charge in flight keeps a record to its deadline only: by then it is folded as a failure, which sets the life anew.
 */
export function keepUntil(policy: LockoutPolicy, state: LockoutState): number | null {
  const until = state.lock ? state.lock.until : 0;
  if (until === null) return null;
  const ends = [
    state.updatedAt,
    until,
    forgottenAt(policy, state.lock ? withoutLock(policy, state, until) : state),
    ...state.pending.map((charge) => deadlineOf(policy, charge)),
  ];
  const end = Math.max(...ends);
  return Number.isFinite(end) ? end : null;
}

/**
 * When a `tick` would next change this record: its lock ends, or a charge in flight becomes a presumed failure. Epoch
 * ms; null: only an input will.
 */
export function nextTickAt(policy: LockoutPolicy, state: LockoutState): number | null {
  const due = Math.min(
    state.lock?.until ?? Number.POSITIVE_INFINITY,
    ...state.pending.map((charge) => deadlineOf(policy, charge)),
  );
  return Number.isFinite(due) ? due : null;
}

/**
 * When the sweeper has to look at this record: its life is over, or a charge in flight is overdue (R3), however long the
 * rest is remembered. Null: never.
 */
export function sweepAt(policy: LockoutPolicy, state: LockoutState): number | null {
  // A record's life outlasts every charge in flight.
  return state.pending.length === 0
    ? keepUntil(policy, state)
    : Math.min(...state.pending.map((charge) => deadlineOf(policy, charge)));
}

/** Whether deleting this record at `now` changes no decision: `transition` treats it as absent (R25). */
export function isFaded(policy: LockoutPolicy, state: LockoutState, now: number): boolean {
  if (state.lock || state.pending.length > 0) return false;
  return now >= Math.max(state.updatedAt, forgottenAt(policy, state));
}
