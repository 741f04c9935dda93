import type { LockoutKey, SubjectHash } from '../key/key.js';
import { CLOCK_TOLERANCE_MS } from './clock-tolerance.js';
import { FOREVER, rowKeepUntil } from './codec.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import type { Directory, LockCountQuery, LockedQuery, Page } from './directory.js';
import { isCounted, matchesLocked, placeOf, TopOf } from './locked-query.js';
import type { LockoutStore, SwapOptions } from './lockout-store.js';
import { pageOf } from './page.js';
import type { Loaded, LockoutRecord, Swap } from './record.js';

interface Entry extends LockoutRecord {
  readonly keepUntil: number;
}

/** Records, in this process only. */
export class MemoryRecords implements LockoutStore, Directory {
  private readonly entries = new Map<LockoutKey, Entry>();

  /** @param onSwapped Told of each swap that won, at once: its events are recorded there. */
  constructor(
    readonly clock: () => number,
    private readonly onSwapped: (swap: Swap) => void,
  ) {}

  load(keys: readonly LockoutKey[]): Promise<Loaded> {
    return Promise.resolve(this.snapshot(keys));
  }

  compareAndSwap(swaps: readonly Swap[], options: SwapOptions): Promise<ReadonlySet<LockoutKey>> {
    return Promise.resolve(this.swap(swaps, options));
  }

  async swapExclusively(
    keys: readonly LockoutKey[],
    decide: (loaded: Loaded) => readonly Swap[],
  ): Promise<ReadonlySet<LockoutKey>> {
    // Nothing else runs between here and the end of this turn.
    const loaded = this.snapshot(keys);
    return this.swap(decide(loaded), { now: loaded.now });
  }

  ofAccount(account: SubjectHash): Promise<readonly LockoutRecord[]> {
    return Promise.resolve(this.where(({ facts }) => facts.accountHash === account).map(asRecord));
  }

  ofAddress(address: SubjectHash): Promise<readonly LockoutRecord[]> {
    return Promise.resolve(this.where(({ facts }) => facts.addressHash === address).map(asRecord));
  }

  async find(query: LockedQuery): Promise<Page<LockoutRecord>> {
    const after = query.cursor === undefined ? null : decodeCursor(query.sort, query.cursor);
    const top = new TopOf(query.sort, after, query.limit + 1);
    for (const entry of this.where((record) => matchesLocked(query, record))) top.add(asRecord(entry));
    return pageOf(
      top.records(),
      query.limit,
      (record) => record,
      (last) => encodeCursor({ list: query.sort, ...placeOf(query.sort, last) }),
    );
  }

  countLocked(query: LockCountQuery): Promise<number> {
    return Promise.resolve(this.where((record) => isCounted(query, record)).length);
  }

  endedLocks(now: number, limit: number): Promise<readonly LockoutRecord[]> {
    const until = (entry: LockoutRecord): number => entry.state.lock?.until ?? Number.POSITIVE_INFINITY;
    return Promise.resolve(
      this.where((entry) => until(entry) <= now)
        .sort((a, b) => until(a) - until(b))
        .slice(0, limit)
        .map(asRecord),
    );
  }

  outlived(now: number, limit: number): Promise<readonly LockoutRecord[]> {
    return Promise.resolve(
      this.where((entry) => entry.keepUntil < now && entry.keepUntil < FOREVER)
        .sort((a, b) => a.keepUntil - b.keepUntil)
        .slice(0, limit)
        .map(asRecord),
    );
  }

  prune(records: readonly Pick<LockoutRecord, 'key' | 'version'>[]): Promise<number> {
    const gone = records.filter(({ key, version }) => {
      return this.entries.get(key)?.version === version && this.entries.delete(key);
    });
    return Promise.resolve(gone.length);
  }

  private snapshot(keys: readonly LockoutKey[]): Loaded {
    const records = new Map<LockoutKey, LockoutRecord>();
    for (const key of keys) {
      const entry = this.entries.get(key);
      if (entry) records.set(key, asRecord(entry));
    }
    return { now: this.clock(), records };
  }

  private swap(swaps: readonly Swap[], { now, atomic = false }: SwapOptions): ReadonlySet<LockoutKey> {
    const isSkewed = Math.abs(this.clock() - now) > CLOCK_TOLERANCE_MS;
    const lost = new Set(swaps.filter((swap) => isSkewed || !this.isCurrent(swap)).map(({ key }) => key));
    if (atomic && lost.size > 0) return lost;
    for (const swap of swaps) {
      if (lost.has(swap.key)) continue;
      const { key, version, state, facts, keepUntil } = swap;
      this.entries.set(key, { key, version, state, facts, keepUntil: rowKeepUntil(keepUntil) });
      this.onSwapped(swap);
    }
    return lost;
  }

  private isCurrent({ key, expected }: Swap): boolean {
    const current = this.entries.get(key);
    return current === undefined || current.version === expected;
  }

  private where(condition: (entry: Entry) => boolean): Entry[] {
    return [...this.entries.values()].filter(condition);
  }
}

function asRecord({ key, version, state, facts }: Entry): LockoutRecord {
  return { key, version, state, facts };
}
