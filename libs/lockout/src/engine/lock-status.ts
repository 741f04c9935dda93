import {
  type ForetoldFailure,
  type ForetoldSuccess,
  foretellFailure,
  foretellForgetting,
  foretellReset,
  foretellSuccess,
  standingState,
} from '../policy/foretelling.js';
import { isInForce } from '../policy/lock.js';
import { MANUAL_POLICY } from '../policy/manual.js';
import { countsMethod, type LockoutPolicy, type Method } from '../policy/policy.js';
import type { LockCause, LockoutState } from '../policy/state.js';
import { judge } from '../policy/transition.js';
import type { LockoutRecord } from '../store/record.js';

/** Whether an administrator's lock is in force at the account that these records are of. */
export const hasManualLock = (
  records: readonly Pick<LockoutRecord, 'facts' | 'state'>[],
  now: number,
): boolean =>
  records.some(
    ({ facts, state }) =>
      facts.counter === MANUAL_POLICY.counter && state.lock !== null && isInForce(state.lock, now),
  );

/** What one counter of an account or address says, for administrators. Times are epoch ms on the store's clock. */
export interface CounterStatus {
  /** Addresses this record in the admin API; opaque. */
  readonly id: string;
  /** Null: no policy reads this counter any more. */
  readonly policy: string | null;
  /** What it counts under: the `counter` of its policy. */
  readonly counter: string;
  readonly realm: string;
  readonly scope: string;
  /** Whether names that nobody has share it, tried from one address beyond its cap (R22). */
  readonly shared: boolean;
  /** Labels; null where the application keeps none or the scope has no such part. */
  readonly account: string | null;
  readonly address: string | null;
  /** Whether anything is recorded there; `false`: nobody failed yet. */
  readonly recorded: boolean;
  /** Only `enforced` refuses anybody. `monitor`: counts and reports; `orphan`: no policy reads it any more. */
  readonly mode: 'enforced' | 'monitor' | 'off' | 'orphan';
  /** Failures that stand now. */
  readonly failures: number;
  /** Lockouts in a row. */
  readonly escalation: number;
  readonly inFlight: number;
  readonly lastFailureAt: number | null;
  /** In force now; `until` null: until unlocked. */
  readonly lock: { readonly since: number; readonly until: number | null; readonly cause: LockCause } | null;
  /** What the lock (or the next one) refuses. */
  readonly refuses: 'all' | readonly Method[];
  /** What an attempt would be told here now; null: nothing here refuses it. */
  readonly refusal: CounterRefusal | null;
  /** What one more failure would do; null: failures are not counted now (locked, disabled, or no policy). */
  readonly nextFailure: ForetoldFailure | null;
  /** The same at the moment at which what refuses now is over by itself; null: nothing refuses, or it does not end. */
  readonly afterEnd: ForetoldFailure | null;
  /** What a success would clear. */
  readonly onSuccess: LockoutPolicy['onSuccess'] | null;
  /** What would stand after a success; null: an attempt would be refused here, or is not counted. */
  readonly successLeaves: ForetoldSuccess | null;
  /** What an unlock leaves standing; null: there is no policy to say so. */
  readonly unlockKeeps: { readonly count: boolean; readonly escalation: boolean } | null;
  /** How time clears the count. */
  readonly forgets: 'at-once' | 'one-by-one' | 'never';
  /** Whether a completed password reset would clear anything. */
  readonly resetClears: boolean;
  /** When the failures that stand are forgotten if nothing else happens; null: none stand, not by time, or not known. */
  readonly forgottenAt: number | null;
}

/** Why one counter refuses. `retryAt` null: until unlocked, or (`exhausted`) at any moment. */
export interface CounterRefusal {
  readonly reason: 'locked' | 'exhausted';
  readonly retryAt: number | null;
  /** `pause`: no lock, but the wait after a failure. Null with `exhausted`. */
  readonly cause: LockCause | 'pause' | null;
}

/** Which attempt a counter is looked at for. */
export interface Asked {
  /** Null: whichever the policy counts. */
  readonly method: Method | null;
  /** Tag of the caller's address. */
  readonly from?: string;
  /** Whether a lock that an administrator set is in force at the account. */
  readonly manualLock: boolean;
  /** All policies that count the attempt in this record, in the order in which they settle it. Default: the policy. */
  readonly counting?: readonly LockoutPolicy[];
}

const ANYBODY: Asked = Object.freeze({ method: null, manualLock: false });

/** Stands for a method that nobody named, where every method is meant. */
const ANY_METHOD = 'any';

/** A method by which this policy is looked at where nobody says which: one that it counts, or else any that it refuses. */
export const methodFor = (policy: LockoutPolicy): Method => countedMethod(policy) ?? ANY_METHOD;

/** A method that this policy counts; null: none. */
const countedMethod = (policy: LockoutPolicy): Method | null =>
  policy.counts === 'all' ? ANY_METHOD : (policy.counts[0] ?? null);

const refusalOf = (
  policy: LockoutPolicy,
  state: LockoutState,
  method: Method,
  now: number,
): CounterRefusal | null => {
  const decision = judge(policy, state, method, now);
  if (decision.allowed) return null;
  const { reason, retryAt } = decision;
  return { reason, retryAt, cause: decision.reason === 'locked' ? decision.cause : null };
};

type Foretold = Pick<
  CounterStatus,
  'refusal' | 'nextFailure' | 'afterEnd' | 'successLeaves' | 'resetClears' | 'forgottenAt'
>;

const NOTHING_FORETOLD: Foretold = Object.freeze({
  refusal: null,
  nextFailure: null,
  afterEnd: null,
  successLeaves: null,
  resetClears: false,
  forgottenAt: null,
});

function foretell(policy: LockoutPolicy, state: LockoutState, asked: Asked, now: number): Foretold {
  const method = asked.method ?? methodFor(policy);
  const attempt = { method, ...(asked.from === undefined ? {} : { from: asked.from }) };
  const counting = asked.counting ?? (countsMethod(policy, method) ? [policy] : []);
  const [first] = counting;
  const refusal = refusalOf(policy, state, method, now);
  const end = refusal?.reason === 'locked' ? refusal.retryAt : null;
  return {
    refusal,
    nextFailure: first && !refusal ? foretellFailure(first, state, attempt, now) : null,
    afterEnd: first && end !== null ? foretellFailure(first, state, attempt, end) : null,
    successLeaves: refusal ? null : foretellSuccess(policy, counting, state, attempt, now),
    resetClears: foretellReset(policy, state, asked.manualLock, now),
    forgottenAt: foretellForgetting(policy, state, now),
  };
}

function modeOf(policy: LockoutPolicy | undefined): CounterStatus['mode'] {
  if (!policy) return 'orphan';
  if (!policy.enabled) return 'off';
  return policy.enforce ? 'enforced' : 'monitor';
}

function forgettingOf({ window, retentionMs }: LockoutPolicy): CounterStatus['forgets'] {
  if (window.kind === 'sliding') return 'one-by-one';
  return window.kind === 'none' && retentionMs === null ? 'never' : 'at-once';
}

/** `policy` undefined: none reads this counter any more. `recorded`: whether the record is really stored. */
export function counterStatus(
  policy: LockoutPolicy | undefined,
  record: Pick<LockoutRecord, 'key' | 'facts' | 'state'>,
  now: number,
  asked: Asked = ANYBODY,
  recorded = true,
): CounterStatus {
  const { facts, key } = record;
  const state = policy ? standingState(policy, record.state, now) : record.state;
  const { lock } = state;
  return {
    id: key,
    policy: policy?.name ?? null,
    counter: facts.counter,
    realm: facts.realm,
    scope: facts.scope,
    shared: facts.accountHash === null && facts.scope.split('+').includes('account'),
    account: facts.accountLabel,
    address: facts.addressLabel,
    recorded,
    mode: modeOf(policy),
    failures: state.failures,
    escalation: state.escalation,
    inFlight: state.pending.length,
    lastFailureAt: state.lastFailureAt,
    lock: lock && isInForce(lock, now) ? { since: lock.since, until: lock.until, cause: lock.cause } : null,
    refuses: !policy || policy.refuses === 'all' ? 'all' : policy.counts,
    onSuccess: policy?.onSuccess ?? null,
    unlockKeeps: policy ? { count: policy.unlockKeepsCount, escalation: policy.unlockKeepsEscalation } : null,
    forgets: policy ? forgettingOf(policy) : 'never',
    ...(policy ? foretell(policy, record.state, asked, now) : NOTHING_FORETOLD),
  };
}
