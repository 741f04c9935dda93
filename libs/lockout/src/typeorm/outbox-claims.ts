import { type ColumnValue, fromHex, integer, text, toHex } from '../store/codec.js';
import type { ClaimedDelivery, DeliveryClaim } from '../store/outbox.js';
import { checkedClaim, decodeDelivery, problemText } from '../store/outbox-row.js';
import { StoreError } from '../store/store-error.js';
import { type DeliverySelect, deliverySelect, EVENT_ID } from './delivery-select.js';
import type { Dialect, Row } from './dialect.js';
import type { IndexedTable, LockoutTables } from './lockout-tables.js';
import type { OutboxColumn, OutboxIndex } from './outbox-columns.js';
import type { OutboxSteps } from './outbox-steps.js';
import { changedBy, rowsOf, type Transaction } from './transaction.js';
import { parts, questions } from './value-list.js';

/** Rows that are looked at first, and in each round after that: so much a claim works, however much there is. */
const FIRST_LOOK = 256;
const NEXT_LOOK = 1_024;
const MAX_ROUNDS = 8;
/** A claim that took so long begins no other round, ms. */
const ENOUGH_MS = 500;
/** How long one that waits for another is passed over, should nobody tell it that its turn has come, ms. */
const QUEUED_MS = 3_600_000;

/** A row that is due, and the first one of its lane. */
interface Due {
  readonly seq: number;
  readonly first: number;
}

interface Held {
  readonly isDue: boolean;
  readonly isQueued: boolean;
}

interface Round {
  readonly claimed: readonly ClaimedDelivery[];
  /** How many were somebody else's at that moment. */
  readonly missed: number;
}

/**
 * Claims are made of rows that are due and the first of their lane. One that waits for another is queued as soon as it is
 * seen, and then no claim comes by it before the one in front is gone: a lane costs each of its rows two updates, however
 * long it is.
 *
 * Rows are looked for without holding any. Then those that are wanted are held by their numbers, passing over what another
 * one holds, and looked at again: so claimers wait neither for each other nor for a swap, and nobody deadlocks.
 */
export class OutboxClaims {
  private readonly outbox: IndexedTable<OutboxColumn, OutboxIndex>;
  private readonly select: DeliverySelect;

  constructor(
    private readonly dialect: Dialect,
    tables: Pick<LockoutTables, 'outbox' | 'event'>,
    private readonly steps: OutboxSteps,
    /** Milliseconds. */
    private readonly monotonic: () => number,
  ) {
    this.outbox = tables.outbox;
    this.select = deliverySelect(tables);
  }

  async claim(asked: DeliveryClaim): Promise<readonly ClaimedDelivery[]> {
    const claim = checkedClaim(asked);
    const found: ClaimedDelivery[] = [];
    if (claim.sinks.length === 0) return found;
    const { now } = await this.dialect.load([]);
    const enough = this.monotonic() + ENOUGH_MS;
    let missed = 0;
    for (let round = 0; round < MAX_ROUNDS && found.length < claim.limit; round += 1) {
      const look = round === 0 ? FIRST_LOOK : NEXT_LOOK;
      const due = await this.due(claim.sinks, now, look);
      if (due.length === 0) break;
      const wanted = claim.limit - found.length;
      const heads = due.filter(({ seq, first }) => seq === first);
      // Those that somebody else was at are likely still his.
      const from = missed < heads.length ? missed : 0;
      const tried = heads.slice(from, from + wanted).map(({ seq }) => seq);
      const waiting = due.filter(({ seq, first }) => seq !== first);
      const done = await this.dialect.transact(() =>
        this.take(tried, waiting, claim.tokenBytes, claim.leaseMs, now),
      );
      found.push(...done.claimed);
      missed = done.missed;
      if ((missed === 0 && due.length < look) || this.monotonic() > enough) break;
    }
    return found;
  }

  /** What is due, longest due first, and the first of the lane of each. Holds nothing. */
  private async due(sinks: readonly string[], now: number, look: number): Promise<Due[]> {
    const { path, columns, indexes } = this.outbox;
    const { seq, sink, lane, dueAt, dead } = columns;
    const hint = this.dialect.indexHint(indexes.due);
    const walks = sinks.map(
      (_, n) =>
        `SELECT * FROM (SELECT ${seq} AS n, ${sink} AS s, ${lane} AS l, ${dueAt} AS d FROM ${path}${hint} ` +
        `WHERE ${sink} = ? AND ${dead} = 0 AND ${dueAt} <= ? ORDER BY ${dueAt}, ${seq} LIMIT ${look}) AS p${n}`,
    );
    const rows = await this.dialect.walk(
      `SELECT c.n, (SELECT h.${seq} FROM ${path} AS h${this.steps.laneHint} ` +
        `WHERE h.${sink} = c.s AND h.${dead} = 0 AND ${this.steps.inLane('h', 'c.l', true)} LIMIT 1) ` +
        `FROM (SELECT * FROM (${walks.join(' UNION ALL ')}) AS u ORDER BY u.d, u.n LIMIT ${look}) AS c ` +
        'ORDER BY c.d, c.n',
      sinks.flatMap((name) => [name, now]),
    );
    return rows.map(([n, first]) => ({ seq: integer('seq', n), first: integer('seq', first) }));
  }

  private *take(
    tried: readonly number[],
    waiting: readonly Due[],
    token: Buffer,
    leaseMs: number,
    now: number,
  ): Transaction<Round> {
    const held = yield* this.hold([...tried, ...waiting.flatMap(({ seq, first }) => [seq, first])], now);
    const isDue = (seq: number): boolean => held.get(seq)?.isDue === true;
    const { dueAt, queued, token: owner, tries } = this.outbox.columns;

    // Its turn has come and nobody told it: somebody took the one before away by hand.
    const forgotten = waiting.map(({ first }) => first).filter((seq) => held.get(seq)?.isQueued === true);
    yield* this.update(`${dueAt} = ?, ${queued} = 0`, [now], forgotten);
    // Only behind one that is held: it cannot go in between, so whoever lets it go sees who waits.
    const queue = waiting.filter(({ seq, first }) => isDue(seq) && held.has(first)).map(({ seq }) => seq);
    yield* this.update(`${dueAt} = ?, ${queued} = 1`, [now + QUEUED_MS], queue);

    const taken = tried.filter(isDue);
    const assignments = `${owner} = ?, ${dueAt} = ?, ${tries} = ${tries} + 1, ${queued} = 0`;
    yield* this.update(assignments, [token, now + leaseMs], taken);
    const claimed = yield* this.read(taken, now);
    return { claimed, missed: tried.length - taken.length };
  }

  /** Holds those of these rows that still wait, and that nobody else holds. */
  private *hold(seqs: readonly number[], now: number): Transaction<ReadonlyMap<number, Held>> {
    const { path, columns } = this.outbox;
    const { seq, dueAt, queued, dead } = columns;
    const held = new Map<number, Held>();
    // Whoever walks the whole of a small table waits for rows that he does not want.
    const byKey = this.dialect.indexHint('PRIMARY');
    // In their order, for those who wait for each other where nothing can be passed over.
    for (const ids of parts([...new Set(seqs)].sort((a, b) => a - b))) {
      const rows = yield* rowsOf(
        `SELECT ${seq}, ${dueAt}, ${queued} FROM ${path}${byKey} WHERE ${seq} IN (${questions(ids)}) AND ${dead} = 0 ` +
          `ORDER BY ${seq}${this.dialect.holding}`,
        ids,
      );
      for (const row of rows) {
        const [number, isDue] = [integer('seq', row[0]), integer('dueAt', row[1]) <= now];
        held.set(number, { isDue, isQueued: integer('queued', row[2]) === 1 });
      }
    }
    return held;
  }

  private *update(
    assignments: string,
    values: readonly ColumnValue[],
    seqs: readonly number[],
  ): Transaction<void> {
    const { path, columns } = this.outbox;
    for (const ids of parts(seqs)) {
      yield* changedBy(`UPDATE ${path} SET ${assignments} WHERE ${columns.seq} IN (${questions(ids)})`, [
        ...values,
        ...ids,
      ]);
    }
  }

  /** The rows that were taken, as they are now. What cannot be read can be delivered to nobody, and holds nobody up. */
  private *read(taken: readonly number[], now: number): Transaction<ClaimedDelivery[]> {
    const { path, columns } = this.outbox;
    const read = new Map<number, ClaimedDelivery>();
    for (const ids of parts(taken)) {
      const rows = yield* rowsOf(
        `SELECT o.${columns.lane}, ${this.select.columns} FROM ${path} AS o ${this.select.join} ` +
          `WHERE o.${columns.seq} IN (${questions(ids)})`,
        ids,
      );
      for (const row of rows) {
        const delivery = deliveryIn(row);
        if (delivery instanceof StoreError) yield* this.giveUp(row, delivery, now);
        else read.set(Number(delivery.id), { ...delivery, now });
      }
    }
    return taken.flatMap((seq) => read.get(seq) ?? []);
  }

  private *giveUp(row: Row, { message }: StoreError, now: number): Transaction<void> {
    const { path, columns } = this.outbox;
    const [lane, seq, sink] = row;
    const number = integer('seq', seq);
    if (row[1 + EVENT_ID] === null) {
      yield* changedBy(`DELETE FROM ${path} WHERE ${columns.seq} = ?`, [number]);
    } else {
      const assignments = `${columns.dead} = 1, ${columns.token} = NULL, ${columns.problem} = ?`;
      yield* this.update(assignments, [problemText(`The event cannot be read: ${message}`)], [number]);
    }
    yield* this.steps.wake({ sink: text('sink', sink), lane: fromHex(toHex('lane', lane)) }, now);
  }
}

/** A row as it was read, its lane first. */
function deliveryIn(row: Row): ReturnType<typeof decodeDelivery> | StoreError {
  try {
    return decodeDelivery(row.slice(1));
  } catch (error) {
    return StoreError.from(error, 'data');
  }
}
