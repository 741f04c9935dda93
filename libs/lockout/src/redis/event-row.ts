import type { SubjectHash } from '../key/key.js';
import type { LockoutEvent } from '../policy/event.js';
import type { RecordedEvent } from '../store/audit-log.js';
import { fromHex, integer, text, toHex, toLabel } from '../store/codec.js';
import { eventId } from '../store/event-id.js';
import type { Swap } from '../store/record.js';
import { StoreError } from '../store/store-error.js';
import { packRow, unpackRow } from './packed-row.js';

/** Most bytes of one event in JSON. */
const MAX_DATA_BYTES = 60_000;
/** id, key, type, at, realm, counter, scope, both hashes, both labels, the rest of the event. */
const FIELDS = 12;

/** An event as the script takes it. Throws {@link StoreError} (`data`) for one that is too long. */
export function encodeEvent({ key, version, facts }: Swap, event: LockoutEvent, n: number): Buffer {
  const { type, at, ...rest } = event;
  const data = Buffer.from(JSON.stringify(rest));
  if (data.length > MAX_DATA_BYTES) throw new StoreError('data', `A lockout event has ${data.length} bytes`);
  return packRow([
    fromHex(eventId(key, version, n)),
    fromHex(key),
    type,
    integer('at', at),
    facts.realm,
    facts.counter,
    facts.scope,
    facts.accountHash === null ? null : fromHex(facts.accountHash),
    facts.addressHash === null ? null : fromHex(facts.addressHash),
    toLabel(facts.accountLabel),
    toLabel(facts.addressLabel),
    data,
  ]);
}

/** Throws {@link StoreError} (`data`) for what {@link encodeEvent} cannot have written. */
export function decodeEvent(row: Buffer): RecordedEvent {
  const [id, key, type, at, realm, counter, scope, account, address, accountLabel, addressLabel, data] =
    unpackRow(row, FIELDS);
  return {
    id: toHex('id', id),
    key: toHex('key', key),
    event: { type, at: integer('at', at), ...parse(data) } as LockoutEvent,
    facts: {
      realm: text('realm', realm),
      counter: text('counter', counter),
      scope: text('scope', scope),
      accountHash: account === null ? null : (toHex('accountHash', account) as SubjectHash),
      addressHash: address === null ? null : (toHex('addressHash', address) as SubjectHash),
      accountLabel: accountLabel === null ? null : text('accountLabel', accountLabel),
      addressLabel: addressLabel === null ? null : text('addressLabel', addressLabel),
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
