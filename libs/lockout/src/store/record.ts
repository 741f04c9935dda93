import type { LockoutKey, SubjectHash } from '../key/key.js';
import type { LockoutEvent } from '../policy/event.js';
import type { LockoutState } from '../policy/state.js';

/** A random token that a record carries from one swap to the next; never repeats. 16 hex digits (8 bytes). */
export type Version = string;

/** What a record is about: written when it is created and never part of a decision. */
export interface RecordFacts {
  readonly realm: string;
  /** `counter` of the policy whose state this is. */
  readonly counter: string;
  /** The parts it counts by, joined: `account`, `address`, `account+address`, … */
  readonly scope: string;
  /** Keyed hash of realm and account; null where the scope has no account. */
  readonly accountHash: SubjectHash | null;
  /** Keyed hash of realm and address; null where the scope has no address. */
  readonly addressHash: SubjectHash | null;
  /** Plain account and address for administrators; null unless the application keeps labels (P10). */
  readonly accountLabel: string | null;
  readonly addressLabel: string | null;
}

export interface LockoutRecord {
  readonly key: LockoutKey;
  readonly version: Version;
  readonly state: LockoutState;
  readonly facts: RecordFacts;
}

/** What `load` saw: the latest committed records, and the store's own clock. */
export interface Loaded {
  /** Epoch ms on the store's clock. */
  readonly now: number;
  /** Only keys that have a record. */
  readonly records: ReadonlyMap<LockoutKey, LockoutRecord>;
}

/** One conditional write: succeeds iff the record's version is still `expected` (null: absent). */
export interface Swap {
  readonly key: LockoutKey;
  readonly expected: Version | null;
  readonly version: Version;
  readonly state: LockoutState;
  readonly facts: RecordFacts;
  /** See `keepUntil` in policy/record-life.ts; null: for ever. */
  readonly keepUntil: number | null;
  /** Recorded in the transaction of the swap, only if it wins (R29). */
  readonly events: readonly LockoutEvent[];
  /** For each event the names of the sinks that it is to be delivered to, recorded with it; absent: to none. */
  readonly deliverTo?: readonly (readonly string[])[];
}
