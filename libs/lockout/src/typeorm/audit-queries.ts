import type { AuditLog, EventQuery, RecordedEvent } from '../store/audit-log.js';
import { type ColumnValue, fromHex, integer } from '../store/codec.js';
import { decodeCursor, encodeCursor } from '../store/cursor.js';
import type { Page } from '../store/directory.js';
import { decodeEvent, EVENT_FIELDS } from '../store/event-row.js';
import { limitOf, pageOf } from '../store/page.js';
import type { Dialect } from './dialect.js';
import { columnList, type LockoutTables } from './lockout-tables.js';

const LIST = 'events';

/** The recorded events, latest recorded first; each filter walks an index of its own. */
export class AuditQueries implements AuditLog {
  constructor(
    private readonly dialect: Dialect,
    private readonly tables: LockoutTables,
  ) {}

  async list(query: EventQuery): Promise<Page<RecordedEvent>> {
    const { event } = this.tables;
    const { seq, accountHash, addressHash, type } = event.columns;
    const conditions: string[] = [];
    const values: ColumnValue[] = [];
    const where = (condition: string, value: ColumnValue): void => {
      conditions.push(condition);
      values.push(value);
    };
    if (query.account !== undefined) where(`${accountHash} = ?`, fromHex(query.account));
    if (query.address !== undefined) where(`${addressHash} = ?`, fromHex(query.address));
    if (query.type !== undefined) where(`${type} = ?`, query.type);
    if (query.cursor !== undefined) where(`${seq} < ?`, decodeCursor(LIST, query.cursor).value);
    const limit = limitOf(query.limit);
    const rows = await this.dialect.query(
      `SELECT ${seq}, ${columnList(event, EVENT_FIELDS)} FROM ${event.path} ` +
        `${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')} ` : ''}ORDER BY ${seq} DESC LIMIT ${limit + 1}`,
      values,
    );
    return pageOf(
      rows,
      limit,
      (row) => decodeEvent(row.slice(1)),
      ([position]) => encodeCursor({ list: LIST, value: integer('cursor', position), key: '' }),
    );
  }
}
