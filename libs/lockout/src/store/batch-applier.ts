import type { LockoutKey } from '../key/key.js';
import type { LockoutEvent } from '../policy/event.js';
import { Batch, type Job } from './batch.js';
import { confirmedKeys, groupsByKey, JobQueue, keysOfJobs } from './job-queue.js';
import { KnownRecords, type KnownRecordsOptions } from './known-records.js';
import type { LockoutStore } from './lockout-store.js';
import type { Operation } from './operation.js';
import type { Loaded, RecordFacts, Swap } from './record.js';
import { StoreError } from './store-error.js';
import type { StoreWatch } from './store-watch.js';

/** After this many losses in a row the records are held while deciding (R30). */
const LOSSES_BEFORE_HOLDING = 3;
/** Longest pause before a lost swap is tried again, ms; drawn evenly below it. */
const MAX_BACKOFF_MS = 40;
/** Groups of a batch that failed as a whole, tried at once. */
const SPLIT_WIDTH = 4;
/** So many operations leave together even if another batch could leave beside them: a statement costs more than a row. */
const WORTH_SHARING = 16;
const NO_KEYS: ReadonlySet<LockoutKey> = new Set();

export interface ApplierOptions extends KnownRecordsOptions {
  readonly sleep: (ms: number) => Promise<void>;
  /** Even draws from [0, 1). */
  readonly random: () => number;
  /** A token that never repeats: 16 hex digits. */
  readonly freshVersion: () => string;
  /** Told of each swap that won and made events, once. Must not throw. */
  readonly onEvents: (swap: Swap) => void;
  /** Names of the sinks that an event is to be delivered to. Default: none. */
  readonly addresseesOf?: (event: LockoutEvent, facts: RecordFacts) => readonly string[];
  /** Told of what is counted. Default: nobody. */
  readonly watch?: StoreWatch;
  /** How long a lost swap is retried before failing closed, ms. */
  readonly retryMs: number;
  /** Batches under way at once. */
  readonly lanes: number;
  /** Operations that may wait; more fail closed at once. */
  readonly maxQueue: number;
}

/** Running totals, for metrics and for tests that have to show that a race was run. */
export interface ApplierTotals {
  readonly operations: number;
  readonly batches: number;
  readonly loads: number;
  readonly swaps: number;
  /** Swaps lost to other processes, then folded again. */
  readonly lostRaces: number;
  /** Rounds decided with the records held. */
  readonly held: number;
  /** Answers given from memory, without a query. */
  readonly fromCache: number;
}

/**
 * Group commit: operations queue; a batch loads its keys with one statement, folds each operation in order, and writes
 * all changed rows with one conditional statement. While it runs the next batch gathers, so there is no timer and no
 * added delay. A key is never in two batches of one process at once, so a swap is lost only to other processes.
 */
export class BatchApplier {
  private readonly counts = { operations: 0, batches: 0, swaps: 0, lostRaces: 0, held: 0, fromCache: 0 };
  private readonly records: KnownRecords;
  private readonly queue = new JobQueue();
  private readonly busy = new Set<LockoutKey>();
  private running = 0;
  private scheduled = false;

  constructor(
    private readonly store: LockoutStore,
    private readonly options: ApplierOptions,
  ) {
    this.records = new KnownRecords(store, options);
  }

  get totals(): ApplierTotals {
    return { ...this.counts, loads: this.records.loads };
  }

  /** The store's clock, for what decides nothing; null: it was never heard. */
  get aboutNow(): number | null {
    return this.records.aboutNow();
  }

  /** Applies one operation. Rejects with {@link StoreError} when the store cannot answer, or with what `fold` threw. */
  apply<Result>(operation: Operation<Result>): Promise<Result> {
    this.counts.operations += 1;
    const { maxQueue } = this.options;
    if (this.queue.length >= maxQueue) {
      return Promise.reject(
        new StoreError('overload', `More than ${maxQueue} lockout decisions are waiting.`),
      );
    }
    return new Promise<Result>((resolve, reject) => {
      this.queue.push({ operation, resolve: (result) => resolve(result as Result), reject });
      this.schedule();
    });
  }

  /**
   * The operation's answer if it follows from fresh records in memory, one of them locked, and writes nothing (the
   * known-locked path); undefined: apply it.
   */
  answerFromMemory<Result>(operation: Operation<Result>): Result | undefined {
    const records = this.records.freshWithLock(operation.keys);
    const now = records && this.records.now();
    if (!records || now === null) return undefined;
    let wrote = false;
    const put = () => {
      wrote = true;
    };
    const result = operation.fold({ get: (key) => records.get(key) ?? null, put }, now);
    if (wrote) return undefined;
    this.counts.fromCache += 1;
    this.options.watch?.answeredFromMemory();
    return result;
  }

  /** The records as committed at the store, past any cache, and its clock. Rejects with what the store threw. */
  load(keys: readonly LockoutKey[]): Promise<Loaded> {
    return this.records.load(keys);
  }

  /** Drop what is remembered of these keys: the next decision asks the store (R27). */
  forget(keys: Iterable<LockoutKey>): void {
    this.records.forget(keys);
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
      const idle = this.options.lanes - this.running;
      // Shared out, so that this process folds one part while the store writes the other.
      const most = Math.max(WORTH_SHARING, Math.ceil(this.queue.length / idle));
      const jobs = this.queue.take(this.busy, most);
      if (jobs.length === 0) return;
      this.running += 1;
      this.counts.batches += 1;
      this.options.watch?.batched(jobs.length);
      const keys = keysOfJobs(jobs);
      for (const key of keys) this.busy.add(key);
      void this.run(jobs).finally(() => {
        for (const key of keys) this.busy.delete(key);
        this.running -= 1;
        this.schedule();
      });
    }
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
        // A few at a time: a store that stalls must not be answered with a statement for each of them.
        for (let at = 0; at < groups.length; at += SPLIT_WIDTH) {
          const part = groups.slice(at, at + SPLIT_WIDTH);
          if (this.options.monotonic() < deadline + this.options.retryMs) {
            await Promise.all(part.map((group) => this.run(group)));
          } else for (const job of part.flat()) job.reject(fault);
        }
      } else {
        for (const job of waiting) job.reject(fault);
      }
    }
  }

  private async pauseBefore(losses: number, deadline: number): Promise<void> {
    const { monotonic, retryMs, sleep, random } = this.options;
    if (monotonic() >= deadline) {
      throw new StoreError('contention', `A lockout record kept changing for ${retryMs} ms.`);
    }
    await sleep(random() * Math.min(MAX_BACKOFF_MS, 2 ** losses));
  }

  /** Load what is not known, fold, swap; returns what lost and has to be folded again. */
  private async round(jobs: Job[]): Promise<Job[]> {
    const { batch, now } = await this.fold(jobs);
    const swaps = this.swapsOf(batch);
    if (swaps.length === 0) return batch.settle(NO_KEYS);
    const atomic = jobs.some((job) => job.operation.atomic);
    this.counts.swaps += 1;
    const at = this.options.monotonic();
    const lost = await this.store
      .compareAndSwap(swaps, { atomic, now })
      .catch((error: unknown) => this.fateOf(swaps, error));
    this.learn(swaps, lost, atomic, at);
    return batch.settle(lost);
  }

  /** Folds the jobs, until every record that they rest on is fresh, or will be confirmed by its swap. */
  private async fold(jobs: readonly Job[]): Promise<{ readonly batch: Batch; readonly now: number }> {
    let view = await this.records.get(keysOfJobs(jobs), confirmedKeys(jobs));
    for (;;) {
      const batch = new Batch(view.records, view.now);
      for (const job of jobs) batch.fold(job);
      const asked = Array.from(view.doubtful).filter((key) => !batch.writes(key));
      const changed = asked.length === 0 ? null : await this.records.confirm(view, asked);
      if (!changed) return { batch, now: view.now };
      view = changed;
    }
  }

  /** What the batch writes, each event with those who are to be told of it. */
  private swapsOf(batch: Batch): readonly Swap[] {
    const swaps = batch.swaps(this.options.freshVersion);
    const { addresseesOf } = this.options;
    if (!addresseesOf) return swaps;
    return swaps.map((swap) => {
      if (swap.events.length === 0) return swap;
      const deliverTo = swap.events.map((event) => addresseesOf(event, swap.facts));
      return deliverTo.some((names) => names.length > 0) ? { ...swap, deliverTo } : swap;
    });
  }

  /** The same with the records held, so that no other process can come between (R30). */
  private async holdingRound(jobs: Job[]): Promise<Job[]> {
    const keys = keysOfJobs(jobs);
    let batch: Batch | undefined;
    let swaps: readonly Swap[] = [];
    this.counts.held += 1;
    this.options.watch?.held();
    const at = this.options.monotonic();
    this.records.forget(keys);
    const lost = await this.store
      .swapExclusively(keys, (loaded) => {
        this.records.learnClock(loaded.now);
        batch = new Batch(loaded.records, loaded.now);
        for (const job of jobs) batch.fold(job);
        swaps = this.swapsOf(batch);
        return swaps;
      })
      .catch((error: unknown) => this.fateOf(swaps, error));
    this.learn(swaps, lost, false, at);
    return batch ? batch.settle(lost) : jobs;
  }

  /** The outcome of a swap that was never answered: whoever finds its own version there has won (R4). */
  private async fateOf(swaps: readonly Swap[], error: unknown): Promise<ReadonlySet<LockoutKey>> {
    const keys = swaps.map((swap) => swap.key);
    this.records.forget(keys);
    this.records.doubtClock();
    const fault = StoreError.from(error);
    if (swaps.length === 0 || fault.fault === 'data' || fault.fault === 'timeout') throw fault;
    const { records } = await this.records.load(keys);
    return new Set(
      swaps.filter(({ key, version }) => records.get(key)?.version !== version).map(({ key }) => key),
    );
  }

  private learn(swaps: readonly Swap[], lost: ReadonlySet<LockoutKey>, atomic: boolean, at: number): void {
    this.counts.lostRaces += lost.size;
    this.options.watch?.swapped(swaps.length, lost.size);
    // A batch lost whole may have been refused for its clock: learn it again with the load.
    if (lost.size === swaps.length && lost.size > 0) this.records.doubtClock();
    const hasWon = ({ key }: Swap): boolean => !lost.has(key) && !(atomic && lost.size > 0);
    this.records.learn(swaps, hasWon, at);
    for (const swap of swaps) if (swap.events.length > 0 && hasWon(swap)) this.tell(swap);
  }

  /** What is committed is committed: a listener that throws must not turn it into a failure of the store. */
  private tell(swap: Swap): void {
    try {
      this.options.onEvents(swap);
    } catch (error) {
      process.emitWarning(String(error), 'LockoutWarning');
    }
  }
}
