import type { LockoutEngine } from '../engine/lockout-engine.js';
import type { SubjectHash } from '../key/key.js';
import type { Directory, LockedQuery, LockedSort, Page } from '../store/directory.js';
import { comparePlaces, placeOf } from '../store/locked-query.js';
import type { LockoutRecord } from '../store/record.js';
import { isLocked } from './lock-view.js';
import type { Permission } from './permission.js';
import { storeNow } from './store-now.js';

/** More records than all accounts of a page have. */
const ALL = 1_000_000;
/** Pages read for one answer. An account with very many rows can make it shorter than asked; `nextCursor` goes on. */
const MAX_ROUNDS = 8;

export interface ListQuery {
  readonly state: 'locked' | 'any';
  /** Prefix of the label, or the exact name. */
  readonly q?: string;
  readonly realm?: string;
  readonly sort: LockedSort;
  readonly cursor?: string;
  readonly limit: number;
}

/** What is listed: accounts, or addresses as such. */
export interface Listed<Found, Item> {
  readonly of: LockedQuery['of'];
  hashesLike(text: string, realm?: string): readonly SubjectHash[];
  /** `records`: all that the list has under the record's hash. */
  ofRecord(record: LockoutRecord, records: readonly LockoutRecord[]): Promise<Found>;
  itemOf(found: Found, now: number): Promise<Item>;
}

/**
 * One page of accounts or addresses, each with all its locks. The store lists records; an account is listed once, in
 * the place of that record of it which comes first in the order, so pages neither repeat nor skip one.
 */
export async function listSubjects<Found extends { readonly records: readonly LockoutRecord[] }, Item>(
  engine: LockoutEngine,
  permission: Permission,
  listed: Listed<Found, Item>,
  { q, cursor, limit, ...query }: ListQuery,
): Promise<Page<Item>> {
  const { store } = engine.options;
  const now = await storeNow(engine);
  const subjects = q === undefined ? undefined : listed.hashesLike(q, query.realm);
  const search = { ...query, of: listed.of, now, ...(q === undefined ? {} : { subjects, labelPrefix: q }) };
  const place = (record: LockoutRecord) => placeOf(query.sort, record);
  const items: Item[] = [];
  let after = cursor;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    // Never more than still fit, so that the store's cursor is where this page ends.
    const left = limit - items.length;
    const page = await store.find({
      ...search,
      limit: left,
      ...(after === undefined ? {} : { cursor: after }),
    });
    const viewable = await Promise.all(
      page.items.map(async (record) =>
        (await permission.allows('view', record.facts.realm)) ? [record] : [],
      ),
    );
    const shown = viewable.flat();
    const records = await recordsOf(store, { ...query, of: listed.of, now }, shown);
    const found = await Promise.all(
      shown.map(async (record) => {
        const subject = await listed.ofRecord(record, records.get(hashOf(listed.of, record)) ?? []);
        const isListed = (row: LockoutRecord) => query.state === 'any' || isLocked([row], now);
        const rivals = subject.records.filter(
          (rival) => isListed(rival) && isFoundLike(listed.of, search, rival, record),
        );
        // Lifted between the two reads.
        if (rivals.length === 0) return [];
        const isFirst = rivals.every(
          (rival) => rival.key === record.key || comparePlaces(place(record), place(rival)) < 0,
        );
        return isFirst ? [await listed.itemOf(subject, now)] : [];
      }),
    );
    items.push(...found.flat());
    if (page.nextCursor === null) return { items, nextCursor: null };
    after = page.nextCursor;
    if (items.length >= limit) break;
  }
  return { items, nextCursor: after ?? null };
}

/** All records of the accounts or addresses that these are of, by their hash: one question for a whole page. */
async function recordsOf(
  store: Directory,
  { of, sort, now }: Pick<LockedQuery, 'of' | 'sort' | 'now'>,
  shown: readonly LockoutRecord[],
): Promise<ReadonlyMap<SubjectHash | null, readonly LockoutRecord[]>> {
  const subjects = [...new Set(shown.map((record) => hashOf(of, record)))].filter((hash) => hash !== null);
  if (subjects.length === 0) return new Map();
  const { items } = await store.find({ of, sort, now, state: 'any', subjects, limit: ALL });
  const byHash = new Map<SubjectHash | null, LockoutRecord[]>();
  for (const record of items) {
    const hash = hashOf(of, record);
    const those = byHash.get(hash);
    if (those) those.push(record);
    else byHash.set(hash, [record]);
  }
  return byHash;
}

const hashOf = (of: LockedQuery['of'], { facts }: LockoutRecord): SubjectHash | null =>
  of === 'account' ? facts.accountHash : facts.addressHash;

/** Whether the search that found `record` finds `rival` too: of one account, labels may be kept at some rows only. */
function isFoundLike(
  of: LockedQuery['of'],
  { subjects, labelPrefix }: Pick<LockedQuery, 'subjects' | 'labelPrefix'>,
  rival: LockoutRecord,
  record: LockoutRecord,
): boolean {
  if (labelPrefix === undefined) return true;
  const label = ({ facts }: LockoutRecord) => (of === 'account' ? facts.accountLabel : facts.addressLabel);
  const isNamed = (row: LockoutRecord): boolean => {
    const subject = hashOf(of, row);
    return subject !== null && (subjects?.includes(subject) ?? false);
  };
  return isNamed(rival) || (!isNamed(record) && label(rival) === label(record));
}
