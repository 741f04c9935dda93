import type { BatchApplier } from '../store/batch-applier.js';
import type { Operation } from '../store/operation.js';
import { StoreError } from '../store/store-error.js';
import type { EngineClock } from './clock.js';

interface Unwritten {
  readonly operation: Operation<unknown>;
  /** Monotonic ms after which the charge has become a presumed failure anyway. */
  readonly deadline: number;
  /** Gives way to a settle when the queue is full. */
  readonly yields: boolean;
}

/** Pause between rounds while the store does not answer, ms. */
const RETRY_MS = 250;
/** Settles tried at once: logins share the way to the store. */
const ROUND = 1_000;

/**
 * Settles that the store did not take are tried again until their charge's deadline (R32); the answer to the person was
 * given long ago and does not change. Bounded: when full, the oldest is left to its deadline.
 */
export class SettleQueue {
  private readonly unwritten: Unwritten[] = [];
  private underWay = 0;
  private draining = false;

  constructor(
    private readonly applier: Pick<BatchApplier, 'apply'>,
    private readonly clock: EngineClock,
    private readonly capacity: number,
    /** Whether the store is known not to answer: nothing is tried then. */
    private readonly isHeld: () => boolean = () => false,
  ) {}

  /** Settles that are not written yet, those being tried again included. */
  get size(): number {
    return this.unwritten.length + this.underWay;
  }

  /** `forMs`: how long it is worth trying. */
  push(operation: Operation<unknown>, forMs: number, { yields = false } = {}): void {
    if (this.size >= this.capacity) {
      if (yields) return;
      const first = this.unwritten.findIndex((entry) => entry.yields);
      this.unwritten.splice(Math.max(0, first), 1);
    }
    this.unwritten.push({ operation, deadline: this.clock.monotonic() + forMs, yields });
    if (!this.draining) void this.drain();
  }

  private async drain(): Promise<void> {
    this.draining = true;
    let failed = true;
    while (this.unwritten.length > 0) {
      if (failed) await this.clock.sleep(RETRY_MS);
      failed = await this.round();
    }
    this.draining = false;
  }

  /** Whether it has to be tried again later. */
  private async round(): Promise<boolean> {
    const now = this.clock.monotonic();
    const due = this.unwritten.splice(0).filter(({ deadline }) => now < deadline);
    if (this.isHeld()) {
      this.unwritten.push(...due);
      return true;
    }
    this.unwritten.push(...due.splice(ROUND));
    this.underWay = due.length;
    const kept = (await Promise.all(due.map((entry) => this.tryAgain(entry)))).flatMap(
      (entry) => entry ?? [],
    );
    this.underWay = 0;
    this.unwritten.unshift(...kept);
    return kept.length > 0;
  }

  private async tryAgain(entry: Unwritten): Promise<Unwritten | null> {
    try {
      await this.applier.apply(entry.operation);
      return null;
    } catch (error) {
      // Anything else will not be mended by trying again; the charge is left to its deadline.
      return error instanceof StoreError ? entry : null;
    }
  }
}
