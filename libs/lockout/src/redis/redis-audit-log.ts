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
import { decodeCursor, encodeCursor } from '../store/cursor.js';
import type { Page } from '../store/directory.js';
import { matchesEvent } from '../store/event-query.js';
import { EventTally } from '../store/event-tally.js';
import { limitOf } from '../store/page.js';
import { EventEraser } from './event-eraser.js';
import { EventRetention, type EventSink } from './event-retention.js';
import { decodeEvent } from './event-row.js';
import { EVENTS, TRAIL } from './event-scripts.js';
import { LAST_POSITION, MICROSECONDS, positionOf, positionText, trailsAsked } from './event-trail.js';
import { mergedPage, type ShardPart } from './merged-page.js';
import { bytesOf, listOf } from './redis-answer.js';
import type { RedisChanges } from './redis-changes.js';
import type { RedisArgument, RedisConnection } from './redis-connection.js';
import { namesOf, type ShardNames, type Shards } from './shards.js';

const LIST = 'events';
/** Most events that one script reads. */
const MAX_PART = 128;
/** Events that are looked at for one page of those of some realms, over all shards; the next page goes on. */
const MAX_LOOKED_AT = 8_192;
/** Most events that are read for one shape, over all shards, and in one part of it. */
const MAX_SHAPED = 50_000;
const SHAPE_PART = 512;

const EVENT_PARTS = ['events', 'trail', 'rows'] as const;

/** An event and where it stands: microseconds on its shard's clock, then the shard. */
interface Placed {
  readonly position: number;
  readonly shard: number;
  readonly event: RecordedEvent;
}

type Before = Pick<Placed, 'position' | 'shard'>;

/**
 * The recorded events. Each shard has its own, written by the swaps themselves, and those that are of no record are beside
 * the saved policies; a list merges them by time, which on a Cluster is that of several servers.
 */
export class RedisAuditLog implements AuditLog {
  private readonly eraser: EventEraser;
  private readonly retention: EventRetention;

  constructor(
    private readonly connection: RedisConnection,
    private readonly shards: Shards,
    changes: RedisChanges,
    /** The time of events is not the server's, as positions are: for tests. */
    private readonly hasOwnClock: boolean,
  ) {
    this.eraser = new EventEraser(connection, shards, changes);
    this.retention = new EventRetention(connection, shards, hasOwnClock);
  }

  async list(query: EventQuery): Promise<Page<RecordedEvent>> {
    const limit = limitOf(query.limit);
    const before = query.cursor === undefined ? null : placeOf(query.cursor);
    if (query.realms?.length === 0) return { items: [], nextCursor: null };
    const parts = await Promise.all(
      this.shards.withEvents.map((names, shard) => this.listIn(names, shard, query, before)),
    );
    return mergedPage(parts, limit, latestFirst, ({ event }) => event, cursorOf);
  }

  /** Reads the latest events of every shard, as far back as was asked for. An event is dated no later than recorded. */
  async shape(query: ShapeQuery): Promise<EventShape> {
    const tally = new EventTally(query);
    const limit = Math.ceil(MAX_SHAPED / this.shards.withEvents.length);
    const since = await Promise.all(
      this.shards.withEvents.map(async (names) => {
        let from = LAST_POSITION;
        for (let read = 0; ; ) {
          const answer = await this.part(names, {}, from, SHAPE_PART);
          for (let n = 0; n < answer.length; n += 2) {
            from = positionOf(answer[n]) - 1;
            tally.add(decodeEvent(bytesOf(answer[n + 1])));
          }
          const time = Math.ceil(from / MICROSECONDS);
          if (answer.length < 2 * SHAPE_PART || (time < query.from && !this.hasOwnClock)) return query.from;
          read += SHAPE_PART;
          if (read >= limit) return time;
        }
      }),
    );
    return tally.shape(Math.max(...since));
  }

  eraseEvents(erasure: Erasure, entry: AuditEntry, cursor?: string): Promise<ErasureStep> {
    return this.eraser.step(erasure, entry, cursor);
  }

  dropEvents(before: number, limit: number): Promise<number> {
    return this.retention.drop(before, limit);
  }

  /** See {@link EventRetention.drain}. */
  drain(sink: EventSink, limit: number): Promise<number> {
    return this.retention.drain(sink, limit);
  }

  /**
   * The first events of the page that this shard has. Of some realms it looks at so many only: those of the others may be
   * most.
   */
  private async listIn(
    names: ShardNames,
    shard: number,
    query: EventQuery,
    before: Before | null,
  ): Promise<ShardPart<Placed, Before>> {
    const found: Placed[] = [];
    const most =
      query.realms === undefined
        ? Number.POSITIVE_INFINITY
        : Math.max(query.limit + 1, Math.ceil(MAX_LOOKED_AT / this.shards.withEvents.length));
    // Where the page before ended: later shards have already shown what they have of that very moment.
    let from = before ? (shard < before.shard ? before.position : before.position - 1) : LAST_POSITION;
    for (let looked = 0; ; ) {
      const count = looked === 0 ? Math.min(MAX_PART, query.limit + 1) : MAX_PART;
      const answer = await this.part(names, query, from, count);
      for (let n = 0; n < answer.length; n += 2) {
        from = positionOf(answer[n]) - 1;
        if (answer[n + 1] === null) continue;
        const event = decodeEvent(bytesOf(answer[n + 1]));
        if (matchesEvent(query, event)) found.push({ position: from + 1, shard, event });
      }
      if (answer.length < 2 * count || found.length > query.limit) return { found, stoppedAt: null };
      looked += count;
      if (looked >= most) return { found, stoppedAt: { position: from + 1, shard } };
    }
  }

  private async part(
    names: ShardNames,
    query: Pick<EventQuery, 'account' | 'address' | 'type'>,
    from: number,
    count: number,
  ): Promise<readonly unknown[]> {
    const [trail] = trailsAsked(query);
    const position = positionText(from);
    const keys = namesOf([names], EVENT_PARTS);
    if (!trail) return listOf(await this.connection.run(EVENTS, keys, [position, count]));
    const args: RedisArgument[] = [
      Buffer.concat([Buffer.from('['), trail, Buffer.from(position)]),
      Buffer.concat([Buffer.from('['), trail]),
      count,
    ];
    return listOf(await this.connection.run(TRAIL, keys, args));
  }
}

function latestFirst(a: Before, b: Before): number {
  return b.position - a.position || b.shard - a.shard;
}

function cursorOf({ position, shard }: Before): string {
  return encodeCursor({ list: LIST, value: position, key: shard.toString(16).padStart(4, '0') });
}

function placeOf(cursor: string): Before {
  const { value, key } = decodeCursor(LIST, cursor);
  return { position: value, shard: Number.parseInt(key, 16) };
}
