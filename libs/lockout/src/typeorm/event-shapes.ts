import type { LockoutEventType } from '../policy/event.js';
import type { BusyAddress, EventCount, EventShape, ShapeQuery } from '../store/audit-log.js';
import { fromHex, integer, nullableText, text, toHex } from '../store/codec.js';
import type { EventField } from '../store/event-row.js';
import { AGAINST, busiest, inOrder } from '../store/event-tally.js';
import { EVENT_TYPES } from '../store/event-types.js';
import type { Dialect } from './dialect.js';
import type { EventIndex } from './listing-columns.js';
import type { IndexedTable } from './lockout-tables.js';
import { questions } from './value-list.js';

/** Statements that count the slices of one realm, latest first: each ends in good time, however many events there are. */
const PARTS = 8;
/** No further part is counted after so many events of a realm. */
const MAX_COUNTED = 1_000_000;
/** Of so many of a realm's latest events the busiest addresses are told. */
const MAX_RANKED = 100_000;

/** What was recorded in some time: counted in one index, without a look at any row. */
export class EventShapes {
  constructor(
    private readonly dialect: Dialect,
    private readonly event: IndexedTable<EventField | 'seq', EventIndex>,
  ) {}

  async of(query: ShapeQuery): Promise<EventShape> {
    const slices = new Map<string, EventCount>();
    const addresses: BusyAddress[] = [];
    let countedFrom = query.from;
    for (const realm of new Set(query.realms)) {
      const counted = await this.slicesOf(query, realm);
      countedFrom = Math.max(countedFrom, counted.from);
      for (const slice of counted.slices) {
        const name = `${slice.at} ${slice.type}`;
        slices.set(name, { ...slice, count: slice.count + (slices.get(name)?.count ?? 0) });
      }
      addresses.push(...(await this.addressesOf(query, realm)));
    }
    return {
      slices: inOrder([...slices.values()].filter(({ at }) => at >= countedFrom)),
      addresses: await this.labelled(busiest(addresses, query.top)),
      countedFrom,
    };
  }

  private async slicesOf(
    { from, to, sliceMs }: ShapeQuery,
    realm: string,
  ): Promise<{ readonly slices: readonly EventCount[]; readonly from: number }> {
    const { path, columns, indexes } = this.event;
    const { at, type } = columns;
    const sql =
      `SELECT ${at} - ${this.dialect.remainder(`(${at} - ?)`, '?')} AS slice, ${type}, COUNT(*) ` +
      `FROM ${path}${this.dialect.indexHint(indexes.at)} ` +
      `WHERE ${columns.realm} = ? AND ${at} >= ? AND ${at} < ? GROUP BY slice, ${type}`;
    const slices: EventCount[] = [];
    const partMs = Math.ceil((to - from) / sliceMs / PARTS) * sliceMs;
    let total = 0;
    let end = to;
    // From the latest part on; each begins where a slice does.
    for (let start = from + (PARTS - 1) * partMs; start >= from; start -= partMs) {
      if (start >= end) continue;
      if (total >= MAX_COUNTED) break;
      const rows = await this.dialect.query(sql, [from, sliceMs, realm, start, end]);
      for (const [slice, kind, count] of rows) {
        const own = {
          at: integer('at', slice),
          type: text('type', kind) as LockoutEventType,
          count: integer('count', count),
        };
        total += own.count;
        // A later release may know others.
        if (EVENT_TYPES.includes(own.type)) slices.push(own);
      }
      end = start;
    }
    return { slices, from: end };
  }

  private async addressesOf({ from, to, top }: ShapeQuery, realm: string): Promise<BusyAddress[]> {
    const { path, columns, indexes } = this.event;
    const { addressHash, at, type } = columns;
    const hint = this.dialect.indexHint(indexes.at);
    const period = `${columns.realm} = ? AND ${at} >= ? AND ${at} < ?`;
    const [oldest] = await this.dialect.query(
      `SELECT ${at} FROM ${path}${hint} WHERE ${period} ORDER BY ${at} DESC LIMIT 1 OFFSET ${MAX_RANKED}`,
      [realm, from, to],
    );
    const since = oldest ? integer('at', oldest[0]) : from;
    const rows = await this.dialect.query(
      `SELECT ${addressHash}, COUNT(*) AS n FROM ${path}${hint} ` +
        `WHERE ${period} AND ${type} IN (${questions(AGAINST)}) AND ${addressHash} IS NOT NULL ` +
        `GROUP BY ${addressHash} ORDER BY n DESC, ${addressHash} LIMIT ${Math.max(0, Math.trunc(top))}`,
      [realm, since, to, ...AGAINST],
    );
    return rows.map(([hash, count]) => ({
      realm,
      addressHash: toHex('address', hash) as BusyAddress['addressHash'],
      label: null,
      count: integer('count', count),
    }));
  }

  /** With the label of each address's latest event. */
  private async labelled(addresses: readonly BusyAddress[]): Promise<BusyAddress[]> {
    const { path, columns, indexes } = this.event;
    const { addressHash, addressLabel, seq } = columns;
    const sql =
      `SELECT ${addressLabel} FROM ${path}${this.dialect.indexHint(indexes.address)} ` +
      `WHERE ${addressHash} = ? ORDER BY ${seq} DESC LIMIT 1`;
    const labelled: BusyAddress[] = [];
    for (const address of addresses) {
      const [row] = await this.dialect.query(sql, [fromHex(address.addressHash)]);
      labelled.push({ ...address, label: nullableText('label', row?.[0] ?? null) });
    }
    return labelled;
  }
}
