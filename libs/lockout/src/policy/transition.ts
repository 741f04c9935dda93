import { beforeOf, clearedEvents } from './cleared.js';
import { clearBySuccess } from './clearing.js';
import { compareRefusals, type Decision } from './decision.js';
import type { LockoutEvent } from './event.js';
import { foldFailure, withoutCharge } from './failure.js';
import type { Actor, Input, UnlockVia } from './input.js';
import { lockRefusal, MAX_TIME_MS, pauseRefusal } from './lock.js';
import { passTime } from './passage.js';
import { countsMethod, type LockoutPolicy, type Method } from './policy.js';
import { quickRoomOf, roomOf } from './schedule.js';
import {
  EMPTY_STATE,
  type Lock,
  type LockoutState,
  MAX_PENDING,
  type PendingCharge,
  stamped,
} from './state.js';
import { remember } from './window.js';

/** `decision` answers `charge` and `succeed`; every other input is null. */
export interface Transition {
  /** The same reference as the one given: nothing to write. */
  readonly state: LockoutState;
  readonly decision: Decision | null;
  readonly events: readonly LockoutEvent[];
}

const NO_EVENTS: readonly LockoutEvent[] = Object.freeze([]);

/** Own fields only: a method may be called `constructor`. */
const weightOf = (policy: LockoutPolicy, method: Method): number =>
  Object.hasOwn(policy.weights, method) ? (policy.weights[method] ?? 1) : 1;

/** Successes of methods that are not counted here, and all while the policy is off, clear nothing (P4, R5-16, OW-9). */
const mayClear = (policy: LockoutPolicy, method: Method): boolean =>
  policy.enabled && countsMethod(policy, method);

const inFlight = (state: LockoutState): number =>
  state.pending.reduce((sum, charge) => sum + charge.weight, 0);

/** What an attempt would be told, on a state that time has been folded into. */
function decide(policy: LockoutPolicy, state: LockoutState, method: Method, now: number): Decision {
  const lock = lockRefusal(policy, state, method, now);
  const pause = pauseRefusal(policy, state, method, now);
  // The one that ends last, or its `retryAt` would be a promise that the other breaks.
  const refusal = lock && pause ? (compareRefusals(lock, pause) >= 0 ? lock : pause) : (lock ?? pause);
  if (refusal) return refusal;
  if (!policy.enabled || !countsMethod(policy, method))
    return { allowed: true, remaining: null, seq: state.failureSeq };
  const charged = inFlight(state);
  const room = roomOf(policy, remember(policy, state, now)) - charged;
  const quickRoom = quickRoomOf(policy, state, now) - state.pending.length;
  // A pause after each failure is only kept if attempts are verified one by one.
  const taken =
    Math.min(room, quickRoom) <= 0 ||
    state.pending.length >= MAX_PENDING ||
    (policy.minIntervalMs > 0 && charged > 0);
  if (policy.enforce && taken) {
    return { allowed: false, reason: 'exhausted', retryAt: null };
  }
  const remaining = Math.max(0, Math.min(room - weightOf(policy, method), quickRoom - 1));
  return { allowed: true, remaining, seq: state.failureSeq };
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
  return decide(policy, passTime(policy, known, at).state, method, at);
}

/** What a lifted lock leaves behind. */
type Kept = Pick<LockoutPolicy, 'unlockKeepsCount' | 'unlockKeepsEscalation' | 'indefiniteAfterFailures'>;

const KEEPS_NOTHING: Kept = Object.freeze({
  unlockKeepsCount: false,
  unlockKeepsEscalation: false,
  indefiniteAfterFailures: null,
});

/** Failures in a row past the window's are only kept where they are counted. */
const keepsCount = (state: LockoutState, keeps: Kept): boolean =>
  keeps.unlockKeepsCount &&
  (state.failures > 0 || (keeps.indefiniteAfterFailures !== null && state.consecutive > 0));

/** What is kept keeps the anchors it fades by. */
const keepsAnchors = (state: LockoutState, keeps: Kept): boolean =>
  keepsCount(state, keeps) || (keeps.unlockKeepsEscalation && state.escalation > 0);

/** Lock, count, escalation and charges go at once (R7), but for what the policy keeps. */
function lift(
  state: LockoutState,
  keeps: Kept,
  via: UnlockVia,
  actor: Actor,
  now: number,
): Pick<Transition, 'state' | 'events'> {
  // An ended lock is no longer in the record: time was folded in before (R12).
  const { lock, failures, times, consecutive, contributions, windowStartedAt, lastFailureAt } = state;
  const escalation = keeps.unlockKeepsEscalation ? state.escalation : 0;
  const lifted: LockoutState = {
    ...EMPTY_STATE,
    ...(keepsCount(state, keeps) ? { failures, times, consecutive, contributions } : {}),
    ...(keepsAnchors(state, keeps) ? { escalation, lastFailureAt, windowStartedAt } : {}),
    failureSeq: state.failureSeq,
    lastLockEndedAt: lock ? now : state.lastLockEndedAt,
  };
  const clearedVia = via === 'password-reset' ? via : 'unlock';
  return {
    state: lifted,
    events: lock
      ? [{ type: 'unlocked', at: now, via, ...actor, before: beforeOf(state) }]
      : clearedEvents(state, lifted, clearedVia, now, actor),
  };
}

/** Whether nothing stands that an unlock would clear. */
const isClear = (policy: LockoutPolicy, state: LockoutState, keeps: Kept): boolean =>
  state.lock === null &&
  ((policy.minIntervalMs === 0 && policy.quickFailure === null) ||
    state.lastFailureAt === null ||
    keepsAnchors(state, keeps)) &&
  (keeps.unlockKeepsCount || state.consecutive === 0) &&
  (keeps.unlockKeepsEscalation || state.escalation === 0) &&
  state.pending.length === 0 &&
  state.abandonsSince === null;

/** What a link from a mail may lift: never an administrator's lock, nor by default an indefinite one (R45). */
const linkMayLift = (policy: LockoutPolicy, lock: Lock | null): boolean =>
  lock !== null &&
  lock.cause !== 'admin' &&
  policy.selfService !== 'none' &&
  (policy.selfService === 'all' || lock.until !== null);

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
  const passed = passTime(policy, given, at);
  const told = (decision: Decision | null): Transition => ({
    state: passed.state,
    decision,
    events: passed.events,
  });
  const unchanged = told(null);
  const changed = (next: LockoutState, decision: Decision | null = null, events = NO_EVENTS): Transition =>
    next === passed.state
      ? told(decision)
      : { state: stamped(next, at), decision, events: [...passed.events, ...events] };

  switch (input.type) {
    case 'charge': {
      const own = passed.state.pending.find((charge) => charge.id === input.id);
      if (own) {
        const remaining = Math.max(
          0,
          roomOf(policy, remember(policy, passed.state, at)) - inFlight(passed.state),
        );
        return told({ allowed: true, remaining, seq: own.seq });
      }
      const decision = decide(policy, passed.state, input.method, at);
      if (!decision.allowed || decision.remaining === null || passed.state.pending.length >= MAX_PENDING) {
        return told(decision);
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
      if (!policy.enabled) return changed(withoutCharge(passed.state, input.id));
      const failed = foldFailure(policy, passed.state, charge, at);
      return changed(failed.state, null, failed.events);
    }
    case 'abandon': {
      const charge = passed.state.pending.find((pending) => pending.id === input.id);
      if (!charge) return unchanged;
      if (!policy.enabled) return changed(withoutCharge(passed.state, input.id));
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
      const { method, seq, final, from } = input;
      const decision: Decision = { allowed: true, remaining: null, seq };
      const clears = final && mayClear(policy, method);
      const cleared = clears ? clearBySuccess(policy, settled, 'success', at, seq, from) : null;
      return cleared ? changed(cleared.state, decision, cleared.events) : changed(settled, decision);
    }
    case 'complete': {
      const { method, from } = input;
      if (!mayClear(policy, method) || lockRefusal(policy, passed.state, method, at)) return unchanged;
      const { failureSeq } = passed.state;
      const cleared = clearBySuccess(policy, passed.state, 'completed', at, failureSeq, from);
      return cleared ? changed(cleared.state, null, cleared.events) : unchanged;
    }
    case 'reset-password': {
      const { onPasswordReset } = policy;
      const known = remember(policy, passed.state, at);
      const { lock } = known;
      const indefinite = lock !== null && lock.until === null;
      if (onPasswordReset === 'keep' || lock?.cause === 'admin' || isClear(policy, known, KEEPS_NOTHING))
        return unchanged;
      if (onPasswordReset === 'unlock-timed' && (indefinite || input.manualLock)) return unchanged;
      const lifted = lift(known, KEEPS_NOTHING, 'password-reset', input.actor, at);
      return changed(lifted.state, null, lifted.events);
    }
    case 'unlock': {
      const known = remember(policy, passed.state, at);
      if (isClear(policy, known, policy)) return unchanged;
      if (input.via === 'link' && !linkMayLift(policy, known.lock)) return unchanged;
      // Another lock than the one that was meant, or none any more.
      if (input.since !== undefined && known.lock?.since !== input.since) return unchanged;
      const lifted = lift(known, policy, input.via, input.actor, at);
      return changed(lifted.state, null, lifted.events);
    }
    case 'lock': {
      // A lock that is already over would be an event about nothing.
      if (input.until !== null && !(input.until > at)) return unchanged;
      const until = input.until === null ? null : Math.min(input.until, MAX_TIME_MS);
      const known = remember(policy, passed.state, at);
      const { failures, escalation } = known;
      const step = known.lock?.step ?? 0;
      const change = until === null ? 'made-indefinite' : 'locked';
      return changed({ ...known, lock: { since: at, until, cause: 'admin', step } }, null, [
        { type: 'locked', at, until, cause: 'admin', failures, escalation, step, change, ...input.actor },
      ]);
    }
    case 'tick':
      return unchanged;
    default:
      return input satisfies never;
  }
}
