import type { SubjectHash } from '../key/key.js';
import type { RecordField } from '../store/codec.js';
import { type ColumnValue, decodeRecord, FOREVER, fromHex, integer, RECORD_FIELDS } from '../store/codec.js';
import { decodeCursor, encodeCursor } from '../store/cursor.js';
import type { Directory, LockedQuery, LockedSort, Page } from '../store/directory.js';
import { limitOf } from '../store/page.js';
import type { LockoutRecord } from '../store/record.js';
import { type Dialect, inKeyOrder } from './dialect.js';
import { prefixPattern, startsWith } from './like-prefix.js';
import { columnList, type LockoutTables, type TableNames } from './lockout-tables.js';

/** Most rows of one statement that deletes: short enough that whoever signs in at one of them hardly waits. */
const MAX_PRUNED = 128;

const SORT_FIELD: Readonly<Record<LockedSort, RecordField>> = {
  until: 'lockedUntil',
  since: 'lockedSince',
  lastFailureAt: 'lastFailureAt',
};

/** The records as administrators and housekeeping ask for them. */
export class DirectoryQueries implements Directory {
  private readonly table: TableNames<RecordField>;
  private readonly select: string;

  constructor(
    private readonly dialect: Dialect,
    tables: LockoutTables,
  ) {
    this.table = tables.record;
    this.select = `SELECT ${columnList(this.table, RECORD_FIELDS)}`;
  }

  ofAccount(account: SubjectHash): Promise<readonly LockoutRecord[]> {
    return this.records(`WHERE ${this.table.columns.accountHash} = ?`, [fromHex(account)]);
  }

  ofAddress(address: SubjectHash): Promise<readonly LockoutRecord[]> {
    return this.records(`WHERE ${this.table.columns.addressHash} = ?`, [fromHex(address)]);
  }

  /**
   * One page, by the sort's value and then by key, so that equal values are never skipped or repeated. A page of locked
   * records by `until` or `since` walks an index; the other ways sort what matches.
   */
  async find(query: LockedQuery): Promise<Page<LockoutRecord>> {
    const { key, lockedSince, lockedUntil, realm } = this.table.columns;
    const values: ColumnValue[] = [];
    const conditions = [subjectCondition(this.table, query, values)];
    if (query.state === 'locked') {
      // The sum hides the column from planners that would find the locked by it, and then sort them all; without the
      // other condition PostgreSQL begins with every record that has no lock.
      conditions.push(
        query.sort === 'since'
          ? `${lockedSince} IS NOT NULL AND ${lockedUntil} + 0 > ?`
          : `${lockedUntil} > ?`,
      );
      values.push(query.now);
    }
    if (query.realm !== undefined) {
      conditions.push(`${realm} = ?`);
      values.push(query.realm);
    }
    const column = this.table.columns[SORT_FIELD[query.sort]];
    const isNeverNull = query.state === 'locked' && query.sort !== 'lastFailureAt';
    const value = isNeverNull ? column : `COALESCE(${column}, -1)`;
    if (query.cursor !== undefined) {
      const after = decodeCursor(query.sort, query.cursor);
      // One range of the index, from which the equals that were shown are left out.
      conditions.push(`${value} <= ? AND (${value} < ? OR ${key} < ?)`);
      values.push(after.value, after.value, fromHex(after.key));
    }
    // Written into the statement: MySQL takes no number of ours for LIMIT.
    const limit = limitOf(query.limit);
    const rows = await this.dialect.query(
      `${this.select}, ${value} FROM ${this.table.path} WHERE ${conditions.join(' AND ')} ` +
        `ORDER BY ${value} DESC, ${key} DESC LIMIT ${limit + 1}`,
      values,
    );
    const items = rows.slice(0, limit).map((row) => decodeRecord(row));
    const last = rows[limit - 1];
    const lastItem = items[limit - 1];
    if (rows.length <= limit || !last || !lastItem) return { items, nextCursor: null };
    const lastValue = integer('cursor', last[RECORD_FIELDS.length]);
    return { items, nextCursor: encodeCursor({ list: query.sort, value: lastValue, key: lastItem.key }) };
  }

  endedLocks(now: number, limit: number): Promise<readonly LockoutRecord[]> {
    const { lockedUntil } = this.table.columns;
    return this.records(
      `WHERE ${lockedUntil} <= ? AND ${lockedUntil} < ${FOREVER} ORDER BY ${lockedUntil} LIMIT ${limitOf(limit)}`,
      [now],
    );
  }

  outlived(now: number, limit: number): Promise<readonly LockoutRecord[]> {
    const { keepUntil } = this.table.columns;
    return this.records(`WHERE ${keepUntil} < ? ORDER BY ${keepUntil} LIMIT ${limitOf(limit)}`, [now]);
  }

  async prune(records: readonly Pick<LockoutRecord, 'key' | 'version'>[]): Promise<number> {
    const { key, version } = this.table.columns;
    let deleted = 0;
    // In key order, as every writer of several rows. Powers of two, largest first: few statement texts, no padding.
    const ordered = inKeyOrder(records);
    for (let start = 0; start < ordered.length; ) {
      const length = 2 ** Math.floor(Math.log2(Math.min(ordered.length - start, MAX_PRUNED)));
      const part = ordered.slice(start, start + length);
      start += length;
      // The list of keys is what the index is searched by; the pairs are what decides.
      deleted += await this.dialect.change(
        `DELETE FROM ${this.table.path} WHERE ${key} IN (${part.map(() => '?').join(', ')}) ` +
          `AND (${part.map(() => `(${key} = ? AND ${version} = ?)`).join(' OR ')})`,
        [
          ...part.map((record) => fromHex(record.key)),
          ...part.flatMap((record) => [fromHex(record.key), fromHex(record.version)]),
        ],
      );
    }
    return deleted;
  }

  private async records(rest: string, values: readonly ColumnValue[]): Promise<readonly LockoutRecord[]> {
    const rows = await this.dialect.query(`${this.select} FROM ${this.table.path} ${rest}`, values);
    return rows.map((row) => decodeRecord(row));
  }
}

function subjectCondition(table: TableNames<RecordField>, query: LockedQuery, values: ColumnValue[]): string {
  const { accountHash, addressHash, accountLabel, addressLabel } = table.columns;
  const byAccount = query.of === 'account';
  const hash = byAccount ? accountHash : addressHash;
  const scope = byAccount ? `${hash} IS NOT NULL` : `${hash} IS NOT NULL AND ${accountHash} IS NULL`;
  if (query.subjects === undefined && query.labelPrefix === undefined) return scope;
  const either: string[] = [];
  if (query.subjects !== undefined && query.subjects.length > 0) {
    either.push(`${hash} IN (${query.subjects.map(() => '?').join(', ')})`);
    values.push(...query.subjects.map(fromHex));
  }
  if (query.labelPrefix !== undefined) {
    either.push(startsWith(byAccount ? accountLabel : addressLabel));
    values.push(prefixPattern(query.labelPrefix));
  }
  return either.length > 0 ? `${scope} AND (${either.join(' OR ')})` : '1 = 0';
}
