import type { LockoutKey } from '../key/key.js';
import { Batch, type Job } from './batch.js';
import type { LockoutStore } from './lockout-store.js';
import type { Operation } from './operation.js';
import type { Loaded, LockoutRecord, Swap } from './record.js';
import { RecordCache } from './record-cache.js';
import { StoreClock } from './store-clock.js';
import { StoreError } from './store-error.js';

/** Most rows of one statement (R31). */
const MAX_ROWS = 256;
/** After this many losses in a row the records are held while deciding (R30). */
const LOSSES_BEFORE_HOLDING = 3;
/** Longest pause before a lost swap is tried again, ms; drawn evenly below it. */
const MAX_BACKOFF_MS = 40;

export interface ApplierOptions {
  /** Monotonic milliseconds. */
  readonly monotonic: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Even draws from [0, 1). */
  readonly random: () => number;
  /** A token that never repeats: 16 hex digits. */
  readonly freshVersion: () => string;
  /** Told of each swap that won and made events, once. Must not throw. */
  readonly onEvents: (swap: Swap) => void;
  /** How long a record may be taken as current without asking the store, ms. 0: not at all. */
  readonly cacheMs: number;
  /** Records kept in memory. */
  readonly cacheSize: number;
  /** How long a lost swap is retried before failing closed, ms. */
  readonly retryMs: number;
  /** Batches under way at once. */
  readonly lanes: number;
  /** Operations that may wait; more fail closed at once. */
  readonly maxQueue: number;
}

/** Running totals, for metrics and for tests that have to show that a race was run. */
export interface ApplierTotals {
  operations: number;
  batches: number;
  loads: number;
  swaps: number;
  /** Swaps lost to other processes, then folded again. */
  lostRaces: number;
  /** Rounds decided with the records held. */
  held: number;
  /** Answers given from memory, without a query. */
  fromCache: number;
}

/**
 * Group commit: operations queue; a batch loads its keys with one statement, folds each operation in order, and writes
 * all changed rows with one conditional statement. While it runs the next batch gathers, so there is no timer and no
 * added delay. A key is never in two batches of one process at once, so a swap is lost only to other processes.
 */
export class BatchApplier {
  readonly totals: ApplierTotals = {
    operations: 0,
    batches: 0,
    loads: 0,
    swaps: 0,
    lostRaces: 0,
    held: 0,
    fromCache: 0,
  };
  readonly clock: StoreClock;
  private readonly cache: RecordCache;
  private queue: Job[] = [];
  private readonly busy = new Set<LockoutKey>();
  private running = 0;
  private scheduled = false;

  constructor(
    private readonly store: LockoutStore,
    private readonly options: ApplierOptions,
  ) {
    this.clock = new StoreClock(store, options.monotonic);
    this.cache = new RecordCache(options.cacheMs, options.cacheSize);
  }

  /** Applies one operation. Rejects with {@link StoreError} when the store cannot answer, or with what `fold` threw. */
  apply<Result>(operation: Operation<Result>): Promise<Result> {
    this.totals.operations += 1;
    if (this.queue.length >= this.options.maxQueue) {
      return Promise.reject(
        new StoreError('overload', `More than ${this.options.maxQueue} lockout decisions are waiting.`),
      );
    }
    return new Promise<Result>((resolve, reject) => {
      this.queue.push({ operation, resolve: (result) => resolve(result as Result), reject });
      this.schedule();
    });
  }

  /**
   * The operation's answer if it follows from fresh records in memory and writes nothing (the known-locked path);
   * undefined: apply it.
   */
  answerFromMemory<Result>(operation: Operation<Result>): Result | undefined {
    const now = this.clock.now();
    if (now === null) return undefined;
    const records = new Map<LockoutKey, LockoutRecord>();
    let locked = false;
    for (const key of operation.keys) {
      const record = this.cache.get(key, this.options.monotonic());
      if (record === undefined) return undefined;
      if (record) records.set(key, record);
      locked ||= record?.state.lock != null;
    }
    if (!locked) return undefined;
    let wrote = false;
    const result = operation.fold(
      {
        get: (key) => records.get(key) ?? null,
        put: () => {
          wrote = true;
        },
      },
      now,
    );
    if (wrote) return undefined;
    this.totals.fromCache += 1;
    return result;
  }

  /** The records as committed at the store, past any cache, and its clock. */
  async load(keys: readonly LockoutKey[]): Promise<Loaded> {
    this.forget(keys);
    return this.loadInto(new Map(), keys);
  }

  /** Drop what is remembered of these keys: the next decision asks the store (R27). */
  forget(keys: Iterable<LockoutKey>): void {
    for (const key of keys) this.cache.delete(key);
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    // Everything that arrives in this turn of the event loop leaves together.
    setImmediate(() => {
      this.scheduled = false;
      this.pump();
    });
  }

  private pump(): void {
    while (this.running < this.options.lanes) {
      const jobs = this.take();
      if (jobs.length === 0) return;
      this.running += 1;
      this.totals.batches += 1;
      const keys = keysOf(jobs);
      for (const key of keys) this.busy.add(key);
      void this.run(jobs).finally(() => {
        for (const key of keys) this.busy.delete(key);
        this.running -= 1;
        this.schedule();
      });
    }
  }

  /** The next batch: in order of arrival, no key of a batch under way, none overtaking an earlier one at its key. */
  private take(): Job[] {
    const taken: Job[] = [];
    const left: Job[] = [];
    const keys = new Set<LockoutKey>();
    const passedOver = new Set<LockoutKey>();
    let closed = false;
    for (const job of this.queue) {
      const own = job.operation.keys;
      const fits =
        taken.length === 0 || (!closed && !job.operation.atomic && keys.size + own.length <= MAX_ROWS);
      if (fits && !own.some((key) => this.busy.has(key) || passedOver.has(key))) {
        taken.push(job);
        for (const key of own) keys.add(key);
        closed ||= job.operation.atomic === true;
      } else {
        left.push(job);
        for (const key of own) passedOver.add(key);
      }
    }
    this.queue = left;
    return taken;
  }

  private async run(jobs: Job[]): Promise<void> {
    const deadline = this.options.monotonic() + this.options.retryMs;
    let waiting = jobs;
    try {
      for (let losses = 0; waiting.length > 0; losses += 1) {
        if (losses > 0) await this.pauseBefore(losses, deadline);
        waiting =
          losses < LOSSES_BEFORE_HOLDING ? await this.round(waiting) : await this.holdingRound(waiting);
      }
    } catch (error) {
      const fault = StoreError.from(error);
      const groups = groupsByKey(waiting);
      if ((fault.fault === 'data' || fault.fault === 'timeout') && groups.length > 1) {
        // One stuck or broken row refuses only its own attempts (R31).
        await Promise.all(groups.map((group) => this.run(group)));
      } else {
        for (const job of waiting) job.reject(fault);
      }
    }
  }

  private async pauseBefore(losses: number, deadline: number): Promise<void> {
    if (this.options.monotonic() >= deadline) {
      throw new StoreError('contention', `A lockout record kept changing for ${this.options.retryMs} ms.`);
    }
    await this.options.sleep(this.options.random() * Math.min(MAX_BACKOFF_MS, 2 ** losses));
  }

  /** Load what is not fresh, fold, swap; returns what lost and has to be folded again. */
  private async round(jobs: Job[]): Promise<Job[]> {
    const records = await this.recordsOf(keysOf(jobs));
    const now = this.clock.now() ?? (await this.relearn(jobs));
    const batch = new Batch(records, now);
    for (const job of jobs) batch.fold(job);
    const swaps = batch.swaps(this.options.freshVersion);
    if (swaps.length === 0) return batch.settle(new Set());
    const atomic = jobs.some((job) => job.operation.atomic);
    this.totals.swaps += 1;
    const lost = await this.store
      .compareAndSwap(swaps, { atomic, now })
      .catch((error: unknown) => this.fateOf(swaps, error));
    this.learnSwaps(swaps, lost, atomic);
    return batch.settle(lost);
  }

  private async holdingRound(jobs: Job[]): Promise<Job[]> {
    const keys = keysOf(jobs);
    let batch: Batch | undefined;
    let swaps: readonly Swap[] = [];
    this.totals.held += 1;
    this.forget(keys);
    const lost = await this.store
      .swapExclusively(keys, (loaded) => {
        this.clock.learn(loaded.now);
        batch = new Batch(loaded.records, loaded.now);
        for (const job of jobs) batch.fold(job);
        swaps = batch.swaps(this.options.freshVersion);
        return swaps;
      })
      .catch((error: unknown) => this.fateOf(swaps, error));
    this.learnSwaps(swaps, lost, false);
    return batch ? batch.settle(lost) : jobs;
  }

  /** The outcome of a swap that was never answered: whoever finds its own version there has won (R4). */
  private async fateOf(swaps: readonly Swap[], error: unknown): Promise<ReadonlySet<LockoutKey>> {
    const keys = swaps.map((swap) => swap.key);
    this.forget(keys);
    this.clock.doubt();
    const fault = StoreError.from(error);
    if (swaps.length === 0 || fault.fault === 'data' || fault.fault === 'timeout') throw fault;
    const { records } = await this.loadInto(new Map(), keys);
    return new Set(
      swaps.filter((swap) => records.get(swap.key)?.version !== swap.version).map((swap) => swap.key),
    );
  }

  private learnSwaps(swaps: readonly Swap[], lost: ReadonlySet<LockoutKey>, atomic: boolean): void {
    const at = this.options.monotonic();
    this.totals.lostRaces += lost.size;
    // A batch lost whole may have been refused for its clock: learn it again with the load.
    if (lost.size === swaps.length && lost.size > 0) this.clock.doubt();
    for (const swap of swaps) {
      const { key, version, state, facts } = swap;
      if (lost.has(key) || (atomic && lost.size > 0)) {
        this.cache.delete(key);
        continue;
      }
      this.cache.set(key, { key, version, state, facts }, at);
      if (swap.events.length > 0) this.options.onEvents(swap);
    }
  }

  private async recordsOf(keys: readonly LockoutKey[]): Promise<ReadonlyMap<LockoutKey, LockoutRecord>> {
    const records = new Map<LockoutKey, LockoutRecord>();
    const missing: LockoutKey[] = [];
    const at = this.options.monotonic();
    for (const key of keys) {
      const record = this.cache.get(key, at);
      if (record === undefined) missing.push(key);
      else if (record) records.set(key, record);
    }
    if (missing.length > 0) await this.loadInto(records, missing);
    return records;
  }

  private async relearn(jobs: Job[]): Promise<number> {
    const loaded = await this.loadInto(new Map(), keysOf(jobs).slice(0, 1));
    return loaded.now;
  }

  private async loadInto(
    records: Map<LockoutKey, LockoutRecord>,
    keys: readonly LockoutKey[],
  ): Promise<Loaded> {
    this.totals.loads += 1;
    const loaded = await this.store.load(keys);
    this.clock.learn(loaded.now);
    const at = this.options.monotonic();
    for (const key of keys) {
      const record = loaded.records.get(key) ?? null;
      this.cache.set(key, record, at);
      if (record) records.set(key, record);
    }
    return { now: loaded.now, records };
  }
}

function keysOf(jobs: readonly Job[]): LockoutKey[] {
  return [...new Set(jobs.flatMap((job) => job.operation.keys))];
}

/** Splits jobs into groups that share no key. */
function groupsByKey(jobs: readonly Job[]): Job[][] {
  const groups: { keys: Set<LockoutKey>; jobs: Job[] }[] = [];
  for (const job of jobs) {
    const touching = groups.filter((group) => job.operation.keys.some((key) => group.keys.has(key)));
    const merged = {
      keys: new Set(job.operation.keys),
      jobs: [...touching.flatMap((group) => group.jobs), job],
    };
    for (const group of touching) {
      for (const key of group.keys) merged.keys.add(key);
      groups.splice(groups.indexOf(group), 1);
    }
    groups.push(merged);
  }
  return groups.map((group) => group.jobs);
}
