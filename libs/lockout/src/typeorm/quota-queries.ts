import { hashBytes } from '../store/hash-bytes.js';
import { assertQuota, decodeQuota, type QuotaField, type StoredQuota } from '../store/quota-row.js';
import type { Quotas } from '../store/quotas.js';
import { StoreError } from '../store/store-error.js';
import type { KeyedTable } from './keyed-table.js';

/** How often a take is tried while others change the same row each time. */
const MAX_TRIES = 8;

/** Quotas: one row each. An update that names what it expects decides who takes, so no two take the same one. */
export class QuotaQueries implements Quotas {
  constructor(private readonly rows: KeyedTable<QuotaField>) {}

  async takeQuota(id: string, limit: number, windowMs: number): Promise<boolean> {
    const key = hashBytes('id of a quota', id);
    assertQuota(limit, windowMs);
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const now = await this.rows.now();
      const stored = await this.find(key);
      if (!stored) {
        // Empty: whether it was ours that was inserted no database tells for certain (R23), so it is taken from below.
        await this.rows.insert([key, 0, now + windowMs]);
        await this.rows.tidy('endsAt', now);
      } else if (stored.endsAt <= now) {
        if (await this.beginAnew(key, stored.endsAt, now + windowMs)) {
          await this.rows.tidy('endsAt', now);
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
    const { columns } = this.rows;
    // Where the window is over nobody asks any more how many were taken in it.
    await this.rows.update(
      `${columns.taken} = ${columns.taken} - 1`,
      `${columns.id} = ? AND ${columns.taken} > 0`,
      [hashBytes('id of a quota', id)],
    );
  }

  async quotaTaken(id: string): Promise<number> {
    const stored = await this.find(hashBytes('id of a quota', id));
    if (!stored) return 0;
    return stored.endsAt > (await this.rows.now()) ? stored.taken : 0;
  }

  private async find(key: Buffer): Promise<StoredQuota | null> {
    const row = await this.rows.find(key);
    return row && decodeQuota(row);
  }

  private async takeOne(key: Buffer, endsAt: number, limit: number): Promise<boolean> {
    const { columns } = this.rows;
    const changed = await this.rows.update(
      `${columns.taken} = ${columns.taken} + 1`,
      `${columns.id} = ? AND ${columns.endsAt} = ? AND ${columns.taken} < ?`,
      [key, endsAt, limit],
    );
    return changed === 1;
  }

  /** The first take of a window, over one that has ended; false: somebody else began it, or the row went. */
  private async beginAnew(key: Buffer, ended: number, endsAt: number): Promise<boolean> {
    const { columns } = this.rows;
    const changed = await this.rows.update(
      `${columns.taken} = 1, ${columns.endsAt} = ?`,
      `${columns.id} = ? AND ${columns.endsAt} = ?`,
      [endsAt, key, ended],
    );
    return changed === 1;
  }
}
