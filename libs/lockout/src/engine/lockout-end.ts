import type { SubjectHash } from '../key/key.js';
import type { LockoutEvent } from '../policy/event.js';
import type { AuditLog } from '../store/audit-log.js';
import type { CounterStatus } from './lock-status.js';

/**
 * When the last lock ends or ended (R5-13): never locked (as far as the record goes back), until unlocked, or epoch ms in
 * the future or past.
 */
export type LockoutEnd = 'never' | 'indefinite' | number;

/** The end of the locks in force; null: none is. */
function endInForce(counters: readonly CounterStatus[]): LockoutEnd | null {
  const ends = counters.flatMap(({ lock }) => (lock ? [lock.until ?? Number.POSITIVE_INFINITY] : []));
  if (ends.length === 0) return null;
  const last = Math.max(...ends);
  return Number.isFinite(last) ? last : 'indefinite';
}

/**
 * What tells when a lock ended; its beginning tells only until something of these is recorded. In the order in which they
 * happen in one moment: a lock ends, and the failure of that very moment locks again.
 */
const TELLING = ['expired', 'locked', 'unlocked'] as const;

/** Until when a lock was, as far as one event tells: and since when that holds. */
interface Told {
  readonly at: number;
  readonly end: number;
}

/**
 * When the last recorded lock ended. The record outlives counts and pruned rows. The end of a lock is told by its own
 * event too, so that it is known for as long as events are kept after it, however long the lock was.
 */
async function endRecorded(
  audit: AuditLog,
  accounts: readonly SubjectHash[],
  now: number,
): Promise<LockoutEnd> {
  let latest: Told | null = null;
  for (const type of TELLING) {
    for (const account of accounts) {
      const { items } = await audit.list({ account, type, limit: 1 });
      const event = items[0]?.event;
      if (event && (!latest || isLater(event, latest))) latest = toldBy(event, now);
    }
  }
  return latest?.end ?? 'never';
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

/** Locks in force decide; where there is none, the audit record. */
export async function lockoutEnd(
  audit: AuditLog,
  accounts: readonly SubjectHash[],
  status: { readonly counters: readonly CounterStatus[]; readonly now: number },
): Promise<LockoutEnd> {
  return endInForce(status.counters) ?? endRecorded(audit, accounts, status.now);
}
