import type { RecordedEvent } from '../store/audit-log.js';
import { type ColumnValue, integer, text } from '../store/codec.js';
import { encodeDeliveries, OUTBOX_FIELDS, sameLane } from '../store/outbox-row.js';
import type { Dialect } from './dialect.js';
import type { DeliverySteps } from './entry-steps.js';
import type { IndexedTable, LockoutTables } from './lockout-tables.js';
import { OUTBOX_INDEXES, type OutboxColumn, type OutboxIndex } from './outbox-columns.js';
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

  *add(recorded: RecordedEvent, deliverTo: readonly string[], dueAt: number): Transaction<void> {
    const sql = this.dialect.insertIfAbsentSql(this.table, OUTBOX_FIELDS);
    for (const row of encodeDeliveries(recorded, deliverTo, dueAt)) yield* changedBy(sql, row);
  }

  *moveTo(eventId: ColumnValue, dueAt: number): Transaction<void> {
    const { path, columns } = this.table;
    yield* changedBy(
      `UPDATE ${path} SET ${columns.dueAt} = ? WHERE ${columns.event} = ? AND ${columns.tries} = 0 ` +
        `AND ${columns.queued} = 0 AND ${columns.dead} = 0`,
      [dueAt, eventId],
    );
  }

  *forget(eventIds: readonly ColumnValue[], lanes: readonly Buffer[], now: number): Transaction<void> {
    const { path, columns } = this.table;
    const ids = padded(eventIds);
    const gone = yield* changedBy(`DELETE FROM ${path} WHERE ${columns.event} IN (${questions(ids)})`, ids);
    if (gone === 0) return;
    for (let sink = yield* this.sinkAfter(''); sink !== null; sink = yield* this.sinkAfter(sink)) {
      for (const lane of lanes) yield* this.wake({ sink, lane }, now);
    }
  }

  *forgetProblems(eventIds: readonly ColumnValue[]): Transaction<void> {
    const { path, columns } = this.table;
    const ids = padded(eventIds);
    yield* changedBy(
      `UPDATE ${path} SET ${columns.problem} = NULL WHERE ${columns.event} IN (${questions(ids)})`,
      ids,
    );
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

  /** The next sink by name that something is there for: one look at the index. */
  private *sinkAfter(name: string): Transaction<string | null> {
    const { path, columns } = this.table;
    const [row] = yield* rowsOf(
      `SELECT ${columns.sink} FROM ${path}${this.dialect.indexHint(this.table.indexes.list)} ` +
        `WHERE ${columns.sink} > ? ORDER BY ${columns.sink} LIMIT 1`,
      [name],
    );
    return row ? text('sink', row[0]) : null;
  }

  get laneHint(): string {
    return this.dialect.indexHint(this.table.indexes.lane);
  }

  /**
   * The condition that a row is in this lane, and the order in which the lane goes. Where no index can be named, nothing
   * but the right one gives that order: by equal lanes the planner might walk the whole table in the order of its key. What
   * comes after the lane is found too, then.
   *
   * @param isOfRow Whether the lane, and the sink, are those of a row outside: then MySQL takes the order of the index only
   *   if all of it is asked for. By values, MariaDB does so only if no more is. Each would else sort the whole lane.
   */
  inLane(row: string, lane: string, isOfRow = false): string {
    const { columns } = this.table;
    if (this.laneHint === '')
      return `${row}.${columns.lane} >= ${lane} ORDER BY ${row}.${columns.lane}, ${row}.${columns.seq}`;
    const order = isOfRow ? OUTBOX_INDEXES.lane : (['seq'] as const);
    const by = order.map((field) => `${row}.${columns[field]}`).join(', ');
    return `${row}.${columns.lane} = ${lane} ORDER BY ${by}`;
  }
}
