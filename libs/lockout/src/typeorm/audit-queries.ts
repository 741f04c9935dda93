import type {
  AuditEntry,
  AuditLog,
  Erasure,
  ErasureStep,
  EventQuery,
  EventShape,
  RecordedEvent,
  ShapeQuery,
} from '../store/audit-log.js';
import { type ColumnValue, fromHex, integer } from '../store/codec.js';
import { decodeCursor, encodeCursor } from '../store/cursor.js';
import type { Page } from '../store/directory.js';
import { decodeEvent, EVENT_FIELDS, type EventField } from '../store/event-row.js';
import { EVENT_TYPES } from '../store/event-types.js';
import { limitOf, pageOf } from '../store/page.js';
import { AuditErasure } from './audit-erasure.js';
import { AuditRetention } from './audit-retention.js';
import type { Dialect, Row } from './dialect.js';
import type { DeliverySteps, EntrySteps } from './entry-steps.js';
import { EventShapes } from './event-shapes.js';
import type { EventIndex } from './listing-columns.js';
import { columnList, type IndexedTable, type LockoutTables } from './lockout-tables.js';
import { questions } from './value-list.js';

const LIST = 'events';

/** Part of an index, walked from the latest event on; null: the table itself. */
interface Walk {
  readonly index: EventIndex | null;
  readonly conditions: readonly string[];
  readonly values: readonly ColumnValue[];
}

/**
 * The recorded events, latest recorded first; each filter walks an index of its own. A list of realms is merged of what
 * each realm has of each type.
 */
export class AuditQueries implements AuditLog {
  private readonly event: IndexedTable<EventField | 'seq', EventIndex>;
  private readonly shapes: EventShapes;
  private readonly erasure: AuditErasure;
  private readonly retention: AuditRetention;

  constructor(
    private readonly dialect: Dialect,
    tables: LockoutTables,
    entries: EntrySteps,
    deliveries: DeliverySteps,
  ) {
    this.event = tables.event;
    this.shapes = new EventShapes(dialect, tables.event);
    this.erasure = new AuditErasure(dialect, tables, entries, deliveries);
    this.retention = new AuditRetention(dialect, tables, deliveries);
  }

  async list(query: EventQuery): Promise<Page<RecordedEvent>> {
    const limit = limitOf(query.limit);
    const before = query.cursor === undefined ? null : decodeCursor(LIST, query.cursor).value;
    const found: Row[] = [];
    for (const walks of this.walksOf(query)) found.push(...(await this.read(walks, before, limit + 1)));
    const seqOf = ([seq]: Row): number => integer('cursor', seq);
    return pageOf(
      found.sort((a, b) => seqOf(b) - seqOf(a)),
      limit,
      (row) => decodeEvent(row.slice(1)),
      (last) => encodeCursor({ list: LIST, value: seqOf(last), key: '' }),
    );
  }

  shape(query: ShapeQuery): Promise<EventShape> {
    return this.shapes.of(query);
  }

  eraseEvents(erasure: Erasure, entry: AuditEntry, cursor?: string): Promise<ErasureStep> {
    return this.erasure.step(erasure, entry, cursor);
  }

  dropEvents(before: number, limit: number): Promise<number> {
    return this.retention.drop(before, limit);
  }

  /** The walks of each statement. */
  private walksOf({ account, address, type, realms }: EventQuery): Walk[][] {
    const { columns } = this.event;
    const conditions: string[] = [];
    const values: ColumnValue[] = [];
    const where = (condition: string, ...own: ColumnValue[]): void => {
      conditions.push(condition);
      values.push(...own);
    };
    if (realms?.length === 0) return [];
    if (account === undefined && address === undefined && realms !== undefined) {
      return realms.map((realm) =>
        (type === undefined ? EVENT_TYPES : [type]).map((own) => ({
          index: 'realm',
          conditions: [`${columns.realm} = ?`, `${columns.type} = ?`],
          values: [realm, own],
        })),
      );
    }
    if (account !== undefined) where(`${columns.accountHash} = ?`, fromHex(account));
    if (address !== undefined) where(`${columns.addressHash} = ?`, fromHex(address));
    if (type !== undefined) where(`${columns.type} = ?`, type);
    if (realms !== undefined) where(`${columns.realm} IN (${questions(realms)})`, ...realms);
    const index =
      account !== undefined
        ? 'account'
        : address !== undefined
          ? 'address'
          : type !== undefined
            ? 'type'
            : null;
    return [[{ index, conditions, values }]];
  }

  /** The latest of some walks; the rows are looked up once it is clear which. */
  private read(walks: readonly Walk[], before: number | null, count: number): Promise<readonly Row[]> {
    const { path, columns, indexes } = this.event;
    const { seq } = columns;
    const parts = walks.map(({ index, conditions }, n) => {
      const all = before === null ? conditions : [...conditions, `${seq} < ?`];
      const hint = index === null ? '' : this.dialect.indexHint(indexes[index]);
      return (
        `SELECT s FROM (SELECT ${seq} AS s FROM ${path}${hint}` +
        `${all.length > 0 ? ` WHERE ${all.join(' AND ')}` : ''} ORDER BY ${seq} DESC LIMIT ${count}) AS p${n}`
      );
    });
    return this.dialect.query(
      `SELECT e.${seq}, ${columnList(this.event, EVENT_FIELDS, 'e.')} ` +
        `FROM (SELECT s FROM (${parts.join(' UNION ALL ')}) AS u ORDER BY s DESC LIMIT ${count}) AS p ` +
        `JOIN ${path} AS e ON e.${seq} = p.s ORDER BY p.s DESC`,
      walks.flatMap(({ values }) => (before === null ? values : [...values, before])),
    );
  }
}
