import { type CounterStatus, counterStatus } from '../engine/lock-status.js';
import type { LockoutEngine } from '../engine/lockout-engine.js';
import { standingState } from '../policy/foretelling.js';
import { isInForce } from '../policy/lock.js';
import type { LockCause } from '../policy/state.js';
import type { LockoutRecord } from '../store/record.js';
import { type CounterContext, counterSentences, lockRefuses, nameOf } from './counter-sentences.js';
import { iso, isoOrNull } from './moment.js';
import type { Phrasebook, Sentence } from './sentence.js';

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

/** One counter, as the detail of an account or address and the explanation of an attempt show it. */
export interface CounterView {
  readonly id: string;
  readonly policy: string;
  readonly scope: string;
  readonly address: string | null;
  /** Whether anything is recorded there; `false`: nobody failed yet. */
  readonly recorded: boolean;
  /** `false`: the policy is off, only watches, or is gone, so that nothing here refuses anybody. */
  readonly enforced: boolean;
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
  /** What an attempt would be told here now; null: nothing here refuses it. `cause` is `pause` for a wait after a failure. */
  readonly refusal: {
    readonly reason: 'locked' | 'exhausted';
    readonly retryAt: string | null;
    readonly cause: LockCause | 'pause' | null;
  } | null;
  /** What one more failure would do; null: it would not be counted now. */
  readonly nextFailure: CounterStatus['nextFailure'];
  /** The same once what refuses now is over by itself; null: nothing refuses, or it does not end by itself. */
  readonly afterEnd: CounterStatus['afterEnd'];
  /** What a success would clear now: nothing while it refuses. */
  readonly nextSuccess: CounterStatus['onSuccess'];
  /** What would stand after a success; null: it would be refused, or is not counted here. */
  readonly successLeaves: CounterStatus['successLeaves'];
  /** Whether a completed password reset would clear anything. */
  readonly resetClears: boolean;
  /** When the failures that count are forgotten if nothing else happens; null: none, never by time, or not known yet. */
  readonly forgottenAt: string | null;
  /** The same in words. */
  readonly explanation: readonly Sentence[];
}

/** What a record says at `now`, epoch ms on the store's clock. `manualLock`: as in the engine's `counterStatus`. */
export const statusOf = (
  engine: LockoutEngine,
  record: LockoutRecord,
  now: number,
  manualLock: boolean,
): CounterStatus =>
  counterStatus(engine.policies.ofCounter(record.facts.counter), record, now, { method: null, manualLock });

/** Whether a lock is written down that is in force at any of them. */
export const isLocked = (records: readonly LockoutRecord[], now: number): boolean =>
  records.some(({ state }) => state.lock !== null && isInForce(state.lock, now));

/** The locks in force: indefinite first, then the latest end first. */
export function lockViews(engine: LockoutEngine, records: readonly LockoutRecord[], now: number): LockView[] {
  return records
    .flatMap((record) => {
      const policy = engine.policies.ofCounter(record.facts.counter);
      const state = policy ? standingState(policy, record.state, now) : record.state;
      const { lock } = state;
      return lock && isInForce(lock, now) ? [{ record, policy, state, lock }] : [];
    })
    .sort((a, b) => endOf(b.lock) - endOf(a.lock) || (a.record.key < b.record.key ? 1 : -1))
    .map(({ record: { key, facts }, policy, state, lock }) => ({
      id: key,
      policy: policy?.name ?? facts.counter,
      scope: facts.scope,
      address: facts.addressLabel,
      failures: state.failures,
      since: iso(lock.since),
      until: isoOrNull(lock.until),
      cause: lock.cause,
      lastFailureAt: isoOrNull(state.lastFailureAt),
    }));
}

// Finite, so that two indefinite locks compare as equals.
const endOf = ({ until }: { readonly until: number | null }): number => until ?? Number.MAX_SAFE_INTEGER;

export function counterView(book: Phrasebook, status: CounterStatus, context: CounterContext): CounterView {
  const { lock, refusal } = status;
  const isRefusing = lockRefuses(status);
  return {
    id: status.id,
    policy: nameOf(status),
    scope: status.scope,
    address: status.address,
    recorded: status.recorded,
    enforced: status.mode === 'enforced',
    failures: status.failures,
    escalation: status.escalation,
    inFlight: status.inFlight,
    lastFailureAt: isoOrNull(status.lastFailureAt),
    lock: lock && { since: iso(lock.since), until: isoOrNull(lock.until), cause: lock.cause },
    refuses: status.refuses,
    refusesNow: isRefusing ? status.refuses : null,
    refusal: refusal && { ...refusal, retryAt: isoOrNull(refusal.retryAt) },
    nextFailure: status.nextFailure,
    afterEnd: status.afterEnd,
    nextSuccess: isRefusing ? null : status.onSuccess,
    successLeaves: status.successLeaves,
    resetClears: status.resetClears,
    forgottenAt: isoOrNull(status.forgottenAt),
    explanation: counterSentences(book, status, context),
  };
}
