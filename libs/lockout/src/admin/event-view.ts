import type { LockoutEngine } from '../engine/lockout-engine.js';
import type { LockoutEvent } from '../policy/event.js';
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
    policy: engine.policies.ofCounter(facts.counter)?.name ?? facts.counter,
    scope: facts.scope,
    record: key,
  };
}

/** What is particular to its type. */
export function factsOf(event: LockoutEvent): Readonly<Record<string, unknown>> {
  switch (event.type) {
    case 'locked': {
      const { until, cause, failures, escalation, step, by = null, reason = null } = event;
      const lock = { until: isoOrNull(until), cause, failures, escalation, step, by, reason };
      return { ...lock, ...whence(event) };
    }
    case 'unlocked': {
      const { via, by, reason, before } = event;
      const { since, until } = before;
      return { via, by, reason, before: { ...before, since: isoOrNull(since), until: isoOrNull(until) } };
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

/** When the failure before was, and where this one came from; absent where it is not recorded. */
function whence({
  previousFailureAt,
  origin,
}: Extract<LockoutEvent, { type: 'locked' | 'failed' }>): Readonly<Record<string, unknown>> {
  return {
    ...(previousFailureAt === undefined ? {} : { previousFailureAt: isoOrNull(previousFailureAt) }),
    ...(origin === undefined ? {} : { origin }),
  };
}
