import { days } from './duration.js';
import type { LockoutPolicy, Window } from './policy.js';
import { EMPTY_STATE, type LockoutState, MAX_TIMES } from './state.js';

/** How long granted refunds are remembered where the policy's window is `none`. */
const DEFAULT_ABANDON_WINDOW_MS = days(1);

const isInclusive = (window: Window): boolean => window.kind !== 'none' && window.end === 'inclusive';

const isOver = (window: Window, end: number, now: number): boolean =>
  isInclusive(window) ? now > end : now >= end;

/** When the lock that is in force, or else the last one, ends or ended. Indefinite: infinity; never locked: null. */
function lockEnd(state: LockoutState): number | null {
  if (state.lock) return state.lock.until ?? Number.POSITIVE_INFINITY;
  return state.lastLockEndedAt;
}

/** The last moment at which the whole count is still remembered, before `retentionMs`; infinity if it never fades. */
function windowEnd(window: Window, state: LockoutState): number {
  switch (window.kind) {
    case 'none':
      return Number.POSITIVE_INFINITY;
    case 'idle': {
      const failure = state.lastFailureAt ?? Number.NEGATIVE_INFINITY;
      const anchor =
        window.anchor === 'later-of-failure-and-lock-end'
          ? Math.max(failure, lockEnd(state) ?? Number.NEGATIVE_INFINITY)
          : failure;
      return anchor + window.durationMs;
    }
    case 'fixed':
      return (state.windowStartedAt ?? Number.NEGATIVE_INFINITY) + window.durationMs;
    case 'sliding':
      return (state.lastFailureAt ?? Number.NEGATIVE_INFINITY) + window.durationMs;
    default:
      return window satisfies never;
  }
}

function retentionEnd(policy: LockoutPolicy, state: LockoutState): number {
  if (policy.retentionMs === null) return Number.POSITIVE_INFINITY;
  return (
    Math.max(state.lastFailureAt ?? Number.NEGATIVE_INFINITY, lockEnd(state) ?? Number.NEGATIVE_INFINITY) +
    policy.retentionMs
  );
}

const hasCount = (state: LockoutState): boolean => state.failures > 0;

/**
 * When each standing failure happened, oldest first. A count that was kept under another kind of window has no times:
 * those failures are taken to be as late as they can be, so that a changed policy forgets none early.
 */
export function timesOf(state: LockoutState): readonly number[] {
  const missing = state.failures - state.times.length;
  if (missing === 0 || state.lastFailureAt === null) return state.times;
  if (missing < 0) return state.failures === 0 ? EMPTY_STATE.times : state.times.slice(-state.failures);
  const oldest = state.times[0] ?? state.lastFailureAt;
  return [...Array<number>(Math.min(missing, MAX_TIMES)).fill(oldest), ...state.times];
}

/** Whether everything that counts failures is forgotten by now. */
function isCountForgotten(policy: LockoutPolicy, state: LockoutState, now: number): boolean {
  return isOver(policy.window, windowEnd(policy.window, state), now) || now >= retentionEnd(policy, state);
}

function isEscalationForgotten(policy: LockoutPolicy, state: LockoutState, now: number): boolean {
  if (now >= retentionEnd(policy, state)) return true;
  switch (policy.escalationWindow) {
    case 'never':
      return false;
    case 'with-failures':
      return isCountForgotten(policy, state, now);
    default: {
      const end = lockEnd(state);
      return end !== null && now >= end + policy.escalationWindow.durationMs;
    }
  }
}

/** When a key's granted refunds are forgotten. */
export function abandonsForgottenAt(policy: LockoutPolicy, state: LockoutState): number {
  if (state.abandonsSince === null) return Number.NEGATIVE_INFINITY;
  const { window } = policy;
  return state.abandonsSince + (window.kind === 'none' ? DEFAULT_ABANDON_WINDOW_MS : window.durationMs);
}

/**
 * The state with everything forgotten that is forgotten at `now`; the same reference if nothing is.
 * A lock, a charge in flight, and when the last failure and the last lock's end were, are never forgotten here:
 * the pause and the retention of what outlives the window are measured from them.
 */
export function remember(policy: LockoutPolicy, state: LockoutState, now: number): LockoutState {
  let next = state;
  const { window } = policy;
  if (hasCount(next)) {
    if (isCountForgotten(policy, next, now)) {
      next = {
        ...next,
        failures: 0,
        times: EMPTY_STATE.times,
        windowStartedAt: null,
        contributions: EMPTY_STATE.contributions,
      };
    } else if (window.kind === 'sliding') {
      const known = timesOf(next);
      const times = known.filter((at) => !isOver(window, at + window.durationMs, now));
      // The anchor moves along, or a fixed window that is saved over this one would begin too early.
      if (times.length < known.length)
        next = { ...next, times, failures: times.length, windowStartedAt: times[0] ?? null };
    }
  }
  if (next.escalation > 0 && isEscalationForgotten(policy, state, now)) next = { ...next, escalation: 0 };
  if (next.consecutive > 0 && now >= retentionEnd(policy, state)) next = { ...next, consecutive: 0 };
  if (next.abandonsSince !== null && now >= abandonsForgottenAt(policy, next)) {
    next = { ...next, abandons: 0, abandonsSince: null };
  }
  // A record that may be pruned by now says what a pruned one would: nothing of failures in a row either (R25).
  const mayBePruned = next.lock === null && next.pending.length === 0 && now >= forgottenAt(policy, next);
  return mayBePruned && next.consecutive > 0 ? { ...next, consecutive: 0 } : next;
}

/** The first moment from which `remember` leaves nothing of the count; infinity: never. Expects one that is remembered. */
export function countForgottenAt(policy: LockoutPolicy, state: LockoutState): number {
  const { window } = policy;
  return Math.min(windowEnd(window, state) + (isInclusive(window) ? 1 : 0), retentionEnd(policy, state));
}

/**
 * The first moment from which `remember` leaves nothing of the count, the escalation and the refunds
 * (`NEGATIVE_INFINITY`: already nothing; `POSITIVE_INFINITY`: never). Locks and charges in flight not considered.
 */
export function forgottenAt(policy: LockoutPolicy, state: LockoutState): number {
  const ends: number[] = [abandonsForgottenAt(policy, state)];
  const countEnd = countForgottenAt(policy, state);
  if (hasCount(state)) ends.push(countEnd);
  if (state.escalation > 0) {
    const end = lockEnd(state) ?? Number.NEGATIVE_INFINITY;
    ends.push(
      Math.min(
        retentionEnd(policy, state),
        policy.escalationWindow === 'never'
          ? Number.POSITIVE_INFINITY
          : policy.escalationWindow === 'with-failures'
            ? countEnd
            : end + policy.escalationWindow.durationMs,
      ),
    );
  }
  if (policy.indefiniteAfterFailures !== null && state.consecutive > 0)
    ends.push(retentionEnd(policy, state));
  if (policy.minIntervalMs > 0 && state.lastFailureAt !== null)
    ends.push(state.lastFailureAt + policy.minIntervalMs);
  if (policy.quickFailure && state.lastFailureAt !== null)
    ends.push(state.lastFailureAt + policy.quickFailure.withinMs);
  return Math.max(...ends);
}
