import type { LockoutStore } from './lockout-store.js';

/** The estimate is learned again from the store at least this often (R28). */
const RELEARN_MS = 5_000;

/**
 * The store's clock as this process knows it: the last time the store told, plus monotonic time since. The process's
 * own wall clock plays no part, so a node whose clock is wrong neither shortens nor lengthens a lock (R28).
 */
export class StoreClock {
  private learned: { readonly storeNow: number; readonly at: number } | null = null;
  private doubted = false;

  constructor(
    private readonly store: Pick<LockoutStore, 'clock'>,
    private readonly monotonic: () => number,
  ) {}

  learn(storeNow: number): void {
    this.learned = { storeNow, at: this.monotonic() };
    this.doubted = false;
  }

  /** Nothing may be decided by the estimate: the store contradicted it. */
  doubt(): void {
    this.doubted = true;
  }

  /** Epoch ms; null: has to be learned by a load first. */
  now(): number | null {
    if (this.store.clock) return this.store.clock();
    if (!this.learned || this.doubted) return null;
    const elapsed = this.monotonic() - this.learned.at;
    return elapsed < RELEARN_MS ? Math.floor(this.learned.storeNow + elapsed) : null;
  }

  /** Epoch ms, however long ago it was learned: for what has to be about right and decides nothing. Null: it never was. */
  about(): number | null {
    if (this.store.clock) return this.store.clock();
    return this.learned && Math.floor(this.learned.storeNow + this.monotonic() - this.learned.at);
  }
}
