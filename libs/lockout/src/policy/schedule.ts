import { type DurationMs, MAX_DURATION_MS } from './duration.js';
import type { LockChange } from './event.js';
import { isTablePolicy, type LockoutPolicy, type ThresholdPolicy } from './policy.js';
import { type LockoutState, MAX_TIMES } from './state.js';

/** The lock that a failure sets. `durationMs` null: indefinite. */
export interface Locking {
  readonly durationMs: DurationMs | null;
  /** Which step of the schedule, from 0. */
  readonly step: number;
}

/** The count that locks: N, or N + 1 for the first lock of an `exceeding` policy (R9). */
function lockingCount(policy: ThresholdPolicy, escalation: number): number {
  return policy.threshold + (policy.locksOn === 'exceeding' && escalation === 0 ? 1 : 0);
}

/** Failures in a row that first lock. */
export function firstLockingCount(policy: LockoutPolicy): number {
  const first = isTablePolicy(policy) ? (policy.schedule.rows[0]?.failures ?? 1) : lockingCount(policy, 0);
  return Math.min(first, policy.indefiniteAfterFailures ?? first);
}

/** Whether the next failure relocks whatever the count: escalation by lockouts stands (R9). */
function relocksNext(policy: ThresholdPolicy, escalation: number): boolean {
  if (policy.afterLock !== 'relock-on-next-failure' || escalation === 0) return false;
  const { schedule } = policy;
  return 'by' in schedule && schedule.by === 'lockouts';
}

/** Digits of a product that are exact: 60 000 × 1.1 is 66 000.000 000 000 01 and must not round up to 66 001. */
const EXACT_DIGITS = 14;

/** Rounds fractions up and saturates: no schedule overflows. */
function bounded(durationMs: number, maximumMs: DurationMs = MAX_DURATION_MS): DurationMs {
  const cap = Math.min(maximumMs, MAX_DURATION_MS);
  return Math.min(cap, Math.ceil(Number(durationMs.toPrecision(EXACT_DIGITS))));
}

function durationOf(policy: ThresholdPolicy, failures: number, lockout: number): DurationMs | null {
  const { schedule } = policy;
  const firstLock = policy.threshold + (policy.locksOn === 'exceeding' ? 1 : 0);
  const past = (by: 'failures' | 'lockouts') =>
    by === 'failures' ? Math.max(0, failures - firstLock) : lockout - 1;
  switch (schedule.kind) {
    case 'fixed':
      return bounded(schedule.durationMs);
    case 'exponential':
      return bounded(schedule.initialMs * schedule.factor ** past(schedule.by), schedule.maximumMs);
    case 'linear':
      return bounded(schedule.initialMs + schedule.stepMs * past(schedule.by), schedule.maximumMs);
    case 'multiples': {
      const multiple =
        schedule.by === 'failures' ? Math.max(1, Math.floor(failures / policy.threshold)) : lockout;
      return bounded(schedule.stepMs * multiple, schedule.maximumMs);
    }
    case 'indefinite':
      return null;
    default:
      return schedule satisfies never;
  }
}

/**
 * Whether no lock has come of the standing count yet, nor been lifted. It can be past its first lock then: counted under
 * a policy that locks later (before a save, or through another brand), it locks at its very next failure.
 */
function isUnanswered({ window }: LockoutPolicy, state: LockoutState): boolean {
  const { lock, lastLockEndedAt, windowStartedAt } = state;
  if (lock !== null) return false;
  if (lastLockEndedAt === null) return true;
  // What a sliding window counts begins later and later, also after the lock that its failures led to. A count that
  // began in the very millisecond in which a lock ended is taken for a new one, to the strict side.
  return window.kind !== 'sliding' && windowStartedAt !== null && lastLockEndedAt <= windowStartedAt;
}

/** The next count that locks after `failures` where each multiple of the threshold does: N (or N + 1), 2 N, 3 N, … */
function nextMultiple(policy: ThresholdPolicy, state: LockoutState, failures: number): number {
  const { threshold } = policy;
  const first = lockingCount(policy, 0);
  if (failures < first || isUnanswered(policy, state)) return first;
  const next = threshold * (Math.floor(failures / threshold) + 1);
  // A sliding window remembers no more: the count stays there, and as past a table's last row every failure locks (P1).
  return policy.window.kind === 'sliding' ? Math.min(next, MAX_TIMES) : next;
}

/** Whether the failure that moved the count from `before` to `state.failures` locks. */
function locksBy(policy: ThresholdPolicy, state: LockoutState, before: number): boolean {
  if (relocksNext(policy, state.escalation)) return true;
  return policy.afterLock === 'relock-at-each-multiple'
    ? nextMultiple(policy, state, before) <= state.failures
    : state.failures >= lockingCount(policy, state.escalation);
}

function scheduled(policy: LockoutPolicy, state: LockoutState, before: number): Locking | null {
  const lockout = state.escalation + 1;
  if (isTablePolicy(policy)) {
    const { rows } = policy.schedule;
    const last = rows.length - 1;
    const from = isUnanswered(policy, state) ? 0 : before;
    const step =
      before >= (rows[last]?.failures ?? 0)
        ? last
        : rows.findLastIndex((row) => from < row.failures && row.failures <= state.failures);
    const row = rows[step];
    return row ? { durationMs: row.lockMs === null ? null : bounded(row.lockMs), step } : null;
  }
  return locksBy(policy, state, before)
    ? { durationMs: durationOf(policy, state.failures, lockout), step: lockout - 1 }
    : null;
}

/** How long the lock before was, by the schedule, as of the remembered state before the failure; null: indefinite. */
function lengthBefore(policy: LockoutPolicy, before: LockoutState): DurationMs | null {
  if (isTablePolicy(policy)) {
    const { rows } = policy.schedule;
    const row = rows.findLast(({ failures }) => failures <= before.failures) ?? rows[0];
    return row?.lockMs ?? null;
  }
  // Failures since the lock before have not locked where only multiples do.
  const { failures } = before;
  const counted =
    policy.afterLock === 'relock-at-each-multiple' ? failures - (failures % policy.threshold) : failures;
  return durationOf(policy, counted, before.escalation);
}

/** What a schedule's lock is to the lockouts in a row before it. `before`: remembered, without the failure that locks. */
export function lockChange(policy: LockoutPolicy, before: LockoutState, { durationMs }: Locking): LockChange {
  if (durationMs === null) return 'made-indefinite';
  if (before.escalation === 0) return 'locked';
  const earlierMs = lengthBefore(policy, before);
  return earlierMs !== null && durationMs > earlierMs ? 'escalated' : 'relocked';
}

/** Whether, and how, the failure that moved the count from `before` to `state.failures` locks. */
export function lockingOf(policy: LockoutPolicy, state: LockoutState, before: number): Locking | null {
  const locking = scheduled(policy, state, before);
  const standardsCap =
    policy.indefiniteAfterFailures !== null && state.consecutive >= policy.indefiniteAfterFailures;
  if (standardsCap) return { durationMs: null, step: locking?.step ?? state.escalation };
  if (
    locking &&
    policy.indefiniteAfterLockouts !== null &&
    state.escalation >= policy.indefiniteAfterLockouts
  ) {
    return { ...locking, durationMs: null };
  }
  return locking;
}

/**
 * Attempts that can be in flight at once where a quick failure locks: with a failure still fresh the next one locks,
 * otherwise the second does. Infinity where none does.
 */
export function quickRoomOf(policy: LockoutPolicy, state: LockoutState, now: number): number {
  if (!policy.quickFailure) return Number.POSITIVE_INFINITY;
  return isQuick(policy, state, now) ? 1 : 2;
}

/** Whether a failure at `now` comes too soon after the one before it. */
export function isQuick(policy: LockoutPolicy, state: LockoutState, now: number): boolean {
  const { quickFailure } = policy;
  return (
    quickFailure !== null && state.lastFailureAt !== null && now < state.lastFailureAt + quickFailure.withinMs
  );
}

/** Further failures up to and including the next one that locks, at least 1 (R1). Expects a remembered state. */
export function roomOf(policy: LockoutPolicy, state: LockoutState): number {
  let room: number;
  if (isTablePolicy(policy)) {
    const { rows } = policy.schedule;
    const next = isUnanswered(policy, state) ? rows[0] : rows.find((row) => row.failures > state.failures);
    room = next ? next.failures - state.failures : 1;
  } else if (relocksNext(policy, state.escalation)) {
    room = 1;
  } else if (policy.afterLock === 'relock-at-each-multiple') {
    room = nextMultiple(policy, state, state.failures) - state.failures;
  } else {
    room = lockingCount(policy, state.escalation) - state.failures;
  }
  if (policy.indefiniteAfterFailures !== null)
    room = Math.min(room, policy.indefiniteAfterFailures - state.consecutive);
  return Math.max(1, room);
}
