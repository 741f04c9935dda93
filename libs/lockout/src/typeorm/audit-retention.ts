import { integer } from '../store/codec.js';
import type { EventField } from '../store/event-row.js';
import { limitOf } from '../store/page.js';
import type { Dialect } from './dialect.js';
import type { DeliverySteps } from './entry-steps.js';
import type { EventIndex } from './listing-columns.js';
import type { IndexedTable, LockoutTables } from './lockout-tables.js';
import { padded, questions } from './value-list.js';

/** Events that one statement drops. */
const DROPPED_AT_ONCE = 256;

interface Old {
  readonly at: number;
  readonly seq: number;
}

/** Drops events that were kept for long enough, the oldest of each realm found in the index by time. */
export class AuditRetention {
  private readonly event: IndexedTable<EventField | 'seq', EventIndex>;

  constructor(
    private readonly dialect: Dialect,
    tables: LockoutTables,
    private readonly deliveries: DeliverySteps,
  ) {
    this.event = tables.event;
  }

  async drop(before: number, limit: number): Promise<number> {
    const most = limitOf(limit);
    const old: Old[] = [];
    for (let realm = await this.after(null); realm !== null; realm = await this.after(realm)) {
      old.push(...(await this.oldest(realm, before, most)));
    }
    const first = old.sort((a, b) => a.at - b.at || a.seq - b.seq).slice(0, most);
    let dropped = 0;
    for (let start = 0; start < first.length; start += DROPPED_AT_ONCE) {
      dropped += await this.delete(first.slice(start, start + DROPPED_AT_ONCE));
    }
    return dropped;
  }

  /** The next realm that has events, in the order of the database. */
  private async after(realm: string | null): Promise<string | null> {
    const { path, columns } = this.event;
    const [row] = await this.dialect.query(
      `SELECT MIN(${columns.realm}) FROM ${path}${realm === null ? '' : ` WHERE ${columns.realm} > ?`}`,
      realm === null ? [] : [realm],
    );
    return typeof row?.[0] === 'string' ? row[0] : null;
  }

  /** An event gets its deliveries when it is recorded, and never again: what has none may go. */
  private async oldest(realm: string, before: number, limit: number): Promise<readonly Old[]> {
    const { path, columns, indexes } = this.event;
    const rows = await this.dialect.query(
      `SELECT e.${columns.at}, e.${columns.seq} FROM ${path} AS e${this.dialect.indexHint(indexes.at)} ` +
        `WHERE e.${columns.realm} = ? AND e.${columns.at} < ? AND ${this.deliveries.hasNone(`e.${columns.id}`)} ` +
        `ORDER BY e.${columns.at} LIMIT ${limit}`,
      [realm, before],
    );
    return rows.map(([at, seq]) => ({ at: integer('at', at), seq: integer('seq', seq) }));
  }

  /** In the order of the table, so that two processes at the same events wait for each other instead of deadlocking. */
  private delete(events: readonly Old[]): Promise<number> {
    const { path, columns } = this.event;
    const seqs = events.map(({ seq }) => seq).sort((a, b) => a - b);
    // Always as many, so that it is one statement text.
    const values = padded(seqs, DROPPED_AT_ONCE);
    return this.dialect.change(`DELETE FROM ${path} WHERE ${columns.seq} IN (${questions(values)})`, values);
  }
}
