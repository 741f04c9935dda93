import type { LockoutKey } from '../key/key.js';
import type { LockoutStore } from './lockout-store.js';
import type { Loaded, LockoutRecord, Swap } from './record.js';
import { RecordCache } from './record-cache.js';
import { StoreClock } from './store-clock.js';

export interface KnownRecordsOptions {
  /** Monotonic milliseconds. */
  readonly monotonic: () => number;
  /** How long a record may be taken as current without asking the store, ms. 0: not at all. */
  readonly cacheMs: number;
  /** Records kept in memory. */
  readonly cacheSize: number;
}

/** What this process knows of the store: records while they are fresh, and its clock. What it does not know it loads. */
export class KnownRecords {
  /** Loads made. */
  loads = 0;
  private readonly clock: StoreClock;
  private readonly cache: RecordCache;

  constructor(
    private readonly store: LockoutStore,
    private readonly options: KnownRecordsOptions,
  ) {
    this.clock = new StoreClock(store, options.monotonic);
    this.cache = new RecordCache(options.cacheMs, options.cacheSize);
  }

  /** The store's clock; null: it has to be learned by a load first. */
  now(): number | null {
    return this.clock.now();
  }

  /** The records if all of them are fresh, without a query; null: some have to be loaded. */
  fresh(keys: readonly LockoutKey[]): ReadonlyMap<LockoutKey, LockoutRecord> | null {
    const records = new Map<LockoutKey, LockoutRecord>();
    const at = this.options.monotonic();
    for (const key of keys) {
      const record = this.cache.get(key, at);
      if (record === undefined) return null;
      if (record) records.set(key, record);
    }
    return records;
  }

  /** The records, from memory while fresh, and the store's clock. */
  async get(keys: readonly LockoutKey[]): Promise<Loaded> {
    const records = new Map<LockoutKey, LockoutRecord>();
    const missing: LockoutKey[] = [];
    const at = this.options.monotonic();
    for (const key of keys) {
      const record = this.cache.get(key, at);
      if (record === undefined) missing.push(key);
      else if (record) records.set(key, record);
    }
    const known = missing.length === 0 ? this.clock.now() : null;
    if (known !== null) return { now: known, records };
    const loaded = await this.load(missing);
    for (const record of loaded.records.values()) records.set(record.key, record);
    return { now: loaded.now, records };
  }

  /** The records as committed at the store, past any memory. */
  async load(keys: readonly LockoutKey[]): Promise<Loaded> {
    this.loads += 1;
    // Freshness counts from the question, not from the answer.
    const at = this.options.monotonic();
    const loaded = await this.store.load(keys);
    this.clock.learn(loaded.now);
    for (const key of keys) this.cache.set(key, loaded.records.get(key) ?? null, at);
    return loaded;
  }

  /** Records that this process wrote, or failed to. `at`: monotonic ms at which it asked to. */
  learn(swaps: readonly Swap[], hasWon: (swap: Swap) => boolean, at: number): void {
    for (const swap of swaps) {
      const { key, version, state, facts } = swap;
      if (hasWon(swap)) this.cache.set(key, { key, version, state, facts }, at);
      else this.cache.delete(key);
    }
  }

  learnClock(storeNow: number): void {
    this.clock.learn(storeNow);
  }

  /** The store contradicted the clock, or may have: learn it again with the next load. */
  doubtClock(): void {
    this.clock.doubt();
  }

  /** The next decision about these keys asks the store (R27). */
  forget(keys: Iterable<LockoutKey>): void {
    for (const key of keys) this.cache.delete(key);
  }
}
