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

/**
 * Settles that the store did not take are tried again until their charge's deadline (R32); the answer to the person was
 * given long ago and does not change. Bounded: when full, the oldest is left to its deadline.
 */
export class SettleQueue {
  private readonly unwritten: Unwritten[] = [];
  private underWay = 0;
  private draining = false;

  constructor(
    private readonly applier: BatchApplier,
    private readonly clock: EngineClock,
    private readonly capacity: number,
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
    while (this.unwritten.length > 0) {
      await this.clock.sleep(RETRY_MS);
      const round = this.unwritten.splice(0).filter(({ deadline }) => this.clock.monotonic() < deadline);
      this.underWay = round.length;
      const kept = await Promise.all(round.map((entry) => this.tryAgain(entry)));
      this.underWay = 0;
      this.unwritten.unshift(...kept.flatMap((entry) => entry ?? []));
    }
    this.draining = false;
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
