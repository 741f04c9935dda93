import type { LockoutPolicy } from './policy.js';
import type { LockoutState } from './state.js';
import { timesOf } from './window.js';

/** Whether a success would find nothing to clear. */
const isClean = (policy: LockoutPolicy, state: LockoutState): boolean =>
  // Standing failures are failures in a row, too.
  state.consecutive === 0 &&
  state.escalation === 0 &&
  state.abandonsSince === null &&
  // A failure that no longer counts may still make the next one a quick one.
  (policy.quickFailure === null || state.lastFailureAt === null);

/** Drops the standing failures that `seq` saw, and escalation; later failures stay (R5). */
function clearUpTo(policy: LockoutPolicy, state: LockoutState, seq: number): LockoutState {
  // A `seq` from the future: the record was forgotten and began anew, so nothing of it was seen.
  if (seq > state.failureSeq || isClean(policy, state)) return state;
  const later = state.failureSeq - seq;
  const failures = Math.min(state.failures, later);
  return {
    ...state,
    failures,
    times: failures === 0 ? [] : timesOf(state).slice(-failures),
    // When the first of those that stay happened is not known; the last is the strict side.
    windowStartedAt: failures === 0 ? null : state.lastFailureAt,
    lastFailureAt: later === 0 ? null : state.lastFailureAt,
    consecutive: Math.min(state.consecutive, later),
    contributions: [],
    escalation: 0,
    abandons: 0,
    abandonsSince: null,
  };
}

/** Drops what one address contributed, as far as `seq` saw it; escalation goes only when nobody else's failure is left. */
function clearOwnAddress(
  policy: LockoutPolicy,
  state: LockoutState,
  from: string | undefined,
  seq: number,
): LockoutState {
  const own = state.contributions.find((part) => part.from === from);
  if (!own || seq > state.failureSeq) return state;
  const kept = own.seq <= seq ? 0 : Math.min(own.count, state.failureSeq - seq);
  const cleared = own.count - kept;
  if (state.consecutive <= cleared) return clearUpTo(policy, state, state.failureSeq);
  return {
    ...state,
    failures: Math.max(0, state.failures - cleared),
    consecutive: state.consecutive - cleared,
    contributions: state.contributions.flatMap((part) =>
      part !== own ? [part] : kept > 0 ? [{ ...own, count: kept }] : [],
    ),
  };
}

/** What a completed sign-in by a counted method clears. Never a lock. The same reference if nothing. */
export function clearBySuccess(
  policy: LockoutPolicy,
  state: LockoutState,
  seq: number,
  from?: string,
): LockoutState {
  switch (policy.onSuccess) {
    case 'clear':
      return clearUpTo(policy, state, seq);
    case 'clear-own-address':
      return clearOwnAddress(policy, state, from, seq);
    case 'refund':
      return state;
    default:
      return policy.onSuccess satisfies never;
  }
}
