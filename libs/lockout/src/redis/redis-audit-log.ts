import type { AuditLog, EventQuery, EventShape, RecordedEvent, ShapeQuery } from '../store/audit-log.js';
import { integer } from '../store/codec.js';
import { decodeCursor, encodeCursor } from '../store/cursor.js';
import type { Page } from '../store/directory.js';
import { matchesEvent } from '../store/event-query.js';
import { EventTally } from '../store/event-tally.js';
import { limitOf, pageOf } from '../store/page.js';
import { decodeEvent } from './event-row.js';
import { EVENTS, FORGET, TRAIL } from './listing-scripts.js';
import { bytesOf, listOf } from './redis-answer.js';
import type { RedisArgument, RedisConnection } from './redis-connection.js';
import type { ShardNames, Shards } from './shards.js';
import { subjectBytes } from './stored-record.js';

const LIST = 'events';
/** Most events that one script reads. */
const MAX_PART = 128;
/** Most events that are read for one shape, over all shards, and in one part of it. */
const MAX_SHAPED = 50_000;
const SHAPE_PART = 512;
const MICROSECONDS = 1_000;
/** Positions are written with as many digits, so that their order is that of the text. */
const DIGITS = 16;

/** Takes events away from the store. What it resolves for is taken; what it rejects is offered again. */
export type EventSink = (events: readonly RecordedEvent[]) => Promise<void>;

/** An event and where it stands: microseconds on its shard's clock, then the shard. */
interface Placed {
  readonly position: number;
  readonly shard: number;
  readonly event: RecordedEvent;
}

type Before = Pick<Placed, 'position' | 'shard'>;

/**
 * The recorded events. Each shard has its own stream, written by the swaps themselves; a list merges them by time, which
 * on a Cluster is that of several servers.
 */
export class RedisAuditLog implements AuditLog {
  constructor(
    private readonly connection: RedisConnection,
    private readonly shards: Shards,
    /** The time of events is not the server's, as positions are: for tests. */
    private readonly hasOwnClock: boolean,
  ) {}

  async list(query: EventQuery): Promise<Page<RecordedEvent>> {
    const limit = limitOf(query.limit);
    const before = query.cursor === undefined ? null : placeOf(query.cursor);
    const parts = await Promise.all(
      this.shards.all.map((names, shard) => this.listIn(names, shard, query, before)),
    );
    const found = parts.flat().sort(latestFirst);
    return pageOf(found, limit, ({ event }) => event, cursorOf);
  }

  /** Reads the latest events of every shard, as far back as was asked for. An event is dated no later than recorded. */
  async shape(query: ShapeQuery): Promise<EventShape> {
    const tally = new EventTally(query);
    const limit = Math.ceil(MAX_SHAPED / this.shards.all.length);
    const since = await Promise.all(
      this.shards.all.map(async (names) => {
        let from = Number.MAX_SAFE_INTEGER;
        for (let read = 0; ; ) {
          const answer = await this.part(names, {}, from, SHAPE_PART);
          for (let n = 0; n < answer.length; n += 2) {
            from = integer('position', String(bytesOf(answer[n]))) - 1;
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

  /**
   * Hands the oldest events of each shard to `sink` and forgets them once it has resolved: at least once each, so that
   * their ids tell repeats. Returns how many; 0: there were none. Rejects with what `sink` threw.
   */
  async drain(sink: EventSink, limit: number): Promise<number> {
    let drained = 0;
    for (const names of this.shards.all) {
      const entries = listOf(await this.connection.call('xrange', names.events, '-', '+', 'COUNT', limit));
      if (entries.length === 0) continue;
      const events = entries.map((entry) => {
        const [id, fields] = listOf(entry);
        const position = String(bytesOf(id)).split('-', 1)[0] ?? '';
        return { position, event: decodeEvent(bytesOf(listOf(fields)[1])) };
      });
      await sink(events.map(({ event }) => event));
      const args = events.flatMap(({ position, event }) => {
        const trail = trailsOf(event).map((kind) =>
          Buffer.concat([kind, Buffer.from(position.padStart(DIGITS, '0'))]),
        );
        return [position, trail.length, ...trail];
      });
      await this.connection.run(FORGET, [names.events, names.trail], args);
      drained += events.length;
    }
    return drained;
  }

  /** The first events of the page that this shard has. */
  private async listIn(
    names: ShardNames,
    shard: number,
    query: EventQuery,
    before: Before | null,
  ): Promise<Placed[]> {
    const found: Placed[] = [];
    // Where the page before ended: later shards have already shown what they have of that very moment.
    let from = before
      ? shard < before.shard
        ? before.position
        : before.position - 1
      : Number.MAX_SAFE_INTEGER;
    const count = Math.min(MAX_PART, query.limit + 1);
    for (;;) {
      const answer = await this.part(names, query, from, count);
      for (let n = 0; n < answer.length; n += 2) {
        from = integer('position', String(bytesOf(answer[n]))) - 1;
        if (answer[n + 1] === null) continue;
        const event = decodeEvent(bytesOf(answer[n + 1]));
        if (matchesEvent(query, event)) found.push({ position: from + 1, shard, event });
      }
      if (answer.length < 2 * count || found.length > query.limit) return found;
    }
  }

  private async part(
    names: ShardNames,
    query: Pick<EventQuery, 'account' | 'address' | 'type'>,
    from: number,
    count: number,
  ): Promise<readonly unknown[]> {
    const [trail] = trailsAsked(query);
    const position = String(from).padStart(DIGITS, '0');
    const args: RedisArgument[] = trail
      ? [
          Buffer.concat([Buffer.from('['), trail, Buffer.from(position)]),
          Buffer.concat([Buffer.from('['), trail]),
          count,
        ]
      : [String(from), count];
    return listOf(
      trail
        ? await this.connection.run(TRAIL, [names.events, names.trail], args)
        : await this.connection.run(EVENTS, [names.events], args),
    );
  }
}

/** What an event's entries in the trail begin with; see `record-scripts.ts`. */
function trailsOf({ event, facts }: RecordedEvent): Buffer[] {
  return trailsAsked({
    type: event.type,
    ...(facts.accountHash !== null && { account: facts.accountHash }),
    ...(facts.addressHash !== null && { address: facts.addressHash }),
  });
}

/** The narrowest first. */
function trailsAsked({ account, address, type }: Pick<EventQuery, 'account' | 'address' | 'type'>): Buffer[] {
  return [
    ...(account === undefined ? [] : [Buffer.concat([Buffer.from('a'), subjectBytes(account)])]),
    ...(address === undefined ? [] : [Buffer.concat([Buffer.from('d'), subjectBytes(address)])]),
    ...(type === undefined ? [] : [Buffer.from(`t${type}\0`)]),
  ];
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
