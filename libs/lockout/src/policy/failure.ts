import type { LockoutEvent } from './event.js';
import { MAX_TIME_MS, standingLock } from './lock.js';
import type { LockoutPolicy } from './policy.js';
import { isQuick, type Locking, lockChange, lockingOf } from './schedule.js';
import {
  type Contribution,
  EMPTY_STATE,
  type Lock,
  type LockoutState,
  MAX_CONTRIBUTIONS,
  MAX_TIMES,
  type PendingCharge,
} from './state.js';
import { remember, timesOf } from './window.js';

export interface Folded {
  readonly state: LockoutState;
  readonly events: readonly LockoutEvent[];
}

/** Adds a failure to its address's part; past 16 addresses it stays in the part that no success clears (R34). */
function contribute(
  parts: readonly Contribution[],
  charge: PendingCharge,
  seq: number,
): readonly Contribution[] {
  const { from, weight } = charge;
  if (from === undefined) return parts;
  const known = parts.find((part) => part.from === from);
  if (known) return parts.map((part) => (part === known ? { from, count: part.count + weight, seq } : part));
  return parts.length < MAX_CONTRIBUTIONS ? [...parts, { from, count: weight, seq }] : parts;
}

export const withoutCharge = (state: LockoutState, id: string): LockoutState =>
  state.pending.some((charge) => charge.id === id)
    ? { ...state, pending: state.pending.filter((charge) => charge.id !== id) }
    : state;

/** What a lock that has no cause but the count leaves of it: nothing, where the next budget begins with the lock. */
const freshBudget = (policy: LockoutPolicy): Partial<LockoutState> =>
  'afterLock' in policy && policy.afterLock === 'fresh-budget'
    ? { failures: 0, times: [], contributions: [] }
    : {};

/** Under a schedule's lock the longer of both; alone a lock of its own, which is no step and does not escalate. */
function lockedBy(
  policy: LockoutPolicy,
  counted: LockoutState,
  locking: Locking | null,
  quickMs: number,
  at: number,
): LockoutState {
  const durationMs =
    locking === null ? quickMs : locking.durationMs === null ? null : Math.max(locking.durationMs, quickMs);
  const until = durationMs === null ? null : Math.min(at + durationMs, MAX_TIME_MS);
  const cause = !policy.enforce ? 'monitor' : locking ? 'failures' : 'quick';
  const lock = { since: at, until, cause, step: locking?.step ?? 0 } as const;
  return locking
    ? { ...counted, ...freshBudget(policy), escalation: counted.escalation + 1, lock }
    : { ...counted, lock };
}

/**
 * A charge of this key is now a failure, dated `at`: it counts, and locks if it is the failure that locks. Under a
 * lock in force it counts but neither extends nor escalates (R6).
 */
export function foldFailure(
  policy: LockoutPolicy,
  given: LockoutState,
  charge: PendingCharge,
  at: number,
): Folded {
  const known = remember(policy, withoutCharge(given, charge.id), at);
  const failureSeq = known.failureSeq + charge.weight;
  const sliding = policy.window.kind === 'sliding';
  const times = sliding
    ? [...timesOf(known), ...Array<number>(charge.weight).fill(at)].slice(-MAX_TIMES)
    : EMPTY_STATE.times;
  const counted: LockoutState = {
    ...known,
    times,
    failures: sliding ? times.length : known.failures + charge.weight,
    windowStartedAt: known.failures === 0 ? at : known.windowStartedAt,
    lastFailureAt: at,
    failureSeq,
    consecutive: known.consecutive + charge.weight,
    contributions:
      policy.onSuccess === 'clear-own-address'
        ? contribute(known.contributions, charge, failureSeq)
        : known.contributions,
    updatedAt: at,
  };
  const previousFailureAt = known.failures > 0 ? known.lastFailureAt : null;
  const noted: LockoutEvent[] =
    policy.notify?.from !== undefined && counted.failures >= policy.notify.from
      ? [{ type: 'failed', at, failures: counted.failures, previousFailureAt }]
      : [];
  if (standingLock(policy, counted, at)) return { state: counted, events: noted };
  const locking = lockingOf(policy, counted, known.failures);
  const quickMs = isQuick(policy, known, at) ? (policy.quickFailure?.lockMs ?? 0) : 0;
  if (!locking && quickMs === 0) return { state: counted, events: noted };
  const state = lockedBy(policy, counted, locking, quickMs, at);
  const { until, cause, step } = state.lock as Lock;
  return {
    state,
    events: [
      {
        type: 'locked',
        at,
        until,
        cause,
        failures: counted.failures,
        escalation: state.escalation,
        step,
        // A quick failure's own lock is no step of a row.
        change: locking ? lockChange(policy, known, locking) : 'locked',
        previousFailureAt,
      },
    ],
  };
}
