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
}

/** The append-only record of what happened. Written by the store's swap only. */
export interface AuditLog {
  /** Latest first. */
  list(query: EventQuery): Promise<Page<RecordedEvent>>;
}
