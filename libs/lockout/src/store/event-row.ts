import type { LockoutEvent } from '../policy/event.js';
import type { RecordedEvent } from './audit-log.js';
import {
  type ColumnValue,
  fromHex,
  integer,
  nullableFromHex,
  nullableHash,
  nullableText,
  text,
  toHex,
  toLabel,
} from './codec.js';
import { eventId } from './event-id.js';
import type { Swap } from './record.js';
import { StoreError } from './store-error.js';

/** Most bytes of one event in JSON. */
const MAX_DATA_BYTES = 60_000;

/** What an event's row holds, in the order in which values are bound and read. `data`: what only its type has. */
export const EVENT_FIELDS = [
  'id',
  'key',
  'type',
  'at',
  'realm',
  'counter',
  'scope',
  'accountHash',
  'addressHash',
  'accountLabel',
  'addressLabel',
  'data',
] as const;

export type EventField = (typeof EVENT_FIELDS)[number];

/**
 * The values of the row of a swap's `n`-th event, in the order of {@link EVENT_FIELDS}. Throws {@link StoreError}
 * (`data`) for an event that is too long.
 */
export function encodeEvent({ key, version, facts }: Swap, event: LockoutEvent, n: number): ColumnValue[] {
  return encodeRecorded({ id: eventId(key, version, n), key, event, facts });
}

/** The values of an event's row, in the order of {@link EVENT_FIELDS}. Throws as {@link encodeEvent}. */
export function encodeRecorded({ id, key, event, facts }: RecordedEvent): ColumnValue[] {
  const { type, at } = event;
  return [
    fromHex(id),
    fromHex(key),
    type,
    integer('at', at),
    facts.realm,
    facts.counter,
    facts.scope,
    nullableFromHex(facts.accountHash),
    nullableFromHex(facts.addressHash),
    toLabel(facts.accountLabel),
    toLabel(facts.addressLabel),
    encodeEventData(event),
  ];
}

/** What only its type has, in JSON. Throws as {@link encodeEvent}. */
export function encodeEventData({ type: _type, at: _at, ...rest }: LockoutEvent): Buffer {
  const data = Buffer.from(JSON.stringify(rest));
  if (data.length <= MAX_DATA_BYTES) return data;
  throw new StoreError('data', `A lockout event has ${data.length} bytes`);
}

/** Reads a row of {@link EVENT_FIELDS}. Throws {@link StoreError} (`data`) for what {@link encodeEvent} cannot have written. */
export function decodeEvent(row: readonly unknown[]): RecordedEvent {
  const [id, key, type, at, realm, counter, scope, account, address, accountLabel, addressLabel, data] = row;
  return {
    id: toHex('id', id),
    key: toHex('key', key),
    event: { type, at: integer('at', at), ...parse(data) } as LockoutEvent,
    facts: {
      realm: text('realm', realm),
      counter: text('counter', counter),
      scope: text('scope', scope),
      accountHash: nullableHash('accountHash', account),
      addressHash: nullableHash('addressHash', address),
      accountLabel: nullableText('accountLabel', accountLabel),
      addressLabel: nullableText('addressLabel', addressLabel),
    },
  };
}

function parse(data: unknown): Partial<LockoutEvent> {
  try {
    return JSON.parse(Buffer.from(toHex('data', data), 'hex').toString('utf8')) as Partial<LockoutEvent>;
  } catch (cause) {
    throw StoreError.from(cause, 'data');
  }
}
