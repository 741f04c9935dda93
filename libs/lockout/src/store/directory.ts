import type { SubjectHash } from '../key/key.js';
import type { LockoutRecord } from './record.js';

/** Lists one page; `cursor` is opaque and comes from the page before. */
export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

export type LockedSort = 'until' | 'since' | 'lastFailureAt';

export interface LockedQuery extends PageRequest {
  /** `account`: records whose scope has an account. `address`: records whose scope is the address alone. */
  readonly of: 'account' | 'address';
  /** `locked`: lock in force at `now`. `any`: every record that is kept. */
  readonly state: 'locked' | 'any';
  readonly realm?: string;
  /** Records of exactly these subjects (hashes of the searched text); absent: all. */
  readonly subjects?: readonly SubjectHash[];
  /** Prefix of the label, whatever its case. Records match `subjects` or `labelPrefix`. */
  readonly labelPrefix?: string;
  /**
   * Latest first; indefinite locks come first by `until`. With `state: 'any'` what has no lock comes after what has one,
   * in an order that says nothing: to sort a million records by a failure that half of them had today, each failure would
   * have to move an index entry.
   */
  readonly sort: LockedSort;
  /** Epoch ms on the store's clock. */
  readonly now: number;
}

/** Which locks to count. */
export interface LockCountQuery {
  /** As in {@link LockedQuery}. */
  readonly of: LockedQuery['of'];
  readonly realms: readonly string[];
  /** Epoch ms on the store's clock. */
  readonly now: number;
}

/** What administrators and housekeeping ask of the records. Read only. */
export interface Directory {
  /** All records of one account, whatever policy and address. */
  ofAccount(account: SubjectHash): Promise<readonly LockoutRecord[]>;
  /** All records of one address, with and without account. */
  ofAddress(address: SubjectHash): Promise<readonly LockoutRecord[]>;
  find(query: LockedQuery): Promise<Page<LockoutRecord>>;
  /** Locks in force in these realms: records, not accounts (one account may have several). */
  countLocked(query: LockCountQuery): Promise<number>;
  /** Records whose lock ended before `now`, oldest first: what the sweeper ticks (R12). */
  endedLocks(now: number, limit: number): Promise<readonly LockoutRecord[]>;
  /** Records whose `keepUntil` is before `now`: overdue charges to tick, faded ones to prune (R25). */
  outlived(now: number, limit: number): Promise<readonly LockoutRecord[]>;
  /** Deletes those of these records that still have the version given. Returns how many. */
  prune(records: readonly Pick<LockoutRecord, 'key' | 'version'>[]): Promise<number>;
}
