import type { AuditEntry, RecordedEvent } from './audit-log.js';
import { StoreError } from './store-error.js';

/**
 * How long the delivery of an entry of several steps waits for the next one, ms. It tells what came of them all; where none
 * follows, because its process died, it tells what came of those that were made.
 */
export const NEXT_STEP_MS = 60_000;

const ID_DIGITS = 32;
const KEY_DIGITS = 64;

/**
 * An entry as it is recorded: dated by the store's clock, with what the change that it tells of came to.
 *
 * @param at Epoch ms.
 * @param count For events that have one.
 * @throws StoreError (`data`) for an id or key that is none.
 */
export function recordedOf({ id, key, event, facts }: AuditEntry, at: number, count = 0): RecordedEvent {
  assertHex('id', id, ID_DIGITS);
  assertHex('key', key, KEY_DIGITS);
  const dated = event.type === 'administered' ? { ...event, at, count } : { ...event, at };
  return { id, key, event: dated, facts };
}

/** The same record, once so much more came of the change. */
export function countedOn(recorded: RecordedEvent, more: number): RecordedEvent {
  const { event } = recorded;
  return event.type === 'administered'
    ? { ...recorded, event: { ...event, count: event.count + more } }
    : recorded;
}

function assertHex(field: string, value: string, digits: number): void {
  if (value.length === digits && /^[0-9a-f]+$/.test(value)) return;
  throw new StoreError('data', `The ${field} of an entry must be ${digits} hex digits`);
}
