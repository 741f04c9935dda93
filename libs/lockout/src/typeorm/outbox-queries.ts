import { recordedOf } from '../store/audit-entry.js';
import type { AuditEntry } from '../store/audit-log.js';
import { fromHex, text, toHex } from '../store/codec.js';
import type { Page } from '../store/directory.js';
import type {
  ClaimedDelivery,
  DeliveryClaim,
  DeliveryDeferral,
  DeliveryQuery,
  Outbox,
  SinkState,
  StoredDelivery,
} from '../store/outbox.js';
import { deliveryToken, numberOf, problemText, wholeMs } from '../store/outbox-row.js';
import type { Dialect } from './dialect.js';
import type { EntrySteps } from './entry-steps.js';
import type { IndexedTable, LockoutTables } from './lockout-tables.js';
import { OutboxClaims } from './outbox-claims.js';
import type { OutboxColumn, OutboxIndex } from './outbox-columns.js';
import { OutboxList } from './outbox-list.js';
import type { OutboxSteps } from './outbox-steps.js';
import { changedBy, rowsOf, type Transaction } from './transaction.js';
import { parts, questions } from './value-list.js';

/** What is still to be delivered: one row an event and sink, numbered in the order in which they were recorded. */
export class OutboxQueries implements Outbox {
  private readonly outbox: IndexedTable<OutboxColumn, OutboxIndex>;
  private readonly claims: OutboxClaims;
  private readonly list: OutboxList;

  constructor(
    private readonly dialect: Dialect,
    tables: LockoutTables,
    private readonly entries: EntrySteps,
    private readonly steps: OutboxSteps,
    /** Milliseconds. */
    monotonic: () => number,
  ) {
    this.outbox = tables.outbox;
    this.claims = new OutboxClaims(dialect, tables, this.steps, monotonic);
    this.list = new OutboxList(dialect, tables);
  }

  claimDeliveries(claim: DeliveryClaim): Promise<readonly ClaimedDelivery[]> {
    return this.claims.claim(claim);
  }

  finishDelivery(id: string, token: string): Promise<boolean> {
    const { path, columns } = this.outbox;
    return this.leave(id, token, (seq, owner) =>
      changedBy(`DELETE FROM ${path} WHERE ${columns.seq} = ? AND ${columns.token} = ?`, [seq, owner]),
    );
  }

  async deferDelivery(id: string, token: string, later: DeliveryDeferral): Promise<boolean> {
    const owner = deliveryToken(token);
    const inMs = wholeMs('inMs', later.inMs, 0);
    const seq = numberOf(id);
    if (seq === null) return false;
    const { now } = await this.dialect.load([]);
    const { path, columns } = this.outbox;
    const tries = later.keepTries ? `, ${columns.tries} = ${columns.tries} - 1` : '';
    const changed = await this.dialect.change(
      `UPDATE ${path} SET ${columns.dueAt} = ?, ${columns.token} = NULL, ${columns.problem} = ?${tries} ` +
        `WHERE ${columns.seq} = ? AND ${columns.token} = ?`,
      [now + inMs, problemText(later.problem), seq, owner],
    );
    return changed === 1;
  }

  buryDelivery(id: string, token: string, problem: string): Promise<boolean> {
    const { path, columns } = this.outbox;
    return this.leave(id, token, (seq, owner, now) =>
      changedBy(
        `UPDATE ${path} SET ${columns.dead} = 1, ${columns.token} = NULL, ${columns.dueAt} = ?, ${columns.problem} = ? ` +
          `WHERE ${columns.seq} = ? AND ${columns.token} = ?`,
        [now, problemText(problem), seq, owner],
      ),
    );
  }

  deliveries(query: DeliveryQuery): Promise<Page<StoredDelivery>> {
    return this.list.deliveries(query);
  }

  outboxState(): Promise<readonly SinkState[]> {
    return this.list.state();
  }

  retryDeliveries(ids: readonly string[], entry: AuditEntry): Promise<number> {
    const { path, columns } = this.outbox;
    const assignments = `${columns.dead} = 0, ${columns.tries} = 0, ${columns.dueAt} = ?`;
    return this.changeDead(ids, entry, (condition, seqs, now) =>
      changedBy(`UPDATE ${path} SET ${assignments} WHERE ${condition}`, [now, ...seqs]),
    );
  }

  dropDeliveries(ids: readonly string[], entry: AuditEntry): Promise<number> {
    const { path } = this.outbox;
    return this.changeDead(ids, entry, (condition, seqs) =>
      changedBy(`DELETE FROM ${path} WHERE ${condition}`, seqs),
    );
  }

  /** It leaves its lane, which goes on. False: it is no longer this token's. */
  private async leave(
    id: string,
    token: string,
    change: (seq: number, owner: Buffer, now: number) => Transaction<number>,
  ): Promise<boolean> {
    const owner = deliveryToken(token);
    const seq = numberOf(id);
    if (seq === null) return false;
    const { path, columns } = this.outbox;
    const { steps } = this;
    const { now } = await this.dialect.load([]);
    return this.dialect.transact(function* () {
      const [row] = yield* rowsOf(
        `SELECT ${columns.sink}, ${columns.lane} FROM ${path} WHERE ${columns.seq} = ? AND ${columns.token} = ?`,
        [seq, owner],
      );
      if (!row || (yield* change(seq, owner, now)) !== 1) return false;
      yield* steps.wake({ sink: text('sink', row[0]), lane: fromHex(toHex('lane', row[1])) }, now);
      return true;
    });
  }

  /** Changes dead letters, and records it with them; recorded before, it only tells how many there were. */
  private async changeDead(
    ids: readonly string[],
    entry: AuditEntry,
    change: (condition: string, seqs: readonly number[], now: number) => Transaction<number>,
  ): Promise<number> {
    const seqs = [...new Set(ids.flatMap((id) => numberOf(id) ?? []))].sort((a, b) => a - b);
    const { columns } = this.outbox;
    const { entries } = this;
    const { now } = await this.dialect.load([]);
    recordedOf(entry, now);
    const recorded = () => this.recordedCount(entry);
    return this.dialect.transact(function* () {
      const before = yield* recorded();
      if (before !== null) return before;
      let changed = 0;
      for (const part of parts(seqs)) {
        const condition = `${columns.seq} IN (${questions(part)}) AND ${columns.dead} = 1`;
        changed += yield* change(condition, part, now);
      }
      // Somebody may have sent the same at the same moment, and these have waited for his.
      if (changed === 0) return (yield* recorded()) ?? 0;
      yield* entries.record(entry, now, changed);
      return changed;
    });
  }

  /** What an entry counted when it was recorded; null: it never was. */
  private *recordedCount(entry: AuditEntry): Transaction<number | null> {
    const recorded = yield* this.entries.find(entry);
    if (!recorded) return null;
    return 'count' in recorded.event ? recorded.event.count : 0;
  }
}
