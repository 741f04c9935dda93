import {
  CHANGING_FIELDS,
  type ColumnValue,
  encodeRecord,
  POSITION,
  RECORD_FIELDS,
  type RecordField,
} from '../store/codec.js';
import type { LockedSort } from '../store/directory.js';
import type { EventField } from '../store/event-row.js';
import { listedOf } from '../store/listed.js';
import type { Swap } from '../store/record.js';

/**
 * What a row of a record says twice, so that lists find it in an index. `listed`: which list it is in and its label.
 * `lockedFailureAt`: the last failure, null unless a lock is stored, so that a failure alone moves no index entry. Both
 * are null in rows that a release before 0.4 inserted; see `unlisted-records.ts`.
 */
export const LISTING_FIELDS = ['listed', 'lockedFailureAt'] as const;

export type RowField = RecordField | (typeof LISTING_FIELDS)[number];

/** What a row holds, in the order in which values are bound: `version` comes last, as in {@link RECORD_FIELDS}. */
export const ROW_FIELDS: readonly RowField[] = RECORD_FIELDS.flatMap((field) =>
  field === 'replaces' ? [...LISTING_FIELDS, field] : [field],
);

/** What an update of a row assigns, in the order of {@link ROW_FIELDS}: with its label `listed` may change, too. */
export const CHANGING_ROW_FIELDS: readonly RowField[] = CHANGING_FIELDS.flatMap((field) =>
  field === 'replaces' ? [...LISTING_FIELDS, field] : [field],
);

/** The values of one row, in the order of {@link ROW_FIELDS}. Throws `StoreError` (`data`) for what no row can hold. */
export function encodeRow(swap: Omit<Swap, 'events'>): ColumnValue[] {
  const { lock, lastFailureAt } = swap.state;
  const values = encodeRecord(swap);
  values.splice(POSITION.replaces, 0, listedOf(swap.facts), lock && (lastFailureAt ?? 0));
  return values;
}

/**
 * The indexes of records by what they serve: a list by each sort, and what has no lock. Each has all that its list is
 * filtered by, so that a filter which few pass costs index entries and no rows; at rest an entry is little more than the
 * key. On PostgreSQL and SQLite the migration makes the first three for locked records only.
 */
export const RECORD_INDEXES = {
  until: ['lockedUntil', 'key', 'realm', 'listed', 'lockedFailureAt'],
  since: ['lockedSince', 'key', 'realm', 'listed', 'lockedUntil'],
  // The beginning is only there to tell the index by name: names are made of the columns whatever their order.
  lastFailureAt: ['lockedFailureAt', 'key', 'realm', 'listed', 'lockedUntil', 'lockedSince'],
  rest: ['realm', 'listed', 'key', 'lockedUntil'],
} as const satisfies Readonly<Record<LockedSort | 'rest', readonly RowField[]>>;

export type RecordIndex = keyof typeof RECORD_INDEXES;

/** The indexes of events by what they serve. */
export const EVENT_INDEXES = {
  account: ['accountHash', 'seq', 'type'],
  address: ['addressHash', 'seq', 'type'],
  type: ['type', 'seq'],
  realm: ['realm', 'type', 'seq'],
  at: ['realm', 'at', 'type', 'addressHash'],
} as const satisfies Readonly<Record<string, readonly (EventField | 'seq')[]>>;

export type EventIndex = keyof typeof EVENT_INDEXES;
