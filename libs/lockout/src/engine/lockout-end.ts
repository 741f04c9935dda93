import type { SubjectHash } from '../key/key.js';
import type { LockoutEvent } from '../policy/event.js';
import type { AuditLog } from '../store/audit-log.js';
import type { RecordFacts } from '../store/record.js';
import type { CounterStatus } from './lock-status.js';
import type { PolicySource } from './policy-book.js';

/**
 * When the last lock that refused anybody ends or ended (R5-13): never locked (as far as the record goes back), until
 * unlocked, or epoch ms in the future or past.
 */
export type LockoutEnd = 'never' | 'indefinite' | number;

/** The end of the locks in force; null: none is. One that only watches refuses nobody. */
function endInForce(counters: readonly CounterStatus[]): LockoutEnd | null {
  const ends = counters.flatMap(({ lock }) =>
    lock && lock.cause !== 'monitor' ? [lock.until ?? Number.POSITIVE_INFINITY] : [],
  );
  if (ends.length === 0) return null;
  const last = Math.max(...ends);
  return Number.isFinite(last) ? last : 'indefinite';
}

/**
 * What tells when a lock ended; its beginning tells only until something of these is recorded. In the order in which they
 * happen in one moment: a lock ends, and the failure of that very moment locks again.
 */
const TELLING = ['expired', 'locked', 'unlocked'] as const;

/** Events that are looked at, first one and then these: only those of policies that are being tried may be in the way. */
const LOOKED_AT = [1, 100] as const;

/** What one event tells: when it happened, and when the lock that it is about ended. */
interface Told {
  readonly at: number;
  readonly end: number;
}

/**
 * When the last recorded lock ended. The record outlives counts and pruned rows. The end of a lock is told by its own
 * event too, so that it is known for as long as events are kept after it, however long the lock was.
 */
async function endRecorded(
  { directory, policies }: LockoutEndParts,
  accounts: readonly SubjectHash[],
  now: number,
): Promise<LockoutEnd> {
  const isEnforced = ({ counter }: RecordFacts): boolean => policies.ofCounter(counter)?.enforce !== false;
  let latest: Told | null = null;
  for (const type of TELLING) {
    for (const account of accounts) {
      for (const limit of LOOKED_AT) {
        const { items } = await directory.list({ account, type, limit });
        const found = items.find(({ event, facts }) => refused(event) && isEnforced(facts));
        if (found && (!latest || isLater(found.event, latest))) latest = toldBy(found.event, now);
        if (found || items.length < limit) break;
      }
    }
  }
  return latest?.end ?? 'never';
}

/** Whether its lock refused anybody, as far as the event says: `expired` does not say what its lock was. */
function refused(event: LockoutEvent): boolean {
  if (event.type === 'locked') return event.cause !== 'monitor';
  return event.type !== 'unlocked' || event.before.cause !== 'monitor';
}

/** Of one moment the later in {@link TELLING}; but what was lifted in it was lifted before another lock began. */
function isLater(event: LockoutEvent, { at }: Told): boolean {
  if (event.at !== at) return event.at > at;
  return event.type !== 'unlocked' || event.before.since === at;
}

/** A lock that is recorded but no longer in force ended at its end, or by now. */
const toldBy = (event: LockoutEvent, now: number): Told => ({
  at: event.at,
  end: event.type === 'locked' ? Math.min(event.until ?? now, now) : event.at,
});

interface LockoutEndParts {
  readonly directory: Pick<AuditLog, 'list'>;
  readonly policies: Pick<PolicySource, 'ofCounter'>;
}

/** Locks in force decide; where there is none, the audit record. */
export async function lockoutEnd(
  parts: LockoutEndParts,
  accounts: readonly SubjectHash[],
  status: { readonly counters: readonly CounterStatus[]; readonly now: number },
): Promise<LockoutEnd> {
  return endInForce(status.counters) ?? endRecorded(parts, accounts, status.now);
}
