import type { LockoutEvent } from './event.js';
import { foldFailure, withoutCharge } from './failure.js';
import { passTime } from './passage.js';
import type { LockoutPolicy } from './policy.js';
import { EMPTY_STATE, type Lock, type LockoutState, MAX_PENDING, type PendingCharge } from './state.js';
import type { Transition } from './transition.js';
import { remember, timesOf } from './window.js';

/** What was counted at a key away from its stored record. */
export interface CountedApart {
  /** The stored record as it was known when counting apart began; null: none was known. */
  readonly base: LockoutState | null;
  /** What it has become apart. */
  readonly apart: LockoutState;
  /** Charges that may stand in the stored record and have ended apart: settled, or presumed failures. */
  readonly ended: ReadonlySet<string>;
}

type Counts = Pick<
  LockoutState,
  | 'failures'
  | 'times'
  | 'windowStartedAt'
  | 'lastFailureAt'
  | 'failureSeq'
  | 'consecutive'
  | 'lastLockEndedAt'
  | 'escalation'
  | 'contributions'
>;

const later = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.max(a, b);

const isSameLock = (a: Lock | null, b: Lock | null): boolean =>
  a === b || (a !== null && b !== null && a.since === b.since && a.until === b.until && a.cause === b.cause);

/** A lock that refuses outranks one that only watches; then the later end; then the one that fewer may lift. */
function stricterLock(a: Lock | null, b: Lock | null): Lock | null {
  if (a === null || b === null) return a ?? b;
  const isMonitor = ({ cause }: Lock): boolean => cause === 'monitor';
  if (isMonitor(a) !== isMonitor(b)) return isMonitor(a) ? b : a;
  const end = ({ until }: Lock): number => until ?? Number.POSITIVE_INFINITY;
  if (end(a) !== end(b)) return end(a) > end(b) ? a : b;
  return b.cause === 'admin' ? b : a;
}

/** Each failure as late as it is in the list where it is later: whatever the window's end, none has fewer left of both. */
function laterTimes(a: readonly number[], b: readonly number[]): readonly number[] {
  const [longer, shorter] = a.length >= b.length ? [a, b] : [b, a];
  const lead = longer.length - shorter.length;
  return longer.map((at, n) => Math.max(at, shorter[n - lead] ?? at));
}

function stricterCounts(policy: LockoutPolicy, stored: LockoutState, apart: LockoutState): Counts {
  const isSliding = policy.window.kind === 'sliding';
  const times = isSliding ? laterTimes(timesOf(stored), timesOf(apart)) : EMPTY_STATE.times;
  // The first of what stands; a side that has nothing to remember has no say.
  const start = ({ failures, escalation, windowStartedAt }: LockoutState): number | null =>
    failures > 0 || escalation > 0 ? windowStartedAt : null;
  return {
    failures: Math.max(stored.failures, apart.failures),
    times,
    windowStartedAt: later(start(stored), start(apart)),
    lastFailureAt: later(stored.lastFailureAt, apart.lastFailureAt),
    failureSeq: Math.max(stored.failureSeq, apart.failureSeq),
    consecutive: Math.max(stored.consecutive, apart.consecutive),
    lastLockEndedAt: later(stored.lastLockEndedAt, apart.lastLockEndedAt),
    escalation: Math.max(stored.escalation, apart.escalation),
    // Parts of one count only: what no part names is what no success of one address clears.
    contributions: apart.failures > stored.failures ? apart.contributions : stored.contributions,
  };
}

const without = (state: LockoutState, ids: ReadonlySet<string>): LockoutState =>
  [...ids].reduce<LockoutState>(withoutCharge, state);

const idsOf = (state: LockoutState | null): ReadonlySet<string> =>
  new Set((state?.pending ?? []).map(({ id }) => id));

/** Charges in flight on either side, oldest first; those that a record cannot hold become failures now. */
function withCharges(
  policy: LockoutPolicy,
  state: LockoutState,
  added: readonly PendingCharge[],
  at: number,
): Pick<Transition, 'state' | 'events'> {
  const pending = [...state.pending, ...added].sort((a, b) => a.at - b.at);
  const overflow = pending.slice(0, Math.max(0, pending.length - MAX_PENDING));
  let next: LockoutState = added.length === 0 ? state : { ...state, pending: pending.slice(overflow.length) };
  const events: LockoutEvent[] = [];
  for (const charge of policy.enabled ? overflow : []) {
    const failed = foldFailure(policy, next, charge, at);
    next = failed.state;
    events.push(...failed.events);
  }
  return { state: next, events };
}

const isSame = (a: LockoutState, b: LockoutState): boolean =>
  (Object.keys(a) as (keyof LockoutState)[]).every(
    (field) => field === 'updatedAt' || JSON.stringify(a[field]) === JSON.stringify(b[field]),
  );

/**
 * Brings what was counted apart into the stored record: of two counts the larger one, of two locks the one that ends
 * later, of two moments the later one. What did not change apart stays as it is stored: a lock that was lifted there
 * meanwhile does not come back unless a failure apart set it. Charges in flight go along, so that they settle there.
 *
 * Never shortens a stored lock nor lowers a stored count; doing it twice changes nothing more. Pure and total, like
 * `transition`; `stored` null is a key without a record, and the same reference means that there is nothing to write.
 */
export function stricterState(
  policy: LockoutPolicy,
  stored: LockoutState | null,
  { base, apart, ended }: CountedApart,
  now: number,
): Pick<Transition, 'state' | 'events'> {
  const given = stored ?? EMPTY_STATE;
  const at = Math.max(now, given.updatedAt, apart.updatedAt);
  const known = idsOf(base);
  const theirs = passTime(policy, without(given, ended), at);
  // Of charges that were made at the store only its record says what has become of them.
  const ours = passTime(policy, without(apart, known), at);
  const hasCounted = ours.state.failureSeq > (base?.failureSeq ?? 0);
  const hasLocked = ours.state.lock !== null && !isSameLock(ours.state.lock, base?.lock ?? null);
  const hasAbandoned = ours.state.abandons > (base?.abandons ?? 0);
  const [before, own] = [remember(policy, theirs.state, at), remember(policy, ours.state, at)];
  const merged: LockoutState = {
    ...theirs.state,
    ...(hasCounted ? stricterCounts(policy, before, own) : {}),
    ...(hasLocked ? { lock: stricterLock(theirs.state.lock, ours.state.lock) } : {}),
    ...(hasAbandoned
      ? {
          abandons: Math.max(before.abandons, own.abandons),
          abandonsSince: later(before.abandonsSince, own.abandonsSince),
        }
      : {}),
  };
  const here = idsOf(theirs.state);
  const added = ours.state.pending.filter(({ id }) => !here.has(id));
  const full = withCharges(policy, merged, added, at);
  const events = [
    ...ours.events.filter((event) => !(event.type === 'expired' && event.at === base?.lock?.until)),
    ...theirs.events,
    ...full.events,
  ];
  const state = isSame(full.state, given) ? given : { ...full.state, updatedAt: at };
  return { state, events };
}
