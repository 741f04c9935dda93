import type { LockoutKey } from '../key/key.js';
import type { LockoutEvent } from '../policy/event.js';
import type { LockoutState } from '../policy/state.js';
import type { LockoutRecord, RecordFacts, Version } from './record.js';

/** What an operation writes at one key. */
export interface Write {
  readonly state: LockoutState;
  readonly facts: RecordFacts;
  readonly keepUntil: number | null;
  readonly events: readonly LockoutEvent[];
}

/** The records as an operation finds them: committed ones, plus what earlier operations of the batch wrote. */
export interface RecordView {
  /**
   * Null: no record. Only keys the operation named. `version`: of what is committed; absent where an earlier operation of
   * the batch wrote.
   */
  get(key: LockoutKey): (Pick<LockoutRecord, 'state' | 'facts'> & { readonly version?: Version }) | null;
  put(key: LockoutKey, write: Write): void;
}

/**
 * One decision over a few keys.
 *
 * `fold` is synchronous, and may be called again on newer records when a swap was lost: what it did at keys that won
 * is then already there, so it must be idempotent (attempt ids make it so). Its last result is the answer.
 */
export interface Operation<Result> {
  readonly keys: readonly LockoutKey[];
  fold(view: RecordView, now: number): Result;
  /** All its writes or none (R33). Default `false`. */
  readonly atomic?: boolean;
  /**
   * It may be folded on records that were current some seconds ago: its swaps confirm those that it writes, and the
   * store is asked about the others before anything is written or answered. For operations that decide anew in each
   * fold. Default `false`.
   */
  readonly confirmed?: boolean;
}
