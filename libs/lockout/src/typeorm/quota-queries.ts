import { hashBytes } from '../store/hash-bytes.js';
import {
  assertQuota,
  decodeQuota,
  QUOTA_FIELDS,
  type QuotaField,
  type StoredQuota,
} from '../store/quota-row.js';
import type { Quotas } from '../store/quotas.js';
import { StoreError } from '../store/store-error.js';
import type { Dialect } from './dialect.js';
import { columnList, type LockoutTables, type TableNames } from './lockout-tables.js';
import { dropOutlived } from './outlived-rows.js';

/** How often a take is tried while others change the same row each time. */
const MAX_TRIES = 8;

/** Quotas: one row each. An update that names what it expects decides who takes, so no two take the same one. */
export class QuotaQueries implements Quotas {
  private readonly table: TableNames<QuotaField>;

  constructor(
    private readonly dialect: Dialect,
    tables: LockoutTables,
  ) {
    this.table = tables.quota;
  }

  async takeQuota(id: string, limit: number, windowMs: number): Promise<boolean> {
    const key = hashBytes('id of a quota', id);
    assertQuota(limit, windowMs);
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const { now } = await this.dialect.load([]);
      const stored = await this.find(key);
      if (!stored) {
        // Empty: whether it was ours that was inserted no database tells for certain (R23), so it is taken from below.
        await this.insert(key, now + windowMs);
        await this.drop(now);
      } else if (stored.endsAt <= now) {
        if (await this.beginAnew(key, stored.endsAt, now + windowMs)) {
          await this.drop(now);
          return true;
        }
      } else if (stored.taken >= limit) {
        return false;
      } else if (await this.takeOne(key, stored.endsAt, limit)) {
        return true;
      }
    }
    throw new StoreError('contention', 'A quota changed each time that it was taken from');
  }

  async returnQuota(id: string): Promise<void> {
    const { path, columns } = this.table;
    // Where the window is over nobody asks any more how many were taken in it.
    await this.dialect.change(
      `UPDATE ${path} SET ${columns.taken} = ${columns.taken} - 1 WHERE ${columns.id} = ? AND ${columns.taken} > 0`,
      [hashBytes('id of a quota', id)],
    );
  }

  async quotaTaken(id: string): Promise<number> {
    const stored = await this.find(hashBytes('id of a quota', id));
    if (!stored) return 0;
    const { now } = await this.dialect.load([]);
    return stored.endsAt > now ? stored.taken : 0;
  }

  private async find(key: Buffer): Promise<StoredQuota | null> {
    const [row] = await this.dialect.query(
      `SELECT ${columnList(this.table, QUOTA_FIELDS)} FROM ${this.table.path} WHERE ${this.table.columns.id} = ?`,
      [key],
    );
    return row ? decodeQuota(row) : null;
  }

  private insert(key: Buffer, endsAt: number): Promise<void> {
    const columns = QUOTA_FIELDS.map((field) => this.table.columns[field]);
    return this.dialect.insertIfAbsent(this.table.path, columns, [key, 0, endsAt]);
  }

  private async takeOne(key: Buffer, endsAt: number, limit: number): Promise<boolean> {
    const { path, columns } = this.table;
    const changed = await this.dialect.change(
      `UPDATE ${path} SET ${columns.taken} = ${columns.taken} + 1 ` +
        `WHERE ${columns.id} = ? AND ${columns.endsAt} = ? AND ${columns.taken} < ?`,
      [key, endsAt, limit],
    );
    return changed === 1;
  }

  /** The first take of a window, over one that has ended; false: somebody else began it, or the row went. */
  private async beginAnew(key: Buffer, ended: number, endsAt: number): Promise<boolean> {
    const { path, columns } = this.table;
    const changed = await this.dialect.change(
      `UPDATE ${path} SET ${columns.taken} = 1, ${columns.endsAt} = ? ` +
        `WHERE ${columns.id} = ? AND ${columns.endsAt} = ?`,
      [endsAt, key, ended],
    );
    return changed === 1;
  }

  private drop(now: number): Promise<void> {
    const { path, columns } = this.table;
    return dropOutlived(this.dialect, { path, id: columns.id, endsAt: columns.endsAt }, now);
  }
}
