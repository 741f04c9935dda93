import type { SubjectHash } from '../key/key.js';
import type { LockoutEvent, LockoutEventType } from '../policy/event.js';
import type { Page, PageRequest } from './directory.js';
import type { RecordFacts } from './record.js';

/** An event as recorded: once, in the transaction that made it (P8). */
export interface RecordedEvent {
  /** Idempotency key: hash of key, version of the swap, and the event's place in it. 32 hex digits. */
  readonly id: string;
  readonly key: string;
  readonly event: LockoutEvent;
  readonly facts: RecordFacts;
}

export interface EventQuery extends PageRequest {
  readonly account?: SubjectHash;
  readonly address?: SubjectHash;
  readonly type?: LockoutEventType;
  /** Of these realms only; absent: of all, empty: none. */
  readonly realms?: readonly string[];
}

/** The time whose events are counted, and how finely. */
export interface ShapeQuery {
  readonly realms: readonly string[];
  /** Epoch ms: `from` ≤ at < `to`. */
  readonly from: number;
  readonly to: number;
  /** How long a slice is, ms; the first begins at `from`. */
  readonly sliceMs: number;
  /** How many addresses. */
  readonly top: number;
}

/** Events of one type in one slice of time. */
export interface EventCount {
  /** Start of the slice: `from` + n · `sliceMs`. */
  readonly at: number;
  readonly type: LockoutEventType;
  readonly count: number;
}

/** An address at which much was locked or failed. */
export interface BusyAddress {
  readonly realm: string;
  readonly addressHash: SubjectHash;
  /** Null where none is kept. */
  readonly label: string | null;
  readonly count: number;
}

export interface EventShape {
  /** Slices with at least one event, earliest first, and by type within one. */
  readonly slices: readonly EventCount[];
  /**
   * Addresses with most `locked` and `failed` events, most first, equals by their hash. Of very many events only the
   * latest are looked at for this: 100,000 a realm.
   */
  readonly addresses: readonly BusyAddress[];
  /**
   * Epoch ms from which on everything is in the slices: `from`, or the start of a later slice where there was more than a
   * store counts at once (in SQL about a million events a realm, in Redis 50,000). Earlier slices are left out.
   */
  readonly countedFrom: number;
}

/** The append-only record of what happened. Written by the store's swap only. */
export interface AuditLog {
  /** Latest first. */
  list(query: EventQuery): Promise<Page<RecordedEvent>>;
  /** What was recorded in some time, by slice of time and by address. */
  shape(query: ShapeQuery): Promise<EventShape>;
}
