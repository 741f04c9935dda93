import type { LockoutKey, SubjectHash } from '../key/key.js';
import type { LockoutEvent } from '../policy/event.js';
import type { RecordedEvent } from '../store/audit-log.js';
import { type ColumnValue, fromHex, integer, text, toHex, toLabel } from '../store/codec.js';
import { eventId } from '../store/event-id.js';
import type { Swap } from '../store/record.js';
import { StoreError } from '../store/store-error.js';
import type { Row } from './dialect.js';
import { EVENT_FIELDS } from './entities.js';

/** Most bytes of one event in JSON. */
const MAX_DATA_BYTES = 60_000;

/** The audit rows of those swaps that won, each in the order of {@link EVENT_FIELDS}. */
export function eventRows(swaps: readonly Swap[], lost: ReadonlySet<LockoutKey>): ColumnValue[][] {
  return swaps
    .filter(({ key }) => !lost.has(key))
    .flatMap((swap) => swap.events.map((event, n) => eventRow(swap, event, n)));
}

function eventRow({ key, version, facts }: Swap, event: LockoutEvent, n: number): ColumnValue[] {
  const { type, at, ...rest } = event;
  const data = Buffer.from(JSON.stringify(rest));
  if (data.length > MAX_DATA_BYTES) throw new StoreError('data', `A lockout event has ${data.length} bytes`);
  return [
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
  ];
}

/** Reads a row of {@link EVENT_FIELDS} that starts at `offset`. */
export function decodeEvent(row: Row, offset: number): RecordedEvent {
  const [
    id,
    key,
    type,
    at,
    realm,
    counter,
    scope,
    accountHash,
    addressHash,
    accountLabel,
    addressLabel,
    data,
  ] = row.slice(offset, offset + EVENT_FIELDS.length);
  return {
    id: toHex('id', id),
    key: toHex('key', key),
    event: { type, at: integer('at', at), ...parse(data) } as LockoutEvent,
    facts: {
      realm: text('realm', realm),
      counter: text('counter', counter),
      scope: text('scope', scope),
      accountHash: accountHash === null ? null : (toHex('accountHash', accountHash) as SubjectHash),
      addressHash: addressHash === null ? null : (toHex('addressHash', addressHash) as SubjectHash),
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
