import { isInForce } from '../policy/lock.js';
import type { LockoutPolicy, Method } from '../policy/policy.js';
import type { LockCause } from '../policy/state.js';
import { judge, transition } from '../policy/transition.js';
import { remember } from '../policy/window.js';
import type { LockoutRecord } from '../store/record.js';

/** What one counter of an account or address says, for administrators. Times are epoch ms on the store's clock. */
export interface CounterStatus {
  /** Addresses this record in the admin API; opaque. */
  readonly id: string;
  /** Null: no policy reads this counter any more. */
  readonly policy: string | null;
  readonly realm: string;
  readonly scope: string;
  /** Labels; null where the application keeps none or the scope has no such part. */
  readonly account: string | null;
  readonly address: string | null;
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
  /** What one more failure would do; null: failures are not counted now (locked, disabled, or no policy). */
  readonly nextFailure: { readonly locks: boolean; readonly lockMs: number | null } | null;
  /** What a success would clear. */
  readonly onSuccess: LockoutPolicy['onSuccess'] | null;
}

/** A method that this policy counts; null: none. */
const countedMethod = (policy: LockoutPolicy): Method | null =>
  policy.counts === 'all' ? 'any' : (policy.counts[0] ?? null);

function foretellFailure(
  policy: LockoutPolicy,
  record: LockoutRecord,
  now: number,
): CounterStatus['nextFailure'] {
  const method = countedMethod(policy);
  if (method === null || !policy.enabled || !judge(policy, record.state, method, now).allowed) return null;
  const charged = transition(policy, record.state, { type: 'charge', id: 'foretold', method }, now);
  const { events } = transition(policy, charged.state, { type: 'fail', id: 'foretold' }, now);
  const locked = events.find((event) => event.type === 'locked');
  return {
    locks: locked !== undefined,
    lockMs: locked && locked.until !== null ? locked.until - locked.at : null,
  };
}

export function counterStatus(
  policy: LockoutPolicy | undefined,
  record: LockoutRecord,
  now: number,
): CounterStatus {
  const { facts, key } = record;
  const state = policy ? remember(policy, record.state, now) : record.state;
  const { lock } = state;
  return {
    id: key,
    policy: policy?.name ?? null,
    realm: facts.realm,
    scope: facts.scope,
    account: facts.accountLabel,
    address: facts.addressLabel,
    failures: state.failures,
    escalation: state.escalation,
    inFlight: state.pending.length,
    lastFailureAt: state.lastFailureAt,
    lock: lock && isInForce(lock, now) ? { since: lock.since, until: lock.until, cause: lock.cause } : null,
    refuses: !policy || policy.refuses === 'all' ? 'all' : policy.counts,
    nextFailure: policy ? foretellFailure(policy, record, now) : null,
    onSuccess: policy?.onSuccess ?? null,
  };
}
