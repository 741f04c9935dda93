import type { LockView } from 'nestjs-lockout/admin';

/** What stands against an account at one address (OS-12, OS-24). */
export interface BlockRow {
  readonly id: string;
  /** Null: wherever it signs in from. */
  readonly address: string | null;
  /** Of the counters that lock: the highest. */
  readonly attempts: number;
  readonly lastFailureAt: string | null;
  /** Null: until unlocked. */
  readonly until: string | null;
  readonly locks: readonly LockView[];
}

/** One row for each address, the whole account first; within a row every policy that locks there. */
export function blockRows(locks: readonly LockView[]): readonly BlockRow[] {
  const byAddress = new Map<string | null, LockView[]>();
  for (const lock of locks) byAddress.set(lock.address, [...(byAddress.get(lock.address) ?? []), lock]);
  const rows = Array.from(byAddress, ([address, together]) => rowOf(address, together));
  return rows.sort((a, b) => Number(a.address !== null) - Number(b.address !== null));
}

function rowOf(address: string | null, locks: readonly LockView[]): BlockRow {
  const failures = locks.flatMap(({ lastFailureAt }) => (lastFailureAt === null ? [] : [lastFailureAt]));
  return {
    id: address ?? '',
    address,
    attempts: Math.max(...locks.map((lock) => lock.failures)),
    // ISO-8601 in UTC: the order of the texts is that of the moments.
    lastFailureAt: failures.sort().at(-1) ?? null,
    until: latestEnd(locks.map(({ until }) => until)),
    locks,
  };
}

/** When the last of several locks ends; null: one of them does not. */
export function latestEnd(untils: readonly (string | null)[]): string | null {
  const ends = untils.filter((until) => until !== null);
  return ends.length < untils.length ? null : (ends.sort().at(-1) ?? null);
}

/** What to send to lift these rows and no other (OS-14). */
export interface RowsUnlock {
  readonly path: string;
  readonly content: Readonly<Record<string, unknown>>;
}

/** At an address everything that counts against the account there goes; elsewhere the locks themselves. */
export function unlockOf(accountId: string, rows: readonly BlockRow[], reason: string): RowsUnlock {
  const addresses = rows.flatMap(({ address }) => (address === null ? [] : [address]));
  if (addresses.length === rows.length) {
    const accounts = addresses.map((address) => ({ id: accountId, address }));
    return { path: 'accounts/unlock', content: { accounts, reason } };
  }
  const ids = rows.flatMap(({ locks }) => locks.map(({ id }) => id));
  return { path: 'records/unlock', content: { ids, reason } };
}
