import type { LockoutKey } from '../key/key.js';
import type { Operation, RecordView, Write } from './operation.js';
import type { LockoutRecord, Swap } from './record.js';

/** An operation waiting for its answer. */
export interface Job {
  readonly operation: Operation<unknown>;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

type Base = Pick<LockoutRecord, 'state' | 'facts'> & { readonly version: string | null };

/**
 * One round of a batch: folds each operation over the records in order, collects what changed.
 * An operation that throws changes nothing and is rejected alone.
 */
export class Batch {
  private readonly written = new Map<LockoutKey, Write>();
  private readonly results = new Map<Job, unknown>();

  constructor(
    private readonly records: ReadonlyMap<LockoutKey, LockoutRecord>,
    private readonly now: number,
  ) {}

  fold(job: Job): void {
    const own = new Map<LockoutKey, Write>();
    const view: RecordView = {
      get: (key) => own.get(key) ?? this.written.get(key) ?? this.base(key),
      put: (key, write) => {
        const earlier = own.get(key) ?? this.written.get(key);
        own.set(key, earlier ? { ...write, events: [...earlier.events, ...write.events] } : write);
      },
    };
    try {
      this.results.set(job, job.operation.fold(view, this.now));
    } catch (error) {
      job.reject(error);
      return;
    }
    for (const [key, write] of own) this.written.set(key, write);
  }

  private base(key: LockoutKey): Base | null {
    return this.records.get(key) ?? null;
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

  /** Answers every operation that rests on no lost key; returns those that have to be folded again. */
  settle(lost: ReadonlySet<LockoutKey>): Job[] {
    const again: Job[] = [];
    for (const [job, result] of this.results) {
      // Also when it only read a lost key: what it read may have been another operation's lost write.
      if (lost.size > 0 && job.operation.keys.some((key) => lost.has(key))) again.push(job);
      else job.resolve(result);
    }
    return again;
  }
}
