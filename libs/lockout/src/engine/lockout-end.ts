import type { SubjectHash } from '../key/key.js';
import type { AuditLog } from '../store/audit-log.js';
import type { CounterStatus } from './lock-status.js';

/** When the last lock ends or ended (R5-13): never locked, until unlocked, or epoch ms in the future or past. */
export type LockoutEnd = 'never' | 'indefinite' | number;

/** The end of the locks in force; null: none is. */
function endInForce(counters: readonly CounterStatus[]): LockoutEnd | null {
  const ends = counters.flatMap(({ lock }) => (lock ? [lock.until ?? Number.POSITIVE_INFINITY] : []));
  if (ends.length === 0) return null;
  const last = Math.max(...ends);
  return Number.isFinite(last) ? last : 'indefinite';
}

/** When the last recorded lock ended. The record outlives counts and pruned rows. */
async function endRecorded(
  audit: AuditLog,
  accounts: readonly SubjectHash[],
  now: number,
): Promise<LockoutEnd> {
  let latest: { readonly at: number; readonly end: number } | null = null;
  for (const account of accounts) {
    for (const type of ['locked', 'unlocked'] as const) {
      const { items } = await audit.list({ account, type, limit: 1 });
      const event = items[0]?.event;
      if (!event || (latest && latest.at > event.at)) continue;
      // A lock that is recorded but no longer in force ended at its end, or by now.
      if (event.type === 'locked') latest = { at: event.at, end: Math.min(event.until ?? now, now) };
      if (event.type === 'unlocked') latest = { at: event.at, end: event.at };
    }
  }
  return latest?.end ?? 'never';
}

/** Locks in force decide; where there is none, the audit record. */
export async function lockoutEnd(
  audit: AuditLog,
  accounts: readonly SubjectHash[],
  status: { readonly counters: readonly CounterStatus[]; readonly now: number },
): Promise<LockoutEnd> {
  return endInForce(status.counters) ?? endRecorded(audit, accounts, status.now);
}
