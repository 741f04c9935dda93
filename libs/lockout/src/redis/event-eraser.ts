import type { SubjectHash } from '../key/key.js';
import type { AuditEntry, Erasure, ErasureStep, RecordedEvent } from '../store/audit-log.js';
import { integer } from '../store/codec.js';
import { CursorError, decodeCursor, encodeCursor } from '../store/cursor.js';
import { namesErased, traceOf, withoutAccount, withoutOrigin } from '../store/erased-event.js';
import { decodeEvent, encodeRecorded } from './event-row.js';
import { ERASE, TRACE, TRAIL } from './event-scripts.js';
import { LAST_POSITION, positionOf, positionText, trailEntries, trailsAsked } from './event-trail.js';
import { bytesOf, listOf } from './redis-answer.js';
import { markerOf, type RedisChanges } from './redis-changes.js';
import type { RedisArgument, RedisConnection } from './redis-connection.js';
import { namesOf, type ShardNames, type Shards } from './shards.js';
import { subjectBytes } from './stored-record.js';

const LIST = 'erasure';
/** Events that are looked at in one script, by an index and by what is in them. */
const TRAIL_PART = 128;
const TRACE_PART = 1_000;
/** Scripts that look before a step ends without having found anything. */
const MAX_LOOKS = 256;
/** Events that one script changes: each may have to move a few hundred neighbours. */
const ERASE_PART = 16;

const READ_PARTS = ['events', 'trail', 'rows'] as const;
const ERASE_PARTS = [...READ_PARTS, 'deliveries', 'undelivered', 'outbox', 'changes'] as const;

/** How far an erasure has come: the shard, the account's hash (after the last one: what is in the events), the position. */
interface Place {
  readonly shard: number;
  readonly round: number;
  readonly from: number;
}

/** An event that has to change. */
interface Target {
  readonly position: string;
  readonly left: RecordedEvent;
  /** What found it by the account; null: an event of an address, which only named it. */
  readonly account: SubjectHash | null;
}

interface Found {
  readonly names: ShardNames;
  readonly targets: readonly Target[];
  readonly next: Place | null;
}

/** Takes accounts out of the recorded events, shard by shard; see `AuditLog.eraseEvents`. */
export class EventEraser {
  constructor(
    private readonly connection: RedisConnection,
    private readonly shards: Shards,
    private readonly changes: RedisChanges,
  ) {}

  async step(erasure: Erasure, entry: AuditEntry, cursor?: string): Promise<ErasureStep> {
    const found = await this.find(
      erasure,
      cursor === undefined ? { shard: 0, round: 0, from: LAST_POSITION } : placeOf(cursor),
    );
    const change = await this.changes.begin(entry, found?.targets.length ?? 0);
    const erased = found ? await this.erase(found, markerOf(change)) : 0;
    await this.changes.count(change, !found?.next);
    return { erased, cursor: found?.next ? cursorOf(found.next) : null };
  }

  /** The next events that have to change; null: there are none. */
  private async find(erasure: Erasure, start: Place): Promise<Found | null> {
    let place: Place | null = start;
    for (let looks = 0; place; looks += 1) {
      const names = this.shards.withEvents[place.shard];
      if (!names) return null;
      const found = await this.look(names, erasure, place);
      if (found.targets.length > 0 || looks === MAX_LOOKS) return found;
      place = found.next;
    }
    return null;
  }

  private async look(names: ShardNames, erasure: Erasure, place: Place): Promise<Found> {
    const account = erasure.accounts[place.round];
    const keys = namesOf([names], READ_PARTS);
    if (account !== undefined) {
      const [trail = Buffer.alloc(0)] = trailsAsked({ account });
      const to = Buffer.concat([Buffer.from('['), trail]);
      const from = Buffer.concat([to, Buffer.from(positionText(place.from))]);
      const answer = listOf(await this.connection.run(TRAIL, keys, [from, to, TRAIL_PART]));
      const last = answer.length < 2 * TRAIL_PART ? null : positionOf(answer[answer.length - 2]);
      const targets = eventsOf(answer).flatMap(({ position, event }): Target[] =>
        event.facts.accountHash === account ? [{ position, left: withoutAccount(event), account }] : [],
      );
      return { names, targets, next: nextOf(place, last) };
    }
    if (erasure.label === null || place.round > erasure.accounts.length)
      return { names, targets: [], next: { shard: place.shard + 1, round: 0, from: LAST_POSITION } };
    const [last, ...answer] = listOf(
      await this.connection.run(TRACE, keys, [positionText(place.from), TRACE_PART, traceOf(erasure.label)]),
    );
    const targets = eventsOf(answer).flatMap(({ position, event }): Target[] =>
      namesErased(erasure, event)
        ? [{ position, left: { ...event, event: withoutOrigin(event.event) }, account: null }]
        : [],
    );
    return { names, targets, next: nextOf(place, last === null ? null : positionOf(last)) };
  }

  private async erase({ names, targets }: Found, marker: string): Promise<number> {
    let erased = 0;
    for (let start = 0; start < targets.length; start += ERASE_PART) {
      const args = targets
        .slice(start, start + ERASE_PART)
        .flatMap(({ position, left, account }): RedisArgument[] => {
          const trail =
            account === null
              ? []
              : trailEntries([Buffer.concat([Buffer.from('a'), subjectBytes(account)])], position);
          return [position, encodeRecorded(left), account === null ? 'keep' : 'drop', trail.length, ...trail];
        });
      const answer = await this.connection.run(ERASE, namesOf([names], ERASE_PARTS), [marker, ...args]);
      erased += integer('count', answer);
    }
    return erased;
  }
}

function eventsOf(
  answer: readonly unknown[],
): { readonly position: string; readonly event: RecordedEvent }[] {
  const events: { readonly position: string; readonly event: RecordedEvent }[] = [];
  for (let n = 0; n < answer.length; n += 2) {
    const row = answer[n + 1];
    if (row !== null) events.push({ position: String(bytesOf(answer[n])), event: decodeEvent(bytesOf(row)) });
  }
  return events;
}

/** @param last The last position that was looked at; null: the round is over. */
function nextOf({ shard, round }: Place, last: number | null): Place {
  if (last === null) return { shard, round: round + 1, from: LAST_POSITION };
  return { shard, round, from: last - 1 };
}

function cursorOf({ shard, round, from }: Place): string {
  const key = Buffer.alloc(4);
  key.writeUInt16BE(shard);
  key.writeUInt16BE(round, 2);
  return encodeCursor({ list: LIST, value: from, key: key.toString('hex') });
}

function placeOf(cursor: string): Place {
  const { value, key } = decodeCursor(LIST, cursor);
  const place = Buffer.from(key, 'hex');
  if (place.length !== 4 || value < 0) throw new CursorError();
  return { shard: place.readUInt16BE(), round: place.readUInt16BE(2), from: value };
}
