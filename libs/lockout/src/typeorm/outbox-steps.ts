import type { RecordedEvent } from '../store/audit-log.js';
import { type ColumnValue, integer } from '../store/codec.js';
import { encodeDeliveries, OUTBOX_FIELDS, sameLane } from '../store/outbox-row.js';
import type { Dialect } from './dialect.js';
import type { DeliverySteps } from './entry-steps.js';
import type { IndexedTable, LockoutTables } from './lockout-tables.js';
import type { OutboxColumn, OutboxIndex } from './outbox-columns.js';
import { changedBy, rowsOf, type Transaction } from './transaction.js';
import { padded, questions } from './value-list.js';

/** Of so many of a lane that go at the same moment each sees that it is not the last. */
const LOOKED_AT = 8;

/** A lane of one sink. */
export interface Lane {
  readonly sink: string;
  readonly lane: Buffer;
}

/** What happens to deliveries within a transaction. */
export class OutboxSteps implements DeliverySteps {
  private readonly table: IndexedTable<OutboxColumn, OutboxIndex>;

  constructor(
    private readonly dialect: Dialect,
    tables: Pick<LockoutTables, 'outbox'>,
  ) {
    this.table = tables.outbox;
  }

  *add(recorded: RecordedEvent, deliverTo: readonly string[]): Transaction<void> {
    const sql = this.dialect.insertIfAbsentSql(this.table, OUTBOX_FIELDS);
    for (const row of encodeDeliveries(recorded, deliverTo, recorded.event.at)) yield* changedBy(sql, row);
  }

  *forget(eventIds: readonly ColumnValue[]): Transaction<void> {
    const { path, columns } = this.table;
    const ids = padded(eventIds);
    yield* changedBy(`DELETE FROM ${path} WHERE ${columns.event} IN (${questions(ids)})`, ids);
  }

  hasNone(idColumn: string): string {
    const { path, columns } = this.table;
    return `NOT EXISTS (SELECT 1 FROM ${path} AS d WHERE d.${columns.event} = ${idColumn})`;
  }

  /**
   * One of a lane is out of the way: the first that was queued is looked at again. Whoever is before it, and goes at the
   * same moment, does the same, so that none is forgotten.
   */
  *wake({ sink, lane }: Lane, now: number): Transaction<void> {
    const { path, columns } = this.table;
    const rows = yield* rowsOf(
      `SELECT o.${columns.seq}, o.${columns.queued}, o.${columns.lane} FROM ${path} AS o${this.laneHint} ` +
        `WHERE o.${columns.sink} = ? AND o.${columns.dead} = 0 AND ${this.inLane('o', '?')} LIMIT ${LOOKED_AT}`,
      [sink, lane],
    );
    const next = rows.find((row) => integer('queued', row[1]) === 1 && sameLane(lane, row[2]));
    if (!next) return;
    yield* changedBy(
      `UPDATE ${path} SET ${columns.dueAt} = ?, ${columns.queued} = 0 WHERE ${columns.seq} = ? AND ${columns.queued} = 1`,
      [now, integer('seq', next[0])],
    );
  }

  get laneHint(): string {
    return this.dialect.indexHint(this.table.indexes.lane);
  }

  /**
   * The condition that a row is in this lane, and the order in which the lane goes. Where no index can be named, nothing
   * but the right one gives that order: by equal lanes the planner might walk the whole table in the order of its key. What
   * comes after the lane is found too, then.
   */
  inLane(row: string, lane: string): string {
    const { columns } = this.table;
    return this.laneHint === ''
      ? `${row}.${columns.lane} >= ${lane} ORDER BY ${row}.${columns.lane}, ${row}.${columns.seq}`
      : `${row}.${columns.lane} = ${lane} ORDER BY ${row}.${columns.seq}`;
  }
}
