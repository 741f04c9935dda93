import type { SubjectHash } from '../key/key.js';
import { type ColumnValue, decodeRecord, FOREVER, fromHex, integer, RECORD_FIELDS } from '../store/codec.js';
import { encodeCursor } from '../store/cursor.js';
import type { Directory, LockCountQuery, LockedQuery, Page } from '../store/directory.js';
import { listedRange } from '../store/listed.js';
import { limitOf } from '../store/page.js';
import type { LockoutRecord } from '../store/record.js';
import { type Dialect, inKeyOrder } from './dialect.js';
import type { RecordIndex, RowField } from './listing-columns.js';
import { columnList, type IndexedTable, type LockoutTables } from './lockout-tables.js';
import { RecordList } from './record-list.js';
import { UnlistedRecords } from './unlisted-records.js';
import { questions } from './value-list.js';

/** Most rows of one statement that deletes: short enough that whoever signs in at one of them hardly waits. */
const MAX_PRUNED = 128;

/** The records as administrators and housekeeping ask for them. */
export class DirectoryQueries implements Directory {
  private readonly table: IndexedTable<RowField, RecordIndex>;
  private readonly select: string;
  private readonly lists: RecordList;
  private readonly unlisted: UnlistedRecords;

  /** @param monotonic Milliseconds that never go back. */
  constructor(
    private readonly dialect: Dialect,
    tables: LockoutTables,
    monotonic: () => number,
  ) {
    this.table = tables.record;
    this.select = `SELECT ${columnList(this.table, RECORD_FIELDS)}`;
    this.unlisted = new UnlistedRecords(dialect, this.table, monotonic);
    this.lists = new RecordList(dialect, this.table, this.unlisted);
  }

  ofAccount(account: SubjectHash): Promise<readonly LockoutRecord[]> {
    return this.records(`WHERE ${this.table.columns.accountHash} = ?`, [fromHex(account)]);
  }

  ofAddress(address: SubjectHash): Promise<readonly LockoutRecord[]> {
    return this.records(`WHERE ${this.table.columns.addressHash} = ?`, [fromHex(address)]);
  }

  async find(query: LockedQuery): Promise<Page<LockoutRecord>> {
    const limit = limitOf(query.limit);
    // One more than the page has: that it is there says that another page follows.
    const { found, goesOnAfter } = await this.lists.first(query, limit + 1);
    const after = found.length > limit ? (found[limit - 1]?.place ?? null) : goesOnAfter;
    return {
      items: found.slice(0, limit).map(({ record }) => record),
      nextCursor: after && encodeCursor({ list: query.sort, ...after }),
    };
  }

  async countLocked({ of, realms, now }: LockCountQuery): Promise<number> {
    if (realms.length === 0) return 0;
    await this.unlisted.listLocked();
    const { path, columns, indexes } = this.table;
    const { from, to } = listedRange(of);
    const [row] = await this.dialect.query(
      `SELECT COUNT(*) FROM ${path}${this.dialect.indexHint(indexes.until)} ` +
        `WHERE ${columns.lockedUntil} > ? AND ${columns.listed} >= ? AND ${columns.listed} < ? ` +
        `AND ${columns.realm} IN (${questions(realms)})`,
      [now, from, to, ...realms],
    );
    return integer('count', row?.[0]);
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
        `DELETE FROM ${this.table.path} WHERE ${key} IN (${questions(part)}) ` +
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
