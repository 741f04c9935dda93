import type { LockoutEvent } from '../policy/event.js';
import type { RecordedEvent } from '../store/audit-log.js';
import {
  decodeEvent as decodeRow,
  EVENT_FIELDS,
  encodeRecorded as encodeRecordedRow,
  encodeEvent as encodeRow,
} from '../store/event-row.js';
import type { Swap } from '../store/record.js';
import { packRow, unpackRow } from './packed-row.js';

/** An event as the script takes it. Throws {@link StoreError} (`data`) for one that is too long. */
export function encodeEvent(swap: Swap, event: LockoutEvent, n: number): Buffer {
  return packRow(encodeRow(swap, event, n));
}

/** The same of an event that has its id. */
export function encodeRecorded(recorded: RecordedEvent): Buffer {
  return packRow(encodeRecordedRow(recorded));
}

/** Throws {@link StoreError} (`data`) for what {@link encodeEvent} cannot have written. */
export function decodeEvent(row: Buffer): RecordedEvent {
  return decodeRow(unpackRow(row, EVENT_FIELDS.length));
}
