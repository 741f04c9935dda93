import { EndingRows } from './ending-rows.js';
import { hashBytes } from './hash-bytes.js';
import { assertQuota, type StoredQuota } from './quota-row.js';
import type { Quotas } from './quotas.js';

/** Quotas, in this process only. */
export class MemoryQuotas implements Quotas {
  private readonly rows = new EndingRows<StoredQuota>();

  constructor(private readonly clock: () => number) {}

  /** How many rows there are. */
  get size(): number {
    return this.rows.size;
  }

  async takeQuota(id: string, limit: number, windowMs: number): Promise<boolean> {
    hashBytes('id of a quota', id);
    assertQuota(limit, windowMs);
    const now = this.clock();
    const stored = this.rows.get(id, now);
    if (stored && stored.taken >= limit) return false;
    this.rows.set(id, stored ? { ...stored, taken: stored.taken + 1 } : { taken: 1, endsAt: now + windowMs });
    if (!stored) this.rows.drop(now);
    return true;
  }

  async returnQuota(id: string): Promise<void> {
    hashBytes('id of a quota', id);
    const stored = this.rows.get(id, this.clock());
    if (stored && stored.taken > 0) this.rows.set(id, { ...stored, taken: stored.taken - 1 });
  }

  async quotaTaken(id: string): Promise<number> {
    hashBytes('id of a quota', id);
    return this.rows.get(id, this.clock())?.taken ?? 0;
  }
}
