import { clearedEvents } from './cleared.js';
import type { ClearedVia, LockoutEvent } from './event.js';
import type { Folded } from './failure.js';
import type { LockoutPolicy } from './policy.js';
import { firstLockingCount } from './schedule.js';
import type { LockoutState } from './state.js';
import { remember, timesOf } from './window.js';

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

/** What a completed sign-in by a counted method leaves. The same reference if it clears nothing. */
function cleared(
  policy: LockoutPolicy,
  state: LockoutState,
  from: string | undefined,
  seq: number,
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

/** Failures in a row from which a success that ends them is told of. */
const tellsFrom = (policy: LockoutPolicy): number => policy.notify?.successAfter ?? firstLockingCount(policy);

/** What a completed sign-in by a counted method clears, and its events. Never a lock. Null if nothing stands to clear. */
export function clearBySuccess(
  policy: LockoutPolicy,
  state: LockoutState,
  via: Extract<ClearedVia, 'success' | 'completed'>,
  at: number,
  seq: number,
  from: string | undefined,
): Folded | null {
  // Asked first of what is stored, so that the common success, before which nobody failed, costs no more than this.
  if (cleared(policy, state, from, seq) === state) return null;
  // What is forgotten by now is nothing that a success clears, nor anything that may stay after it.
  const known = remember(policy, state, at);
  const next = cleared(policy, known, from, seq);
  const ended = known.consecutive - next.consecutive;
  const events: LockoutEvent[] = clearedEvents(known, next, via, at);
  if (ended >= tellsFrom(policy)) events.unshift({ type: 'succeeded-after-failures', at, failures: ended });
  return { state: next, events };
}
