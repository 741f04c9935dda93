import type { LockoutEvent } from '../policy/event.js';
import type { Erasure, RecordedEvent } from './audit-log.js';

/** The key of an event whose account was erased: no record has it. */
export const NO_KEY = '0'.repeat(64);

/** What is left of an event once the account that it is about is erased. */
export function withoutAccount({ id, event, facts }: RecordedEvent): RecordedEvent {
  return {
    id,
    key: NO_KEY,
    event: withoutOrigin(event),
    facts: { ...facts, accountHash: null, accountLabel: null, addressLabel: null },
  };
}

/** An event that no longer tells which attempt it came of. */
export function withoutOrigin(event: LockoutEvent): LockoutEvent {
  if (!('origin' in event)) return event;
  const { origin: _origin, ...rest } = event;
  return rest;
}

/** Whether an event of an address, or of nobody known, names the account that it was tried for. */
export function namesErased({ realm, label }: Erasure, { event, facts }: RecordedEvent): boolean {
  return (
    label !== null &&
    facts.accountHash === null &&
    facts.realm === realm &&
    'origin' in event &&
    event.origin?.account === label
  );
}

/** What stands in the data of such an event, byte for byte: how a database finds it. */
export const traceOf = (label: string): Buffer => Buffer.from(`"account":${JSON.stringify(label)}`);
