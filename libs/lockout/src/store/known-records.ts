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

/** Records to decide on. */
export interface KnownView extends Loaded {
  /** Keys whose record, or absence, was current some seconds ago: to be confirmed by a swap or by a load. */
  readonly doubtful: ReadonlySet<LockoutKey>;
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

  /** {@link StoreClock.about}. */
  aboutNow(): number | null {
    return this.clock.about();
  }

  /** The records if all of them are fresh and one is locked, without a query; null: the store has to be asked. */
  freshWithLock(keys: readonly LockoutKey[]): ReadonlyMap<LockoutKey, LockoutRecord> | null {
    const at = this.options.monotonic();
    let locked = false;
    // Twice over the keys, so that the many who are not locked cost no map.
    for (const key of keys) {
      const record = this.cache.get(key, at);
      if (record === undefined) return null;
      locked ||= record !== null && record.state.lock !== null;
    }
    if (!locked) return null;
    const records = new Map<LockoutKey, LockoutRecord>();
    for (const key of keys) {
      const record = this.cache.get(key, at);
      if (record) records.set(key, record);
    }
    return records;
  }

  /**
   * The records, from memory while fresh, and the store's clock. Of the keys in `confirmed` also those that were current
   * some seconds ago: they are named in `doubtful`.
   */
  async get(keys: readonly LockoutKey[], confirmed: ReadonlySet<LockoutKey>): Promise<KnownView> {
    const records = new Map<LockoutKey, LockoutRecord>();
    const doubtful = new Set<LockoutKey>();
    const missing: LockoutKey[] = [];
    const at = this.options.monotonic();
    const known = this.clock.now();
    for (const key of keys) {
      let record = this.cache.get(key, at);
      if (record === undefined && known !== null && confirmed.has(key)) {
        record = this.cache.recent(key, at);
        // What is seldom written (an administrator's lock that is not there, the record behind a refusal) would need a
        // question of its own after the fold: it is loaded at once.
        if (record === null || record?.state.lock) record = undefined;
        if (record) doubtful.add(key);
      }
      if (record === undefined) missing.push(key);
      else if (record) records.set(key, record);
    }
    if (known !== null && missing.length === 0) return { now: known, records, doubtful };
    const loaded = await this.load(missing);
    for (const record of loaded.records.values()) records.set(record.key, record);
    return { now: loaded.now, records, doubtful };
  }

  /** Asks the store about these keys of a view. Null: they are as the view has them; else the view as it is now. */
  async confirm(view: KnownView, keys: readonly LockoutKey[]): Promise<KnownView | null> {
    const loaded = await this.load(keys);
    const isAsKnown = (key: LockoutKey): boolean =>
      loaded.records.get(key)?.version === view.records.get(key)?.version;
    if (keys.every(isAsKnown)) return null;
    const records = new Map(view.records);
    const doubtful = new Set(view.doubtful);
    for (const key of keys) {
      doubtful.delete(key);
      const record = loaded.records.get(key);
      if (record) records.set(key, record);
      else records.delete(key);
    }
    return { now: loaded.now, records, doubtful };
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
