import { recordedOf } from './audit-entry.js';
import type { AuditEntry, RecordedEvent } from './audit-log.js';
import { CLOCK_TOLERANCE_MS } from './clock-tolerance.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import type { Page } from './directory.js';
import type {
  ClaimedDelivery,
  DeliveryClaim,
  DeliveryDeferral,
  DeliveryQuery,
  Outbox,
  SinkState,
  StoredDelivery,
} from './outbox.js';
import { laneOf } from './outbox-lane.js';
import {
  checkedClaim,
  counted,
  deliveryToken,
  numberOf,
  problemText,
  sinkName,
  wholeMs,
} from './outbox-row.js';
import { limitOf, pageOf } from './page.js';

/** Deliveries that are remembered, of all sinks; the oldest go first. */
const MAX_DELIVERIES = 20_000;

interface Row {
  readonly seq: number;
  readonly sink: string;
  /** With the sink: what is delivered in order. */
  readonly lane: string;
  readonly recorded: RecordedEvent;
  dueAt: number;
  token: string | null;
  tries: number;
  problem: string | null;
  dead: boolean;
}

/** As much of the record as an outbox needs. */
interface EventRecord {
  recordEntry(entry: AuditEntry, at: number, count?: number): void;
  /** An event as it stands in the record; undefined: the record has forgotten it. */
  entry(id: string): RecordedEvent | undefined;
}

/** What is still to be delivered, in this process only: the latest 20,000. */
export class MemoryOutbox implements Outbox {
  /** By number, the oldest first. */
  private readonly rows = new Map<number, Row>();
  private last = 0;

  /** @param events Asked only later on: the record and its outbox know each other. */
  constructor(
    private readonly clock: () => number,
    private readonly events: () => EventRecord,
  ) {}

  /**
   * An event that was just recorded is to be delivered to these sinks, by default at once. Throws `StoreError` (`data`) for
   * a broken name.
   */
  add(recorded: RecordedEvent, deliverTo: readonly string[], dueAt = this.clock()): void {
    for (const sink of new Set(deliverTo.map(sinkName))) {
      this.last += 1;
      this.rows.set(this.last, {
        seq: this.last,
        sink,
        lane: `${sink} ${laneOf(recorded.key, recorded.facts)}`,
        recorded,
        dueAt: dueAt - CLOCK_TOLERANCE_MS,
        token: null,
        tries: 0,
        problem: null,
        dead: false,
      });
    }
    for (const seq of this.rows.keys()) {
      if (this.rows.size <= MAX_DELIVERIES) return;
      this.rows.delete(seq);
    }
  }

  /** Whether anything is still to be delivered of an event, or could not be. */
  holds(eventId: string): boolean {
    return this.all().some(({ recorded }) => recorded.id === eventId);
  }

  /** What nobody has begun to deliver of an event is due then. */
  moveTo(eventId: string, dueAt: number): void {
    for (const row of this.all()) {
      if (row.recorded.id === eventId && row.tries === 0 && !row.dead) row.dueAt = dueAt;
    }
  }

  /** What sinks said of these events is forgotten. */
  forgetProblems(eventIds: ReadonlySet<string>): void {
    for (const row of this.all()) if (eventIds.has(row.recorded.id)) row.problem = null;
  }

  /** Nothing more of these events is to be delivered. */
  forget(eventIds: ReadonlySet<string>): void {
    for (const { seq, recorded } of this.all()) if (eventIds.has(recorded.id)) this.rows.delete(seq);
  }

  async claimDeliveries(claim: DeliveryClaim): Promise<readonly ClaimedDelivery[]> {
    const { sinks, token, leaseMs, limit } = checkedClaim(claim);
    const now = this.clock();
    const lanes = new Map<string, Row>();
    for (const row of this.all()) {
      if (!row.dead && sinks.includes(row.sink) && !lanes.has(row.lane)) lanes.set(row.lane, row);
    }
    const due = [...lanes.values()].filter(({ dueAt }) => dueAt <= now);
    const claimed = due.sort((a, b) => a.dueAt - b.dueAt || a.seq - b.seq).slice(0, limit);
    return claimed.map((row) => {
      row.dueAt = now + leaseMs;
      row.token = token;
      row.tries += 1;
      return { ...this.stored(row), now };
    });
  }

  async finishDelivery(id: string, token: string): Promise<boolean> {
    const row = this.claimed(id, token);
    return row !== undefined && this.rows.delete(row.seq);
  }

  async deferDelivery(id: string, token: string, later: DeliveryDeferral): Promise<boolean> {
    const inMs = wholeMs('inMs', later.inMs, 0);
    const row = this.claimed(id, token);
    if (!row) return false;
    row.dueAt = this.clock() + inMs;
    row.token = null;
    row.problem = problemText(later.problem);
    if (later.keepTries) row.tries -= 1;
    return true;
  }

  async buryDelivery(id: string, token: string, problem: string): Promise<boolean> {
    const row = this.claimed(id, token);
    if (!row) return false;
    row.dead = true;
    row.dueAt = this.clock();
    row.token = null;
    row.problem = problemText(problem);
    return true;
  }

  async deliveries({ state, sink, realms, limit, cursor }: DeliveryQuery): Promise<Page<StoredDelivery>> {
    limitOf(limit);
    const after = cursor === undefined ? 0 : decodeCursor('deliveries', cursor).value;
    const found = this.all().filter(
      (row) =>
        row.seq > after &&
        row.dead === (state === 'dead') &&
        (sink === undefined || row.sink === sink) &&
        (realms === undefined || realms.includes(row.recorded.facts.realm)),
    );
    return pageOf(
      found,
      limit,
      (row) => this.stored(row),
      ({ seq }) => encodeCursor({ list: 'deliveries', value: seq, key: '' }),
    );
  }

  async retryDeliveries(ids: readonly string[], entry: AuditEntry): Promise<number> {
    return this.change(ids, entry, (row) => {
      row.dead = false;
      row.dueAt = this.clock();
      row.tries = 0;
    });
  }

  async dropDeliveries(ids: readonly string[], entry: AuditEntry): Promise<number> {
    return this.change(ids, entry, ({ seq }) => void this.rows.delete(seq));
  }

  async outboxState(): Promise<readonly SinkState[]> {
    const sinks = [...new Set(this.all().map(({ sink }) => sink))].sort();
    return sinks.map((sink) => {
      const own = this.all().filter((row) => row.sink === sink);
      const waiting = own.filter(({ dead }) => !dead);
      return {
        sink,
        waiting: counted(waiting.length),
        dead: counted(own.length - waiting.length),
        oldestAt: waiting[0]?.recorded.event.at ?? null,
      };
    });
  }

  /** Changes dead letters, with the entry that tells of it. */
  private change(ids: readonly string[], entry: AuditEntry, change: (row: Row) => void): number {
    const now = this.clock();
    recordedOf(entry, now);
    const before = this.events().entry(entry.id);
    if (before) return 'count' in before.event ? before.event.count : 0;
    const dead = [...new Set(ids)]
      .flatMap((id) => this.rows.get(numberOf(id) ?? 0) ?? [])
      .filter((row) => row.dead);
    for (const row of dead) change(row);
    if (dead.length > 0) this.events().recordEntry(entry, now, dead.length);
    return dead.length;
  }

  private claimed(id: string, token: string): Row | undefined {
    deliveryToken(token);
    const row = this.rows.get(numberOf(id) ?? 0);
    return row?.token === token ? row : undefined;
  }

  private stored({ seq, sink, tries, dueAt, problem, recorded }: Row): StoredDelivery {
    const { id, key, event, facts } = this.events().entry(recorded.id) ?? recorded;
    return { id: String(seq), sink, tries, dueAt, problem, event: { id, key, event, facts } };
  }

  private all(): Row[] {
    return [...this.rows.values()];
  }
}
