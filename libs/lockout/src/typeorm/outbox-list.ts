import { type ColumnValue, integer, text } from '../store/codec.js';
import { decodeCursor, encodeCursor } from '../store/cursor.js';
import type { Page } from '../store/directory.js';
import {
  type DeliveryQuery,
  MAX_COUNTED_DELIVERIES,
  type SinkState,
  type StoredDelivery,
} from '../store/outbox.js';
import { decodeDelivery, sinkName } from '../store/outbox-row.js';
import { limitOf } from '../store/page.js';
import { type DeliverySelect, deliverySelect, EVENT_ID, EVENT_REALM } from './delivery-select.js';
import type { Dialect, Row } from './dialect.js';
import type { IndexedTable, LockoutTables } from './lockout-tables.js';
import type { OutboxColumn, OutboxIndex } from './outbox-columns.js';

const LIST = 'deliveries';
/** Most sinks that are told of. */
const MAX_SINKS = 128;
/** Rows that are looked at at once, and in all, for those of some realms; the next page goes on. */
const LOOKED_AT_ONCE = 128;
const MAX_LOOKED_AT = 1_024;

/** What is still to be delivered, as operators ask for it: sink by sink, along an index. */
export class OutboxList {
  private readonly outbox: IndexedTable<OutboxColumn, OutboxIndex>;
  private readonly select: DeliverySelect;

  constructor(
    private readonly dialect: Dialect,
    tables: Pick<LockoutTables, 'outbox' | 'event'>,
  ) {
    this.outbox = tables.outbox;
    this.select = deliverySelect(tables);
  }

  async deliveries({ state, sink, realms, limit, cursor }: DeliveryQuery): Promise<Page<StoredDelivery>> {
    limitOf(limit);
    let after = cursor === undefined ? 0 : decodeCursor(LIST, cursor).value;
    const sinks = sink === undefined ? await this.sinks() : [sinkName(sink)];
    const found: Row[] = [];
    if (sinks.length === 0 || realms?.length === 0) return { items: [], nextCursor: null };
    const count = realms === undefined ? limit + 1 : Math.max(limit + 1, LOOKED_AT_ONCE);
    for (let looked = 0; ; looked += count) {
      if (looked > 0 && looked + count > MAX_LOOKED_AT) return pageOf(found, after);
      const rows = await this.read(sinks, state === 'dead' ? 1 : 0, after, count);
      found.push(...rows.filter((row) => row[EVENT_ID] !== null && isOf(realms, row)));
      if (found.length > limit) return pageOf(found.slice(0, limit), seqOf(found[limit - 1]));
      if (rows.length < count) return pageOf(found, null);
      after = seqOf(rows.at(-1));
    }
  }

  async state(): Promise<readonly SinkState[]> {
    const states: SinkState[] = [];
    for (const sink of await this.sinks()) states.push(await this.stateOf(sink));
    return states;
  }

  private async stateOf(sink: string): Promise<SinkState> {
    const { path, columns } = this.outbox;
    const table = `${path}${this.hint}`;
    const count = (dead: number): string =>
      `(SELECT COUNT(*) FROM (SELECT 1 AS one FROM ${table} WHERE ${columns.sink} = ? AND ${columns.dead} = ${dead} ` +
      `LIMIT ${MAX_COUNTED_DELIVERIES}) AS c${dead})`;
    const [row] = await this.dialect.walk(
      // Sorted by both, so that no planner walks the table by its key instead.
      `SELECT ${count(0)}, ${count(1)}, (SELECT ${columns.at} FROM ${table} WHERE ${columns.sink} = ? ` +
        `AND ${columns.dead} <= 0 ORDER BY ${columns.dead}, ${columns.seq} LIMIT 1)`,
      [sink, sink, sink],
    );
    const [waiting, dead, oldestAt] = row ?? [];
    return {
      sink,
      waiting: integer('count', waiting),
      dead: integer('count', dead),
      oldestAt: oldestAt === null ? null : integer('at', oldestAt),
    };
  }

  /** Those that something is there for, by name: each is one look at the index. */
  private async sinks(): Promise<string[]> {
    const { path, columns } = this.outbox;
    const sinks: string[] = [];
    while (sinks.length < MAX_SINKS) {
      const [row] = await this.dialect.walk(
        `SELECT ${columns.sink} FROM ${path}${this.hint} WHERE ${columns.sink} > ? ORDER BY ${columns.sink} LIMIT 1`,
        [sinks.at(-1) ?? ''],
      );
      if (!row) break;
      sinks.push(text('sink', row[0]));
    }
    return sinks;
  }

  /** The first of all these sinks after that number, and the events of them; the rows are looked up once it is clear which. */
  private read(
    sinks: readonly string[],
    dead: number,
    after: number,
    count: number,
  ): Promise<readonly Row[]> {
    const { path, columns } = this.outbox;
    const { seq } = columns;
    // Where no index can be named, nothing but the right one gives this order: the key would do for the other, and is
    // walked over whatever is not the sink's.
    const rest =
      this.hint === ''
        ? `(${columns.dead}, ${seq}) > (${dead}, ?) AND ${columns.dead} <= ${dead} ORDER BY ${columns.dead}, ${seq}`
        : `${columns.dead} = ${dead} AND ${seq} > ? ORDER BY ${seq}`;
    const walks = sinks.map(
      (_, n) =>
        `SELECT d, s FROM (SELECT ${columns.dead} AS d, ${seq} AS s FROM ${path}${this.hint} WHERE ${columns.sink} = ? AND ${rest} ` +
        `LIMIT ${count}) AS p${n}`,
    );
    return this.dialect.walk(
      `SELECT ${this.select.columns} FROM ` +
        `(SELECT d, s FROM (${walks.join(' UNION ALL ')}) AS u ORDER BY d, s LIMIT ${count}) AS p ` +
        `JOIN ${path} AS o ON o.${seq} = p.s ${this.select.join} ORDER BY p.d, p.s`,
      sinks.flatMap((sink): ColumnValue[] => [sink, after]),
    );
  }

  private get hint(): string {
    return this.dialect.indexHint(this.outbox.indexes.list);
  }
}

const seqOf = (row: Row | undefined): number => integer('seq', row?.[0]);

const isOf = (realms: readonly string[] | undefined, row: Row): boolean =>
  realms === undefined || realms.includes(text('realm', row[EVENT_REALM]));

/** None of what this release cannot read: its state counts it. */
function readable(row: Row): readonly StoredDelivery[] {
  try {
    return [decodeDelivery(row)];
  } catch {
    return [];
  }
}

/** `after`: where the next page begins; null: there is none. */
const pageOf = (rows: readonly Row[], after: number | null): Page<StoredDelivery> => ({
  items: rows.flatMap(readable),
  nextCursor: after === null ? null : encodeCursor({ list: LIST, value: after, key: '' }),
});
