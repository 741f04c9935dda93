import { standingLock } from './lock.js';
import { withoutLock } from './passage.js';
import { countsMethod, type LockoutPolicy, type Method } from './policy.js';
import { roomOf } from './schedule.js';
import { type LockoutState, type PendingCharge } from './state.js';
import { judge, transition } from './transition.js';
import { countForgottenAt, remember } from './window.js';

/** What one more failure would do. */
export interface ForetoldFailure {
  readonly locks: boolean;
  /** For how long; null: until unlocked, or it does not lock. */
  readonly lockMs: number | null;
  /** How many failures, this one too, lock if they come one after the other now; null: none, while what stands stands. */
  readonly failuresToLock: number | null;
}

/** What would stand after a success. */
export interface ForetoldSuccess {
  readonly failures: number;
  readonly escalation: number;
}

/** An attempt that is only thought of. `from`: tag of its address. */
export interface ThoughtOf {
  readonly method: Method;
  readonly from?: string;
}

/** The id of an attempt that nobody makes: no real one is so short. */
const ID = 'foretold';
const ACTOR = Object.freeze({ by: ID, reason: ID });

/** The state with all folded in that time did until then. */
const passed = (policy: LockoutPolicy, state: LockoutState, now: number): LockoutState =>
  transition(policy, state, { type: 'tick' }, now).state;

/** What counts of a state at `now`. */
export function standingState(policy: LockoutPolicy, state: LockoutState, now: number): LockoutState {
  const known = passed(policy, state, now);
  return remember(policy, known, Math.max(now, known.updatedAt));
}

/** What a failure of an attempt made at `now` would do; null: it would be refused, or not be counted. Reads only. */
export function foretellFailure(
  policy: LockoutPolicy,
  state: LockoutState,
  { method, from }: ThoughtOf,
  now: number,
): ForetoldFailure | null {
  if (!policy.enabled || !countsMethod(policy, method)) return null;
  if (!judge(policy, state, method, now).allowed) return null;
  const origin = from === undefined ? {} : { from };
  const charged = transition(policy, state, { type: 'charge', id: ID, method, ...origin }, now).state;
  const charge = charged.pending.find(({ id }) => id === ID);
  const { events } = transition(policy, charged, { type: 'fail', id: ID }, now);
  const locked = events.find((event) => event.type === 'locked');
  if (locked) {
    const lockMs = locked.until === null ? null : locked.until - locked.at;
    return { locks: true, lockMs, failuresToLock: 1 };
  }
  return { locks: false, lockMs: null, failuresToLock: failuresToLock(policy, state, charge, now) };
}

function failuresToLock(
  policy: LockoutPolicy,
  state: LockoutState,
  charge: PendingCharge | undefined,
  now: number,
): number | null {
  const standing = standingState(policy, state, now);
  if (standingLock(policy, standing, Math.max(now, standing.updatedAt))) return null;
  return Math.max(2, Math.ceil(roomOf(policy, standing) / (charge?.weight ?? 1)));
}

/**
 * What would stand, as `reader` counts it, after a final success of an attempt made at `now`; null: it would be refused, or
 * nothing counts it. `policies`: all that count the attempt in this record, in the order in which they settle it. Reads
 * only.
 */
export function foretellSuccess(
  reader: LockoutPolicy,
  policies: readonly LockoutPolicy[],
  state: LockoutState,
  { method, from }: ThoughtOf,
  now: number,
): ForetoldSuccess | null {
  const [first] = policies;
  if (!first?.enabled) return null;
  const origin = from === undefined ? {} : { from };
  const charged = transition(first, state, { type: 'charge', id: ID, method, ...origin }, now);
  const { decision } = charged;
  if (!decision?.allowed || decision.remaining === null) return null;
  const success = { type: 'succeed', id: ID, method, seq: decision.seq, final: true, ...origin } as const;
  const after = policies.reduce(
    (next, policy) => transition(policy, next, success, now).state,
    charged.state,
  );
  const { failures, escalation } = standingState(reader, after, now);
  return { failures, escalation };
}

/**
 * The first moment at which none of the failures that count now counts any more, if nothing else happens until then.
 * Null: none counts, time alone does not clear them, or attempts in flight will decide.
 */
export function foretellForgetting(policy: LockoutPolicy, state: LockoutState, now: number): number | null {
  const standing = standingState(policy, state, now);
  if (standing.failures === 0 || standing.pending.length > 0) return null;
  const until = standing.lock?.until ?? null;
  const goesWithLock = until !== null && withoutLock(policy, standing, until).failures === 0;
  const end = Math.min(countForgottenAt(policy, standing), goesWithLock ? until : Number.POSITIVE_INFINITY);
  return Number.isFinite(end) ? end : null;
}

/** Whether a password reset completed at `now` would clear anything. `manualLock`: whether one of an administrator stands. */
export function foretellReset(
  policy: LockoutPolicy,
  state: LockoutState,
  manualLock: boolean,
  now: number,
): boolean {
  const known = passed(policy, state, now);
  return transition(policy, known, { type: 'reset-password', actor: ACTOR, manualLock }, now).state !== known;
}
