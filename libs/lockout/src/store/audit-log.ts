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
  /**
   * Of these realms only; absent: of all, empty: none. A page may then have fewer than asked for, or none, and be followed
   * by another.
   */
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

/**
 * An event that belongs to no swap, recorded in the transaction of the change that it tells of. The store dates it by its
 * clock, and fills in what it alone knows (`count`).
 */
export interface AuditEntry {
  /** Idempotency key, drawn by whoever makes the entry: it is recorded once, however often it is sent. 32 hex digits. */
  readonly id: string;
  /** 64 hex digits: what it tells of. */
  readonly key: string;
  readonly event: LockoutEvent;
  readonly facts: RecordFacts;
  /** Names of the sinks that it is to be delivered to. Default: none. */
  readonly deliverTo?: readonly string[];
}

/** Whom the record forgets. */
export interface Erasure {
  readonly realm: string;
  /** Everything that one account is found by: its hash under each secret. */
  readonly accounts: readonly SubjectHash[];
  /** As events of addresses name it, where labels are kept; null: nobody knows. */
  readonly label: string | null;
}

export interface ErasureStep {
  /** Events that this step changed. */
  readonly erased: number;
  /** Null: that was all. */
  readonly cursor: string | null;
}

/**
 * The record of what happened, written by the store's swaps and with the changes of administrators. Nothing in it ever
 * changes, but that an account can be erased from it, and that it may be kept for a limited time.
 *
 * Every method rejects with `StoreError` when the store cannot answer, and for what no row can hold (`data`).
 */
export interface AuditLog {
  /** Latest first. */
  list(query: EventQuery): Promise<Page<RecordedEvent>>;
  /** What was recorded in some time, by slice of time and by address. */
  shape(query: ShapeQuery): Promise<EventShape>;
  /**
   * Takes an account out of everything recorded of it, for good: hash, labels, origin and key. When something happened, its
   * type, realm, counter, scope, address hash and numbers stay, so that counts stay true. What of it waits to be delivered,
   * or could not be, is dropped. Where an event of an address names the account in its origin, the origin goes.
   *
   * One bounded step, and where the next one begins; what is recorded between the steps may be left. `entry` is recorded
   * with the first step and counts the events of all of them; whatever is sent again with the same entry is counted once.
   * It is delivered once the last step was made; where none follows, a minute after the last one that was.
   */
  eraseEvents(erasure: Erasure, entry: AuditEntry, cursor?: string): Promise<ErasureStep>;
  /**
   * Drops events of before then (epoch ms), at most `limit`, the oldest first; never one that still has a delivery, waiting
   * or dead. Any number of processes may do so at once. Answers how many it dropped; fewer than `limit`: there are no more,
   * or they are behind very many that still have one, and a later call goes on.
   */
  dropEvents(before: number, limit: number): Promise<number>;
}
