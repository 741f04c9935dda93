import { type CounterStatus, counterStatus } from '../engine/lock-status.js';
import type { LockoutEngine } from '../engine/lockout-engine.js';
import { isInForce } from '../policy/lock.js';
import type { LockCause } from '../policy/state.js';
import type { LockoutRecord } from '../store/record.js';

/** ISO-8601 in UTC with milliseconds. */
export const iso = (ms: number): string => new Date(ms).toISOString();

export const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));

/** One lock in force, as the admin API shows it. */
export interface LockView {
  /** Addresses this row; opaque. */
  readonly id: string;
  /** Name of the policy; of a policy that is no longer configured, its counter. */
  readonly policy: string;
  readonly scope: string;
  readonly address: string | null;
  readonly failures: number;
  readonly since: string;
  /** Null: until unlocked. */
  readonly until: string | null;
  readonly cause: LockCause;
  readonly lastFailureAt: string | null;
}

/** One counter, as the detail of an account shows it. */
export interface CounterView {
  readonly id: string;
  readonly policy: string;
  readonly scope: string;
  readonly address: string | null;
  readonly failures: number;
  /** Lockouts in a row. */
  readonly escalation: number;
  /** Attempts being verified. */
  readonly inFlight: number;
  readonly lastFailureAt: string | null;
  readonly lock: { readonly since: string; readonly until: string | null; readonly cause: LockCause } | null;
  /** Methods that a lock of this policy refuses. */
  readonly refuses: CounterStatus['refuses'];
  /** Methods that are refused now; null: none (no lock, or one that only reports). */
  readonly refusesNow: CounterStatus['refuses'] | null;
  /** What one more failure would do; null: it would not be counted now. */
  readonly nextFailure: CounterStatus['nextFailure'];
  /** What a success would clear now: nothing while it refuses. */
  readonly nextSuccess: CounterStatus['onSuccess'];
}

/** What a record says at `now`, epoch ms on the store's clock. */
export const statusOf = (engine: LockoutEngine, record: LockoutRecord, now: number): CounterStatus =>
  counterStatus(engine.policies.ofCounter(record.facts.counter), record, now);

/** Whether a lock is in force at any of them. */
export const isLocked = (records: readonly LockoutRecord[], now: number): boolean =>
  records.some(({ state }) => state.lock !== null && isInForce(state.lock, now));

/** The locks in force: indefinite first, then the latest end first. */
export function lockViews(engine: LockoutEngine, records: readonly LockoutRecord[], now: number): LockView[] {
  return records
    .flatMap((record) => {
      const status = statusOf(engine, record, now);
      return status.lock ? [{ record, status, lock: status.lock }] : [];
    })
    .sort((a, b) => endOf(b.lock) - endOf(a.lock) || (a.record.key < b.record.key ? 1 : -1))
    .map(({ record, status, lock }) => ({
      id: status.id,
      policy: status.policy ?? record.facts.counter,
      scope: status.scope,
      address: status.address,
      failures: status.failures,
      since: iso(lock.since),
      until: isoOrNull(lock.until),
      cause: lock.cause,
      lastFailureAt: isoOrNull(status.lastFailureAt),
    }));
}

// Finite, so that two indefinite locks compare as equals.
const endOf = ({ until }: { readonly until: number | null }): number => until ?? Number.MAX_SAFE_INTEGER;

export function counterView(engine: LockoutEngine, record: LockoutRecord, now: number): CounterView {
  const status = statusOf(engine, record, now);
  const policy = engine.policies.ofCounter(record.facts.counter);
  const { lock } = status;
  const isRefusing = lock !== null && lock.cause !== 'monitor' && policy?.enabled === true && policy.enforce;
  return {
    id: status.id,
    policy: status.policy ?? record.facts.counter,
    scope: status.scope,
    address: status.address,
    failures: status.failures,
    escalation: status.escalation,
    inFlight: status.inFlight,
    lastFailureAt: isoOrNull(status.lastFailureAt),
    lock: lock && { since: iso(lock.since), until: isoOrNull(lock.until), cause: lock.cause },
    refuses: status.refuses,
    refusesNow: isRefusing ? status.refuses : null,
    nextFailure: status.nextFailure,
    nextSuccess: isRefusing ? null : status.onSuccess,
  };
}
