import { countedOn, NEXT_STEP_MS, recordedOf } from '../store/audit-entry.js';
import type { AuditEntry, RecordedEvent } from '../store/audit-log.js';
import { type ColumnValue, fromHex } from '../store/codec.js';
import {
  decodeEvent,
  EVENT_FIELDS,
  type EventField,
  encodeEventData,
  encodeRecorded,
} from '../store/event-row.js';
import type { Dialect } from './dialect.js';
import { columnList, type LockoutTables, type TableNames } from './lockout-tables.js';
import { changedBy, rowsOf, type Transaction } from './transaction.js';

/** What still has to be delivered of some events, in the transaction of a change. */
export interface DeliverySteps {
  /** An event that was just recorded is to be delivered to these sinks; not before then, epoch ms. */
  add(recorded: RecordedEvent, deliverTo: readonly string[], dueAt: number): Transaction<void>;
  /** What nobody has begun to deliver of an event is due then. */
  moveTo(eventId: ColumnValue, dueAt: number): Transaction<void>;
  /** Nothing more of these events, of at least one, is to be delivered. Their lanes go on. */
  forget(eventIds: readonly ColumnValue[], lanes: readonly Buffer[], now: number): Transaction<void>;
  /** What sinks said of these events is forgotten: ids of at least one. */
  forgetProblems(eventIds: readonly ColumnValue[]): Transaction<void>;
  /** The condition that nothing is to be delivered, nor could not be, of the event whose id is in this column. */
  hasNone(idColumn: string): string;
}

/** Records what belongs to no swap, in the transaction of the change that it tells of. */
export class EntrySteps {
  private readonly event: TableNames<EventField | 'seq'>;

  constructor(
    private readonly dialect: Pick<Dialect, 'insertIfAbsentSql'>,
    tables: Pick<LockoutTables, 'event'>,
    private readonly deliveries: DeliverySteps,
  ) {
    this.event = tables.event;
  }

  /**
   * Records an entry with its deliveries, which are due at once unless said otherwise. False: it was recorded before, and
   * nothing was changed.
   */
  *record(entry: AuditEntry, at: number, count = 0, dueAt = at): Transaction<boolean> {
    const { path, columns } = this.event;
    const recorded = recordedOf(entry, at, count);
    const id = fromHex(recorded.id);
    const found = yield* rowsOf(`SELECT ${columns.seq} FROM ${path} WHERE ${columns.id} = ?`, [id]);
    if (found.length > 0) return false;
    yield* changedBy(this.dialect.insertIfAbsentSql(this.event, EVENT_FIELDS), encodeRecorded(recorded));
    const { deliverTo = [] } = entry;
    if (deliverTo.length > 0) yield* this.deliveries.add(recorded, deliverTo, dueAt);
    return true;
  }

  /**
   * The same, of a change in steps; recorded before, it counts so many more. It is delivered once it is whole, or some time
   * after the last step that was made.
   */
  *count(entry: AuditEntry, at: number, more: number, isWhole: boolean): Transaction<void> {
    const dueAt = isWhole ? at : at + NEXT_STEP_MS;
    if (yield* this.record(entry, at, more, dueAt)) return;
    const id = fromHex(entry.id);
    if (more > 0) yield* this.countMore(entry, id, more);
    yield* this.deliveries.moveTo(id, dueAt);
  }

  private *countMore(entry: AuditEntry, id: ColumnValue, more: number): Transaction<void> {
    const { path, columns } = this.event;
    // Held from here on: two that count at once would count one.
    yield* changedBy(`UPDATE ${path} SET ${columns.at} = ${columns.at} WHERE ${columns.id} = ?`, [id]);
    const recorded = yield* this.find(entry);
    if (!recorded) return;
    const data = encodeEventData(countedOn(recorded, more).event);
    yield* changedBy(`UPDATE ${path} SET ${columns.data} = ? WHERE ${columns.id} = ?`, [data, id]);
  }

  /** An entry as it was recorded; null: it never was. */
  *find({ id }: AuditEntry): Transaction<RecordedEvent | null> {
    const { path, columns } = this.event;
    const [row] = yield* rowsOf(
      `SELECT ${columnList(this.event, EVENT_FIELDS)} FROM ${path} WHERE ${columns.id} = ?`,
      [fromHex(id)],
    );
    return row ? decodeEvent(row) : null;
  }
}
