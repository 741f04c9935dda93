import { FOREVER } from './codec.js';
import type { LockCountQuery, LockedQuery, LockedSort } from './directory.js';
import { listedOf } from './listed.js';
import type { LockoutRecord } from './record.js';

/** Whether a record is one that the query asks for, whatever the page. */
export function matchesLocked(
  query: Pick<LockedQuery, 'of' | 'state' | 'realm' | 'subjects' | 'labelPrefix' | 'now'>,
  record: LockoutRecord,
): boolean {
  const { facts } = record;
  const byAccount = query.of === 'account';
  const subject = byAccount ? facts.accountHash : facts.addressHash;
  const label = byAccount ? facts.accountLabel : facts.addressLabel;
  if (subject === null || (!byAccount && facts.accountHash !== null)) return false;
  if (query.state === 'locked' && !isLockedAt(query.now, record)) return false;
  if (query.realm !== undefined && facts.realm !== query.realm) return false;
  if (query.subjects === undefined && query.labelPrefix === undefined) return true;
  const prefix = query.labelPrefix?.toLowerCase();
  return (
    (query.subjects?.includes(subject) ?? false) ||
    (prefix !== undefined && (label?.toLowerCase().startsWith(prefix) ?? false))
  );
}

/** Whether a record is one of the locks that are counted. */
export function isCounted({ of, realms, now }: LockCountQuery, record: LockoutRecord): boolean {
  return realms.includes(record.facts.realm) && matchesLocked({ of, state: 'locked', now }, record);
}

function isLockedAt(now: number, { state: { lock } }: LockoutRecord): boolean {
  return lock !== null && now < (lock.until ?? FOREVER);
}

/** A place in a page's order. */
export interface Place {
  /** What the list is sorted by; {@link NO_VALUE}: the record has no lock. */
  readonly value: number;
  /** Tells equals apart, in hex: the record's key; without a lock {@link restKeyOf}. */
  readonly key: string;
}

/** The value of records without a lock, which come after all others. */
export const NO_VALUE = -1;

export function placeOf(sort: LockedSort, record: LockoutRecord): Place {
  const value = sortValue(sort, record);
  if (value !== NO_VALUE) return { value, key: record.key };
  return {
    value,
    key: restKeyOf({ realm: record.facts.realm, listed: listedOf(record.facts), key: record.key }),
  };
}

/** Negative: `a` comes first. Equals are told apart by key. */
export function comparePlaces(a: Place, b: Place): number {
  return b.value - a.value || (a.key < b.key ? 1 : a.key > b.key ? -1 : 0);
}

/** Where a record without a lock is among its like: by realm, then by what it is listed as. */
export interface RestPlace {
  readonly realm: string;
  /** See `listedOf`. */
  readonly listed: Buffer;
  /** 64 hex digits. */
  readonly key: string;
}

/** In hex, with a zero byte after each part: no realm and no label has one, so the order is that of the parts. */
export function restKeyOf({ realm, listed, key }: RestPlace): string {
  return `${Buffer.from(realm).toString('hex')}00${listed.toString('hex')}00${key}`;
}

/** The parts of {@link restKeyOf}; null: it is none. */
export function restPlaceOf(key: string): RestPlace | null {
  const bytes = Buffer.from(key, 'hex');
  const first = bytes.indexOf(0);
  const second = bytes.indexOf(0, first + 1);
  if (first < 0 || second < 0 || bytes.length !== second + 33) return null;
  return {
    realm: bytes.toString('utf8', 0, first),
    listed: bytes.subarray(first + 1, second),
    key: bytes.toString('hex', second + 1),
  };
}

/**
 * What pages are ordered by, latest first: indefinite locks come first, a lock without any failure after the others,
 * records without a lock last. Never infinite: two indefinite locks are equals, and a cursor can hold the value.
 */
export function sortValue(sort: LockedSort, { state }: LockoutRecord): number {
  if (state.lock === null) return NO_VALUE;
  switch (sort) {
    case 'until':
      return state.lock.until ?? FOREVER;
    case 'since':
      return state.lock.since;
    case 'lastFailureAt':
      return state.lastFailureAt ?? 0;
    default:
      return sort satisfies never;
  }
}

/** Keeps the first so many of what it is given, by place, after a given one. */
export class TopOf {
  private kept: { readonly place: Place; readonly record: LockoutRecord }[] = [];

  constructor(
    private readonly sort: LockedSort,
    private readonly after: Place | null,
    private readonly count: number,
  ) {}

  add(record: LockoutRecord): void {
    const place = placeOf(this.sort, record);
    if (this.after && comparePlaces(place, this.after) <= 0) return;
    this.kept.push({ place, record });
    if (this.kept.length >= 4 * this.count) this.cut();
  }

  /** In order. */
  records(): LockoutRecord[] {
    this.cut();
    return this.kept.map(({ record }) => record);
  }

  private cut(): void {
    this.kept = this.kept.sort((a, b) => comparePlaces(a.place, b.place)).slice(0, this.count);
  }
}
