import type { LockoutKey } from '../key/key.js';
import type { Loaded, Swap } from './record.js';

export interface SwapOptions {
  /** One loss rolls all back (R33). Default `false`. */
  readonly atomic?: boolean;
  /**
   * What the caller took for the store's clock, epoch ms. If it is off by more than a second nothing is written and
   * every key is lost (R28).
   */
  readonly now: number;
}

/**
 * Where states live. A store only promises to swap atomically: it knows no rule.
 * `testing/store-contract` is the suite every implementation passes.
 */
export interface LockoutStore {
  /**
   * The store's clock where the process can read it without asking (memory, tests): epoch ms. Absent: the clock
   * comes with every `load`.
   */
  readonly clock?: () => number;

  /** Latest committed records, from the primary. Rejects when the store cannot answer. */
  load(keys: readonly LockoutKey[]): Promise<Loaded>;

  /**
   * Swaps each record whose version is still the expected one, with the events of that swap, in one transaction.
   * Keys are distinct. An expected version whose record was pruned counts as absent on both sides (R25).
   * Returns the keys that lost. Rejects when the outcome is unknown or the store cannot answer: the caller loads and
   * looks for its version (R4).
   */
  compareAndSwap(swaps: readonly Swap[], options: SwapOptions): Promise<ReadonlySet<LockoutKey>>;

  /**
   * Load, decide, swap with the existing records held against other writers: for keys that keep losing (R30).
   * `decide` is synchronous. Absent keys can still lose.
   */
  swapExclusively(
    keys: readonly LockoutKey[],
    decide: (loaded: Loaded) => readonly Swap[],
  ): Promise<ReadonlySet<LockoutKey>>;
}
