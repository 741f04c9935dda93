import type { LockoutEngine } from '../engine/lockout-engine.js';
import type { EventOrigin, LockoutEvent, StateBefore } from '../policy/event.js';
import type { RecordedEvent } from '../store/audit-log.js';
import { iso, isoOrNull } from './moment.js';

/** A recorded event, as the admin API shows it: what every event has, and the facts of its type. */
export interface EventView {
  readonly id: string;
  readonly type: LockoutEvent['type'];
  readonly at: string;
  readonly realm: string;
  readonly account: string | null;
  readonly address: string | null;
  readonly policy: string;
  readonly scope: string;
  /** The row it happened at; opaque. */
  readonly record: string;
  readonly [fact: string]: unknown;
}

export function eventView(engine: LockoutEngine, { id, key, event, facts }: RecordedEvent): EventView {
  return {
    ...factsOf(event),
    id,
    type: event.type,
    at: iso(event.at),
    realm: facts.realm,
    account: facts.accountLabel,
    address: facts.addressLabel,
    policy: policyOf(engine, event, facts.counter),
    scope: facts.scope,
    record: key,
  };
}

/** A saved policy is told by its own name; what was counted, by the policy that counts there. */
function policyOf(engine: LockoutEngine, event: LockoutEvent, counter: string): string {
  if (event.type === 'policy-changed') return event.policy;
  // No policy had a part in it, whatever one is called.
  if (event.type === 'administered') return counter;
  return engine.policies.ofCounter(counter)?.name ?? counter;
}

/** What is particular to its type. */
export function factsOf(event: LockoutEvent): Readonly<Record<string, unknown>> {
  switch (event.type) {
    case 'locked': {
      const { until, cause, failures, escalation, step, change, by = null, reason = null } = event;
      const lock = { until: isoOrNull(until), cause, failures, escalation, step, by, reason };
      return { ...lock, ...(change === undefined ? {} : { change }), ...whence(event) };
    }
    case 'unlocked': {
      const { via, by, reason, before } = event;
      return { via, by, reason, before: beforeView(before) };
    }
    case 'cleared': {
      const { via, before, consecutive, left = null, by = null, reason = null } = event;
      const cleared = { via, before: beforeView(before), consecutive, left, by, reason };
      return { ...cleared, ...originOf(event) };
    }
    case 'succeeded-after-failures': {
      return { failures: event.failures, ...originOf(event) };
    }
    case 'policy-changed': {
      const { brand, version, by, reason, deleted } = event;
      return { brand, version, by, reason, deleted };
    }
    case 'administered': {
      const { action, by, reason, count } = event;
      return { action, by, reason, count };
    }
    case 'expired':
      return {};
    case 'failed':
      return { failures: event.failures, ...whence(event) };
    case 'refund-refused':
      return { failures: event.failures };
    default:
      return event satisfies never;
  }
}

const beforeView = (before: StateBefore) => ({
  ...before,
  since: isoOrNull(before.since),
  until: isoOrNull(before.until),
});

/** When the failure before was, and where this one came from; absent where it is not recorded. */
function whence(
  event: Extract<LockoutEvent, { type: 'locked' | 'failed' }>,
): Readonly<Record<string, unknown>> {
  const { previousFailureAt } = event;
  return {
    ...(previousFailureAt === undefined ? {} : { previousFailureAt: isoOrNull(previousFailureAt) }),
    ...originOf(event),
  };
}

const originOf = ({ origin }: { readonly origin?: EventOrigin }) => (origin === undefined ? {} : { origin });
