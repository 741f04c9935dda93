import type { SubjectHash } from '../key/key.js';
import { type ColumnValue, decodeRecord, fromHex, integer, RECORD_FIELDS, toHex } from '../store/codec.js';
import { CursorError, decodeCursor } from '../store/cursor.js';
import type { LockedQuery, LockedSort } from '../store/directory.js';
import { listedRange } from '../store/listed.js';
import {
  comparePlaces,
  matchesLocked,
  NO_VALUE,
  type Place,
  placeOf,
  type RestPlace,
  restKeyOf,
  restPlaceOf,
} from '../store/locked-query.js';
import type { LockoutRecord } from '../store/record.js';
import type { Dialect, Row } from './dialect.js';
import { prefixPattern, startsWith } from './like-prefix.js';
import type { RecordIndex, RowField } from './listing-columns.js';
import { columnList, type IndexedTable } from './lockout-tables.js';
import { RecordRealms } from './record-realms.js';
import type { UnlistedRecords } from './unlisted-records.js';
import { padded, questions } from './value-list.js';

/** Most realms that one page looks through for what has no lock; the next page goes on. */
const MAX_REALMS = 64;
const SORT_FIELD: Readonly<Record<LockedSort, RowField>> = {
  until: 'lockedUntil',
  since: 'lockedSince',
  lastFailureAt: 'lockedFailureAt',
};

/** A record and where it stands in the list. */
export interface FoundRecord {
  readonly record: LockoutRecord;
  readonly place: Place;
}

/** A part of a list in its order, and where it goes on if that is not after the last of them. */
export interface FoundRecords {
  readonly found: readonly FoundRecord[];
  readonly goesOnAfter: Place | null;
}

/** Part of an index, walked backwards; of `few` entries that are not in the list's order, all are read. */
interface Walk {
  readonly index: RecordIndex;
  readonly few?: true;
  readonly column: RowField;
  readonly conditions: readonly string[];
  readonly values: readonly ColumnValue[];
}

/**
 * The lists of administrators, each a sequence of walks along an index: what is locked, by the sort's value and then by
 * key; after that, where it is asked for, what has no lock, realm by realm. A walk reads as many rows as it returns, and
 * decides about all others by their index entries alone: at most as many as there are locks, or as a realm has records
 * with a label like the one searched.
 */
export class RecordList {
  private readonly realms: RecordRealms;

  constructor(
    private readonly dialect: Dialect,
    private readonly table: IndexedTable<RowField, RecordIndex>,
    private readonly unlisted: UnlistedRecords,
  ) {
    this.realms = new RecordRealms(dialect, table);
  }

  /** The first `count` of what the query asks for after its cursor. */
  async first(query: LockedQuery, count: number): Promise<FoundRecords> {
    const after = afterOf(query);
    const { subjects, labelPrefix } = query;
    await this.unlisted.listLocked();
    const named = subjects?.length ? await this.named(query, subjects) : [];
    if (subjects !== undefined && labelPrefix === undefined) {
      return { found: inOrder(named, after).slice(0, count), goesOnAfter: null };
    }
    const found: FoundRecord[] = [];
    if (after === null || after.value !== NO_VALUE) {
      const locked = named.filter(({ place }) => place.value !== NO_VALUE);
      const few = await this.realms.ofFew(query);
      const walks = few ? this.fewWalks(query, after, few) : this.lockedWalks(query, after);
      found.push(...(await this.firstOf(walks, count, inOrder(locked, after))));
    }
    if (query.state === 'locked' || found.length >= count) return { found, goesOnAfter: null };
    const from = after?.value === NO_VALUE ? restPlaceOf(after.key) : null;
    let realm = query.realm ?? from?.realm ?? (await this.realms.before(null));
    for (let realms = 0; realm !== null && found.length < count; realms += 1) {
      if (realms === MAX_REALMS) return { found, goesOnAfter: beforeAllOf(realm) };
      await this.unlisted.listRealm(realm);
      const inRealm = from?.realm === realm ? from : null;
      const rest = named.filter(
        ({ record, place }) => place.value === NO_VALUE && record.facts.realm === realm,
      );
      found.push(
        ...(await this.firstOf(
          this.restWalks(query, realm, inRealm),
          count - found.length,
          inOrder(rest, inRealm && after),
        )),
      );
      realm = query.realm === undefined ? await this.realms.before(realm) : null;
    }
    return { found, goesOnAfter: null };
  }

  /** The first that walks find one after the other, and those found by name that come before. */
  private async firstOf(
    walks: readonly Walk[],
    count: number,
    named: readonly FoundRecord[],
  ): Promise<FoundRecord[]> {
    const found: FoundRecord[] = [];
    for (const walk of walks) {
      // One after the other; those over few records are not, and are merged.
      const missing = walk.few ? count : count - found.length;
      if (missing > 0) found.push(...(await this.read(walk, missing)));
    }
    if (named.length === 0 && found.length <= count) return inOrder(found, null);
    const keys = new Set(named.map(({ record }) => record.key));
    const others = found.filter(({ record }) => !keys.has(record.key));
    return inOrder([...others, ...named], null).slice(0, count);
  }

  /** What is locked, or has a lock stored: first the equals of where the page before ended, then what comes after. */
  private lockedWalks(query: LockedQuery, after: Place | null): Walk[] {
    const { columns } = this.table;
    const column = SORT_FIELD[query.sort];
    const { conditions, values } = this.filters(query);
    // Said although the others say it, too: by this condition PostgreSQL and SQLite know the index for locked records.
    conditions.push(`${columns.lockedUntil} IS NOT NULL`);
    if (column !== 'lockedUntil') conditions.push(`${columns[column]} IS NOT NULL`);
    if (query.state === 'locked') {
      conditions.push(`${columns.lockedUntil} > ?`);
      values.push(query.now);
    }
    const walk = (condition: string, ...own: ColumnValue[]): Walk => ({
      index: query.sort,
      column,
      conditions: condition === '' ? conditions : [...conditions, condition],
      values: [...values, ...own],
    });
    if (after === null) return [walk('')];
    return [
      walk(`${columns[column]} = ? AND ${columns.key} < ?`, after.value, fromHex(after.key)),
      walk(`${columns[column]} < ?`, after.value),
    ];
  }

  /** What is locked in these realms, where the query is about few records. */
  private fewWalks(query: LockedQuery, after: Place | null, realms: readonly string[]): Walk[] {
    const { columns } = this.table;
    const column = columns[SORT_FIELD[query.sort]];
    return realms.flatMap((realm) =>
      this.lockedWalks({ ...query, realm }, null).map(({ conditions, values, ...walk }) => ({
        ...walk,
        index: 'rest',
        few: true,
        conditions: after
          ? [...conditions, `(${column} < ? OR (${column} = ? AND ${columns.key} < ?))`]
          : conditions,
        values: after ? [...values, after.value, after.value, fromHex(after.key)] : values,
      })),
    );
  }

  /** What has no lock in one realm, by what it is listed as and then by key. */
  private restWalks(query: LockedQuery, realm: string, after: RestPlace | null): Walk[] {
    const { listed, key, lockedUntil } = this.table.columns;
    const { conditions, values } = this.filters({ ...query, realm });
    conditions.push(`${lockedUntil} IS NULL`);
    const walk = (condition: string, ...own: ColumnValue[]): Walk => ({
      index: 'rest',
      column: 'listed',
      conditions: condition === '' ? conditions : [...conditions, condition],
      values: [...values, ...own],
    });
    if (after === null) return [walk('')];
    return [
      walk(`${listed} = ? AND ${key} < ?`, after.listed, fromHex(after.key)),
      walk(`${listed} < ?`, after.listed),
    ];
  }

  private filters(query: LockedQuery): { conditions: string[]; values: ColumnValue[] } {
    const { columns } = this.table;
    const range = listedRange(query.of, query.labelPrefix);
    const conditions = [`${columns.listed} >= ?`, `${columns.listed} < ?`];
    const values: ColumnValue[] = [range.from, range.to];
    if (query.realm !== undefined) {
      conditions.push(`${columns.realm} = ?`);
      values.push(query.realm);
    }
    if (query.labelPrefix !== undefined && range.isWider) {
      conditions.push(startsWith(query.of === 'account' ? columns.accountLabel : columns.addressLabel));
      values.push(prefixPattern(query.labelPrefix));
    }
    return { conditions, values };
  }

  /** The rows are looked up once it is clear which: what the walk passes over is not read. */
  private async read({ index, column, conditions, values }: Walk, count: number): Promise<FoundRecord[]> {
    const { path, columns, indexes } = this.table;
    const order = (qualifier: string, value: string, key: string): string =>
      `ORDER BY ${qualifier}${value} DESC, ${qualifier}${key} DESC`;
    const rows = await this.dialect.query(
      `SELECT ${columnList(this.table, RECORD_FIELDS, 'r.')}, p.v ` +
        `FROM (SELECT ${columns.key} AS k, ${columns[column]} AS v ` +
        `FROM ${path}${this.dialect.indexHint(indexes[index])} WHERE ${conditions.join(' AND ')} ` +
        // Written into the statement: MySQL takes no number of ours for LIMIT.
        `${order('', columns[column], columns.key)} LIMIT ${count}) AS p ` +
        `JOIN ${path} AS r ON r.${columns.key} = p.k ${order('p.', 'v', 'k')}`,
      values,
    );
    return rows.map((row) => foundRecord(row, column));
  }

  /** What matches by its subject, whatever its label. */
  private async named(query: LockedQuery, subjects: readonly SubjectHash[]): Promise<FoundRecord[]> {
    const { path, columns } = this.table;
    const hash = query.of === 'account' ? columns.accountHash : columns.addressHash;
    const hashes = padded(subjects.map(fromHex));
    const rows = await this.dialect.query(
      `SELECT ${columnList(this.table, RECORD_FIELDS)} FROM ${path} ` +
        `WHERE ${hash} IN (${questions(hashes)})`,
      hashes,
    );
    return rows
      .map((row) => decodeRecord(row))
      .filter((record) => matchesLocked(query, record))
      .map((record) => ({ record, place: placeOf(query.sort, record) }));
  }
}

/** Throws CursorError for a place that no page ends at. */
function afterOf({ sort, cursor }: LockedQuery): Place | null {
  if (cursor === undefined) return null;
  const { value, key } = decodeCursor(sort, cursor);
  if (value === NO_VALUE && restPlaceOf(key) === null) throw new CursorError();
  return { value, key };
}

/** The place is the one that the row was found at. */
function foundRecord(row: Row, column: RowField): FoundRecord {
  const record = decodeRecord(row);
  const value = row[RECORD_FIELDS.length];
  if (column !== 'listed') return { record, place: { value: integer('cursor', value), key: record.key } };
  const listed = fromHex(toHex('cursor', value));
  const key = restKeyOf({ realm: record.facts.realm, listed, key: record.key });
  return { record, place: { value: NO_VALUE, key } };
}

function inOrder(found: readonly FoundRecord[], after: Place | null): FoundRecord[] {
  return found
    .filter(({ place }) => after === null || comparePlaces(place, after) > 0)
    .sort((a, b) => comparePlaces(a.place, b.place));
}

/** Where a realm's records without a lock begin. */
function beforeAllOf(realm: string): Place {
  return {
    value: NO_VALUE,
    key: restKeyOf({ realm, listed: Buffer.of(255), key: 'ff'.repeat(32) }),
  };
}
