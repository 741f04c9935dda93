import type { LockoutKey } from '../key/key.js';
import type { Operation, RecordView, Write } from './operation.js';
import type { LockoutRecord, Swap } from './record.js';

/** An operation waiting for its answer. */
export interface Job {
  readonly operation: Operation<unknown>;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

const NO_EVENTS: Write['events'] = [];

/**
 * One round of a batch: folds each operation over the records in order, collects what changed.
 * An operation that throws changes nothing and is rejected alone.
 */
export class Batch {
  private readonly written = new Map<LockoutKey, Write>();
  private readonly results = new Map<Job, unknown>();
  private readonly failed = new Map<Job, unknown>();
  /** What the operation that is being folded wrote so far. */
  private readonly own = new Map<LockoutKey, Write>();
  private readonly view: RecordView = {
    get: (key) => this.own.get(key) ?? this.written.get(key) ?? this.records.get(key) ?? null,
    put: (key, write) => {
      const earlier = this.own.get(key) ?? this.written.get(key);
      const before = earlier?.events ?? NO_EVENTS;
      this.own.set(key, before.length > 0 ? { ...write, events: [...before, ...write.events] } : write);
    },
  };

  constructor(
    private readonly records: ReadonlyMap<LockoutKey, LockoutRecord>,
    private readonly now: number,
  ) {}

  fold(job: Job): void {
    try {
      this.results.set(job, job.operation.fold(this.view, this.now));
      for (const [key, write] of this.own) this.written.set(key, write);
    } catch (error) {
      this.failed.set(job, error);
    }
    if (this.own.size > 0) this.own.clear();
  }

  /** What has to be written, one swap a key, each under a fresh version. */
  swaps(freshVersion: () => string): Swap[] {
    return Array.from(this.written, ([key, write]) => ({
      key,
      expected: this.records.get(key)?.version ?? null,
      version: freshVersion(),
      ...write,
    }));
  }

  /** Whether something is written there, so that a swap asks whether it was current. */
  writes(key: LockoutKey): boolean {
    return this.written.has(key);
  }

  /** Answers every operation that rests on no lost key; returns those that have to be folded again. */
  settle(lost: ReadonlySet<LockoutKey>): Job[] {
    for (const [job, error] of this.failed) job.reject(error);
    const again: Job[] = [];
    for (const [job, result] of this.results) {
      // Also when it only read a lost key: what it read may have been another operation's lost write.
      if (lost.size > 0 && job.operation.keys.some((key) => lost.has(key))) again.push(job);
      else job.resolve(result);
    }
    return again;
  }
}
