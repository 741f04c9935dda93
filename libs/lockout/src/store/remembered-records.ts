import type { LockoutKey } from '../key/key.js';
import type { Loaded, LockoutRecord, Swap } from './record.js';

/**
 * The records as they were last seen, and the store's clock, for the time when the store does not answer: unlike the
 * cache of decisions they do not grow stale. The least recently seen go first.
 */
export class RememberedRecords {
  private readonly records = new Map<LockoutKey, LockoutRecord>();
  private learned: { readonly storeNow: number; readonly at: number } | null = null;

  /** @param capacity Records kept at most. @param storeClock The store's clock where it can be read without asking. */
  constructor(
    private readonly monotonic: () => number,
    private readonly capacity: number,
    private readonly storeClock?: () => number,
  ) {}

  /** Epoch ms on the store's clock, counted on since it was last heard; null: it never was. */
  now(): number | null {
    if (this.storeClock) return this.storeClock();
    if (!this.learned) return null;
    return Math.floor(this.learned.storeNow + this.monotonic() - this.learned.at);
  }

  get(key: LockoutKey): LockoutRecord | undefined {
    return this.records.get(key);
  }

  loaded(keys: readonly LockoutKey[], { now, records }: Loaded): void {
    this.learned = { storeNow: now, at: this.monotonic() };
    for (const key of keys) this.set(key, records.get(key));
  }

  /** `lost`: those that did not win; null: none did. */
  swapped(swaps: readonly Swap[], lost: ReadonlySet<LockoutKey> | null): void {
    if (lost === null) return;
    for (const { key, version, state, facts } of swaps) {
      if (!lost.has(key)) this.set(key, { key, version, state, facts });
    }
  }

  private set(key: LockoutKey, record: LockoutRecord | undefined): void {
    this.records.delete(key);
    if (!record) return;
    this.records.set(key, record);
    if (this.records.size <= this.capacity) return;
    for (const oldest of this.records.keys()) {
      this.records.delete(oldest);
      return;
    }
  }
}
