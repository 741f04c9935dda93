import { FOREVER } from './codec.js';
import type { LockedQuery, LockedSort } from './directory.js';
import type { LockoutRecord } from './record.js';

/** Whether a record is one that the query asks for, whatever the page. */
export function matchesLocked(query: LockedQuery, record: LockoutRecord): boolean {
  const { state, facts } = record;
  const byAccount = query.of === 'account';
  const subject = byAccount ? facts.accountHash : facts.addressHash;
  const label = byAccount ? facts.accountLabel : facts.addressLabel;
  if (subject === null || (!byAccount && facts.accountHash !== null)) return false;
  if (query.state === 'locked' && !(state.lock && query.now < (state.lock.until ?? FOREVER))) return false;
  if (query.realm !== undefined && facts.realm !== query.realm) return false;
  if (query.subjects === undefined && query.labelPrefix === undefined) return true;
  const prefix = query.labelPrefix?.toLowerCase();
  return (
    (query.subjects?.includes(subject) ?? false) ||
    (prefix !== undefined && (label?.toLowerCase().startsWith(prefix) ?? false))
  );
}

/** A place in a page's order. */
export interface Place {
  readonly value: number;
  readonly key: string;
}

export function placeOf(sort: LockedSort, record: LockoutRecord): Place {
  return { value: sortValue(sort, record), key: record.key };
}

/** Negative: `a` comes first. Equals are told apart by key. */
export function comparePlaces(a: Place, b: Place): number {
  return b.value - a.value || (a.key < b.key ? 1 : a.key > b.key ? -1 : 0);
}

/**
 * What pages are ordered by, latest first: indefinite locks come first, records without the value last. Never infinite:
 * two indefinite locks are equals, and a cursor can hold the value.
 */
export function sortValue(sort: LockedSort, { state }: LockoutRecord): number {
  switch (sort) {
    case 'until':
      return state.lock ? (state.lock.until ?? FOREVER) : -1;
    case 'since':
      return state.lock?.since ?? -1;
    case 'lastFailureAt':
      return state.lastFailureAt ?? -1;
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
