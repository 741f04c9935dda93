import type { AuditEntry, Erasure, ErasureStep, RecordedEvent } from '../store/audit-log.js';
import { type ColumnValue, fromHex, integer } from '../store/codec.js';
import { decodeCursor, encodeCursor } from '../store/cursor.js';
import { NO_KEY, namesErased, traceOf, withoutAccount, withoutOrigin } from '../store/erased-event.js';
import { decodeEvent, EVENT_FIELDS, type EventField, encodeEventData } from '../store/event-row.js';
import { laneOf } from '../store/outbox-lane.js';
import type { Dialect, Row } from './dialect.js';
import type { DeliverySteps, EntrySteps } from './entry-steps.js';
import type { EventIndex } from './listing-columns.js';
import { columnList, type IndexedTable, type LockoutTables } from './lockout-tables.js';
import { changedBy, rowsOf, type Transaction } from './transaction.js';
import { questions } from './value-list.js';

const LIST = 'erasure';
/** Events that one step changes at most. */
const CHANGED_AT_ONCE = 128;
/** Events of no account that one step looks at: their data has to be read. */
const LOOKED_AT = 5_000;
/** Where a step begins that goes on with the account's own events: what is erased is found no more. */
const OWN_EVENTS = -1;

interface Found {
  readonly seq: number;
  readonly recorded: RecordedEvent;
}

/** What one step changed, and where the next one begins; null: there is none. */
interface Step {
  readonly erased: number;
  readonly next: number | null;
}

/** Takes an account out of the recorded events: first its own, then out of the origin of those of addresses. */
export class AuditErasure {
  private readonly event: IndexedTable<EventField | 'seq', EventIndex>;

  constructor(
    private readonly dialect: Dialect,
    tables: LockoutTables,
    private readonly entries: EntrySteps,
    private readonly deliveries: DeliverySteps,
  ) {
    this.event = tables.event;
  }

  async step(erasure: Erasure, entry: AuditEntry, cursor?: string): Promise<ErasureStep> {
    const from = cursor === undefined ? OWN_EVENTS : decodeCursor(LIST, cursor).value;
    const { now } = await this.dialect.load([]);
    return this.dialect.transact(() => this.erase(erasure, entry, now, from));
  }

  private *erase(erasure: Erasure, entry: AuditEntry, now: number, from: number): Transaction<ErasureStep> {
    const { erased, next } =
      from === OWN_EVENTS ? yield* this.ownEvents(erasure, now) : yield* this.origins(erasure, from);
    yield* this.entries.count(entry, now, erased, next === null);
    return { erased, cursor: next === null ? null : encodeCursor({ list: LIST, value: next, key: '' }) };
  }

  private *ownEvents({ accounts, label }: Erasure, now: number): Transaction<Step> {
    const { path, columns, indexes } = this.event;
    const { key, accountHash, accountLabel, addressLabel } = columns;
    const isOwn = `${accountHash} IN (${questions(accounts)})`;
    const hashes = accounts.map(fromHex);
    const rows = yield* rowsOf(
      `SELECT ${this.fields} FROM ${path}${this.dialect.indexHint(indexes.account)} ` +
        `WHERE ${isOwn} LIMIT ${CHANGED_AT_ONCE}`,
      hashes,
    );
    let erased = 0;
    if (rows.length > 0) {
      const found = rows.map(foundIn);
      const left = found.map(({ seq, recorded }) => ({ seq, recorded: withoutAccount(recorded) }));
      yield* this.deliveries.forget(idsOf(found), lanesOf(found), now);
      const assignments = `${key} = ?, ${accountHash} = NULL, ${accountLabel} = NULL, ${addressLabel} = NULL, `;
      erased = yield* this.rewrite(left, assignments, [fromHex(NO_KEY)], isOwn, hashes);
    }
    const isMore = rows.length === CHANGED_AT_ONCE;
    return { erased, next: isMore ? OWN_EVENTS : label === null ? null : 0 };
  }

  /** Events without an account may name one in their origin, which no index knows: all are looked at, page by page. */
  private *origins(erasure: Erasure, after: number): Transaction<Step> {
    const { path, columns, indexes } = this.event;
    const { seq, realm, accountHash, data } = columns;
    const table = `${path}${this.dialect.indexHint(indexes.account)}`;
    // By number, for they all have none; but only said so PostgreSQL takes the index that has nothing else.
    const order = `${accountHash}, ${seq}`;
    const [page] = yield* rowsOf(
      `SELECT MAX(s), COUNT(*) FROM (SELECT ${seq} AS s FROM ${table} ` +
        `WHERE ${accountHash} IS NULL AND ${seq} > ? ORDER BY ${order} LIMIT ${LOOKED_AT}) AS p`,
      [after],
    );
    const looked = integer('count', page?.[1]);
    if (looked === 0) return { erased: 0, next: null };
    const last = integer('seq', page?.[0]);
    const isNaming = this.dialect.holdsBytes(data);
    const trace = [traceOf(erasure.label ?? '')];
    const rows = yield* rowsOf(
      `SELECT ${this.fields} FROM ${table} WHERE ${accountHash} IS NULL AND ${seq} > ? AND ${seq} <= ? ` +
        `AND ${realm} = ? AND ${isNaming} ORDER BY ${order} LIMIT ${CHANGED_AT_ONCE}`,
      [after, last, erasure.realm, ...trace],
    );
    const found = rows.map(foundIn);
    const naming = found.filter(({ recorded }) => namesErased(erasure, recorded));
    let erased = 0;
    if (naming.length > 0) {
      const left = naming.map(({ seq: at, recorded }) => ({
        seq: at,
        recorded: { ...recorded, event: withoutOrigin(recorded.event) },
      }));
      erased = yield* this.rewrite(left, '', [], isNaming, trace);
      // What a sink said was wrong may name whom it was for.
      yield* this.deliveries.forgetProblems(idsOf(naming));
    }
    if (rows.length === CHANGED_AT_ONCE) return { erased, next: found.at(-1)?.seq ?? last };
    return { erased, next: looked < LOOKED_AT ? null : last };
  }

  /** Each event gets its own data, if it is still as the condition says; how many did. `assignments` come before. */
  private *rewrite(
    events: readonly Found[],
    assignments: string,
    values: readonly ColumnValue[],
    condition: string,
    conditionValues: readonly ColumnValue[],
  ): Transaction<number> {
    const { path, columns } = this.event;
    const { seq, data } = columns;
    const seqs = events.map((event) => event.seq);
    return yield* changedBy(
      `UPDATE ${path} SET ${assignments}` +
        `${data} = CASE ${seq} ${events.map(() => 'WHEN ? THEN ?').join(' ')} ELSE ${data} END ` +
        `WHERE ${seq} IN (${questions(seqs)}) AND ${condition}`,
      [
        ...values,
        ...events.flatMap((event) => [event.seq, encodeEventData(event.recorded.event)]),
        ...seqs,
        ...conditionValues,
      ],
    );
  }

  private get fields(): string {
    return `${this.event.columns.seq}, ${columnList(this.event, EVENT_FIELDS)}`;
  }
}

const foundIn = (row: Row): Found => ({ seq: integer('seq', row[0]), recorded: decodeEvent(row.slice(1)) });

const idsOf = (events: readonly Found[]): Buffer[] => events.map(({ recorded }) => fromHex(recorded.id));

const lanesOf = (events: readonly Found[]): Buffer[] =>
  [...new Set(events.map(({ recorded }) => laneOf(recorded.key, recorded.facts)))].map(fromHex);
