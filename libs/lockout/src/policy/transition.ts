import type { Decision } from './decision.js';
import type { LockoutEvent, StateBefore } from './event.js';
import { foldFailure, withoutCharge } from './failure.js';
import type { Actor, Input, UnlockVia } from './input.js';
import { isInForce, lockRefusal, pauseRefusal } from './lock.js';
import { passTime } from './passage.js';
import { countsMethod, type LockoutPolicy, type Method } from './policy.js';
import { roomOf } from './schedule.js';
import { EMPTY_STATE, type LockoutState, MAX_PENDING, type PendingCharge } from './state.js';
import { remember } from './window.js';

/** `decision` answers `charge` and `succeed`; every other input is null. */
export interface Transition {
  /** The same reference as the one given: nothing to write. */
  readonly state: LockoutState;
  readonly decision: Decision | null;
  readonly events: readonly LockoutEvent[];
}

const NO_EVENTS: readonly LockoutEvent[] = Object.freeze([]);

const weightOf = (policy: LockoutPolicy, method: Method): number => policy.weights[method] ?? 1;

const inFlight = (state: LockoutState): number =>
  state.pending.reduce((sum, charge) => sum + charge.weight, 0);

/** What an attempt would be told, on a state that time has been folded into. */
function decide(policy: LockoutPolicy, state: LockoutState, method: Method, now: number): Decision {
  const refusal = lockRefusal(policy, state, method, now) ?? pauseRefusal(policy, state, method, now);
  if (refusal) return refusal;
  if (!policy.enabled || !countsMethod(policy, method))
    return { allowed: true, remaining: null, seq: state.failureSeq };
  const room = roomOf(policy, remember(policy, state, now)) - inFlight(state);
  if (policy.enforce && (room <= 0 || state.pending.length >= MAX_PENDING)) {
    return { allowed: false, reason: 'exhausted', retryAt: null };
  }
  return { allowed: true, remaining: Math.max(0, room - weightOf(policy, method)), seq: state.failureSeq };
}

/**
 * What {@link transition} would decide about an attempt of this method now. Reads only.
 * Pass `null` for a key that has no record.
 */
export function judge(
  policy: LockoutPolicy,
  state: LockoutState | null,
  method: Method,
  now: number,
): Decision {
  const known = state ?? EMPTY_STATE;
  const at = Math.max(now, known.updatedAt);
  return decide(policy, policy.enabled ? passTime(policy, known, at).state : known, method, at);
}

/** Drops the standing failures that `seq` saw; later ones stay (R5). */
function clearUpTo(state: LockoutState, seq: number): LockoutState {
  if (seq > state.failureSeq) return state; // The record was forgotten and began anew: nothing of it was seen.
  const later = state.failureSeq - seq;
  const failures = Math.min(state.failures, later);
  return {
    ...state,
    failures,
    times: later === 0 ? [] : state.times.slice(-later),
    windowStartedAt: failures === 0 ? null : state.windowStartedAt,
    lastFailureAt: failures === 0 ? null : state.lastFailureAt,
    consecutive: Math.min(state.consecutive, later),
    contributions: [],
    escalation: 0,
    abandons: 0,
    abandonsSince: null,
  };
}

/** Drops what one address contributed, as far as `seq` saw it. */
function clearOwnAddress(state: LockoutState, from: string | undefined, seq: number): LockoutState {
  const own = state.contributions.find((part) => part.from === from);
  if (!own || seq > state.failureSeq) return state;
  const kept = own.seq <= seq ? 0 : Math.min(own.count, state.failureSeq - seq);
  const failures = Math.max(0, state.failures - (own.count - kept));
  if (failures === 0) return clearUpTo(state, state.failureSeq);
  return {
    ...state,
    failures,
    contributions: state.contributions.flatMap((part) =>
      part !== own ? [part] : kept ? [{ ...own, count: kept }] : [],
    ),
  };
}

function clearBySuccess(
  policy: LockoutPolicy,
  state: LockoutState,
  seq: number,
  from?: string,
): LockoutState {
  switch (policy.onSuccess) {
    case 'clear':
      return clearUpTo(state, seq);
    case 'clear-own-address':
      return clearOwnAddress(state, from, seq);
    case 'refund':
      return state;
    default:
      return policy.onSuccess satisfies never;
  }
}

const beforeOf = (state: LockoutState): StateBefore => ({
  failures: state.failures,
  escalation: state.escalation,
  since: state.lock?.since ?? null,
  until: state.lock?.until ?? null,
  cause: state.lock?.cause ?? null,
});

/** Lock, count, escalation and charges go at once (R7). */
function lift(
  state: LockoutState,
  escalation: number,
  via: UnlockVia,
  actor: Actor,
  now: number,
): Pick<Transition, 'state' | 'events'> {
  const locked = state.lock !== null && isInForce(state.lock, now);
  return {
    state: {
      ...EMPTY_STATE,
      // A kept escalation keeps the anchors it fades by.
      ...(escalation > 0
        ? { escalation, lastFailureAt: state.lastFailureAt, windowStartedAt: state.windowStartedAt }
        : {}),
      failureSeq: state.failureSeq,
      lastLockEndedAt: locked ? now : state.lastLockEndedAt,
    },
    events: locked ? [{ type: 'unlocked', at: now, via, ...actor, before: beforeOf(state) }] : NO_EVENTS,
  };
}

/** Whether anything stands that an unlock would clear. */
const isClear = (state: LockoutState): boolean =>
  state.lock === null &&
  state.failures === 0 &&
  state.escalation === 0 &&
  state.pending.length === 0 &&
  state.consecutive === 0;

/**
 * The rule: what one input does to one key's state, and what the attempt is told.
 *
 * Pure and total: reads no clock, does no I/O, never throws, never mutates. `state` null is a key without a record.
 * `now` is epoch ms on the store's clock; a `now` before the record's last update is taken as that update (R28).
 */
export function transition(
  policy: LockoutPolicy,
  state: LockoutState | null,
  input: Input,
  now: number,
): Transition {
  const given = state ?? EMPTY_STATE;
  const at = Math.max(now, given.updatedAt);
  // Disabled: stored locks and counts stay as they are (R13); administrators can still act.
  const passed = policy.enabled ? passTime(policy, given, at) : { state: given, events: NO_EVENTS };
  const unchanged: Transition = { ...passed, decision: null };
  const changed = (next: LockoutState, decision: Decision | null = null, events = NO_EVENTS): Transition =>
    next === passed.state
      ? { ...passed, decision }
      : { state: { ...next, updatedAt: at }, decision, events: [...passed.events, ...events] };

  switch (input.type) {
    case 'charge': {
      const own = passed.state.pending.find((charge) => charge.id === input.id);
      if (own) return { ...passed, decision: { allowed: true, remaining: null, seq: own.seq } };
      const decision = decide(policy, passed.state, input.method, at);
      if (!decision.allowed || decision.remaining === null || passed.state.pending.length >= MAX_PENDING) {
        return { ...passed, decision };
      }
      const next = remember(policy, passed.state, at);
      const charge: PendingCharge = {
        id: input.id,
        at,
        seq: next.failureSeq,
        weight: weightOf(policy, input.method),
        ...(policy.onSuccess === 'clear-own-address' && input.from !== undefined ? { from: input.from } : {}),
      };
      return changed({ ...next, pending: [...next.pending, charge] }, decision);
    }
    case 'withdraw':
      return changed(withoutCharge(passed.state, input.id));
    case 'fail': {
      const charge = passed.state.pending.find((pending) => pending.id === input.id);
      if (!charge) return unchanged;
      const failed = foldFailure(policy, passed.state, charge, at);
      return changed(failed.state, null, failed.events);
    }
    case 'abandon': {
      const charge = passed.state.pending.find((pending) => pending.id === input.id);
      if (!charge) return unchanged;
      const known = remember(policy, passed.state, at);
      if (known.abandons < policy.abandonAllowance) {
        const abandonsSince = known.abandonsSince ?? at;
        return changed({ ...withoutCharge(known, input.id), abandons: known.abandons + 1, abandonsSince });
      }
      const failed = foldFailure(policy, known, charge, at);
      return changed(failed.state, null, [
        { type: 'refund-refused', at, failures: failed.state.failures },
        ...failed.events,
      ]);
    }
    case 'succeed': {
      const settled = withoutCharge(passed.state, input.id);
      const refusal = lockRefusal(policy, settled, input.method, at);
      if (refusal) return changed(settled, refusal);
      const cleared = input.final ? clearBySuccess(policy, settled, input.seq, input.from) : settled;
      return changed(cleared, { allowed: true, remaining: null, seq: input.seq });
    }
    case 'complete': {
      if (!policy.enabled || lockRefusal(policy, passed.state, input.method, at)) return unchanged;
      return isClear(passed.state)
        ? unchanged
        : changed(clearBySuccess(policy, passed.state, passed.state.failureSeq));
    }
    case 'reset-password': {
      const { onPasswordReset } = policy;
      const { lock } = passed.state;
      const indefinite = lock !== null && lock.until === null;
      if (onPasswordReset === 'keep' || lock?.cause === 'admin' || isClear(passed.state)) return unchanged;
      if (onPasswordReset === 'unlock-timed' && (indefinite || input.manualLock)) return unchanged;
      const lifted = lift(passed.state, 0, 'password-reset', input.actor, at);
      return changed(lifted.state, null, lifted.events);
    }
    case 'unlock': {
      if (isClear(passed.state)) return unchanged;
      const escalation = policy.unlockKeepsEscalation ? passed.state.escalation : 0;
      const lifted = lift(passed.state, escalation, input.via, input.actor, at);
      return changed(lifted.state, null, lifted.events);
    }
    case 'lock': {
      const step = passed.state.lock?.step ?? 0;
      const lock = { since: at, until: input.until, cause: 'admin' as const, step };
      const { failures, escalation } = passed.state;
      return changed({ ...passed.state, lock }, null, [
        {
          type: 'locked',
          at,
          until: input.until,
          cause: 'admin',
          failures,
          escalation,
          step,
          ...input.actor,
        },
      ]);
    }
    case 'tick':
      return unchanged;
    default:
      return input satisfies never;
  }
}
