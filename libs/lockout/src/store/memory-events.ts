import { countedOn, NEXT_STEP_MS, recordedOf } from './audit-entry.js';
import type {
  AuditEntry,
  AuditLog,
  Erasure,
  ErasureStep,
  EventQuery,
  EventShape,
  RecordedEvent,
  ShapeQuery,
} from './audit-log.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import type { Page } from './directory.js';
import { namesErased, withoutAccount, withoutOrigin } from './erased-event.js';
import { eventId } from './event-id.js';
import { matchesEvent } from './event-query.js';
import { EventTally } from './event-tally.js';
import { pageOf } from './page.js';
import type { Swap } from './record.js';

/** Events that are remembered; the oldest go first. */
const MAX_EVENTS = 10_000;
/** Events that one step of an erasure changes at most. */
const ERASED_AT_ONCE = 200;

interface Entry extends RecordedEvent {
  /** Place in the record. */
  readonly n: number;
}

/** What still has to be delivered of some events. */
export interface PendingDeliveries {
  add(recorded: RecordedEvent, deliverTo: readonly string[], dueAt?: number): void;
  /** What nobody has begun to deliver of an event is due then. */
  moveTo(eventId: string, dueAt: number): void;
  /** What sinks said of these events is forgotten. */
  forgetProblems(eventIds: ReadonlySet<string>): void;
  /** Whether anything is still to be delivered of an event, or could not be. */
  holds(eventId: string): boolean;
  forget(eventIds: ReadonlySet<string>): void;
}

/** The record of what happened, in this process only: the latest 10,000 events. */
export class MemoryEvents implements AuditLog {
  private entries: Entry[] = [];
  private recorded = 0;

  constructor(
    private readonly clock: () => number,
    private readonly deliveries: PendingDeliveries,
  ) {}

  /** Records the events of a swap that won. */
  recordSwap({ key, version, facts, events, deliverTo }: Swap): void {
    for (const [n, event] of events.entries()) {
      this.add({ id: eventId(key, version, n), key, event, facts }, deliverTo?.[n] ?? []);
    }
  }

  /**
   * Records an entry, once; recorded before: adds to what it counts. It is delivered once it is whole, or some time after
   * the last step that was made. Throws `StoreError` (`data`) for a broken one.
   */
  recordEntry(entry: AuditEntry, at: number, count = 0, isWhole = true): void {
    const recorded = recordedOf(entry, at, count);
    const place = this.entries.findIndex(({ id }) => id === entry.id);
    const before = this.entries[place];
    const dueAt = isWhole ? at : at + NEXT_STEP_MS;
    if (before) {
      this.entries[place] = { ...countedOn(before, count), n: before.n };
      this.deliveries.moveTo(entry.id, dueAt);
    } else this.add(recorded, entry.deliverTo ?? [], dueAt);
  }

  /** An entry that was recorded; undefined: it never was. */
  entry(id: string): RecordedEvent | undefined {
    return this.entries.find((entry) => entry.id === id);
  }

  async list(query: EventQuery): Promise<Page<RecordedEvent>> {
    const after = query.cursor === undefined ? null : decodeCursor('events', query.cursor);
    const found = this.entries
      .filter((entry) => (after === null || entry.n < after.value) && matchesEvent(query, entry))
      .sort((a, b) => b.n - a.n);
    return pageOf(
      found,
      query.limit,
      ({ id, key, event, facts }) => ({ id, key, event, facts }),
      ({ n }) => encodeCursor({ list: 'events', value: n, key: '' }),
    );
  }

  shape(query: ShapeQuery): Promise<EventShape> {
    const tally = new EventTally(query);
    for (const { event, facts } of this.entries.toReversed()) tally.add({ event, facts });
    return Promise.resolve(tally.shape());
  }

  async eraseEvents(erasure: Erasure, entry: AuditEntry, cursor?: string): Promise<ErasureStep> {
    const after = cursor === undefined ? 0 : decodeCursor('erasure', cursor).value;
    const isOf = ({ facts }: Entry): boolean =>
      facts.accountHash !== null && erasure.accounts.includes(facts.accountHash);
    const found = this.entries.filter((one) => one.n > after && (isOf(one) || namesErased(erasure, one)));
    const step = found.slice(0, ERASED_AT_ONCE);
    const left = new Map(
      step.map(({ n, ...one }): [number, Entry] => [
        n,
        { ...(isOf({ n, ...one }) ? withoutAccount(one) : { ...one, event: withoutOrigin(one.event) }), n },
      ]),
    );
    const ids = (of: readonly Entry[]): Set<string> => new Set(of.map(({ id }) => id));
    this.deliveries.forget(ids(step.filter(isOf)));
    // What a sink said was wrong may name whom it was for.
    this.deliveries.forgetProblems(ids(step));
    this.entries = this.entries.map((one) => left.get(one.n) ?? one);
    const last = found.length > step.length ? step.at(-1) : undefined;
    this.recordEntry(entry, this.clock(), step.length, last === undefined);
    return {
      erased: step.length,
      cursor: last ? encodeCursor({ list: 'erasure', value: last.n, key: '' }) : null,
    };
  }

  async dropEvents(before: number, limit: number): Promise<number> {
    const old = this.entries
      .filter(({ id, event }) => event.at < before && !this.deliveries.holds(id))
      .sort((a, b) => a.event.at - b.event.at)
      .slice(0, limit);
    const dropped = new Set(old.map(({ id }) => id));
    this.entries = this.entries.filter(({ id }) => !dropped.has(id));
    return dropped.size;
  }

  private add(recorded: RecordedEvent, deliverTo: readonly string[], dueAt?: number): void {
    this.recorded += 1;
    this.entries.push({ ...recorded, n: this.recorded });
    if (deliverTo.length > 0) this.deliveries.add(recorded, deliverTo, dueAt);
    if (this.entries.length > MAX_EVENTS) this.entries.splice(0, this.entries.length - MAX_EVENTS);
  }
}
