import type { RecordedEvent } from '../store/audit-log.js';
import { integer } from '../store/codec.js';
import { limitOf } from '../store/page.js';
import { decodeEvent } from './event-row.js';
import { FORGET, LATE, LATE_MS, OLDEST } from './event-scripts.js';
import {
  allTrailsOf,
  lateTrail,
  MICROSECONDS,
  positionOf,
  positionText,
  trailEntries,
} from './event-trail.js';
import { bytesOf, listOf } from './redis-answer.js';
import type { RedisArgument, RedisConnection } from './redis-connection.js';
import { namesOf, type ShardNames, type Shards } from './shards.js';

/** Most events that one script reads or forgets, and the fewest that are worth one. */
const MAX_PART = 128;
const MIN_PART = 16;
/** Values that a script answers of each event. */
const ANSWERED = 3;

const READ_PARTS = ['events', 'trail', 'rows', 'undelivered'] as const;
const FORGET_PARTS = ['events', 'trail', 'rows', 'changes'] as const;

/** Takes events away from the store. What it resolves for is taken; what it rejects is offered again. */
export type EventSink = (events: readonly RecordedEvent[]) => Promise<void>;

/** An event that may go. */
interface Old {
  readonly names: ShardNames;
  readonly position: string;
  readonly at: number;
  /** Null: it has gone, but for an entry of the trail. */
  readonly event: RecordedEvent | null;
}

/** How events leave the record. None does that is still to be delivered to a sink, or that could not be. */
export class EventRetention {
  constructor(
    private readonly connection: RedisConnection,
    private readonly shards: Shards,
    /** The time of events is not the server's, as positions are: for tests. */
    private readonly hasOwnClock: boolean,
  ) {}

  /**
   * Hands the oldest events of each shard to `sink` and forgets them once it has resolved: at least once each, so that
   * their ids tell repeats. Returns how many; 0: there were none. Rejects with what `sink` threw.
   */
  async drain(sink: EventSink, limit: number): Promise<number> {
    const most = limitOf(limit);
    let drained = 0;
    for (const names of this.shards.withEvents) {
      const found: Old[] = [];
      for await (const old of this.recorded(names, Math.min(most, MAX_PART))) {
        found.push(old);
        if (found.length === most) break;
      }
      if (found.length === 0) continue;
      await sink(found.flatMap(({ event }) => event ?? []));
      await this.forget(found);
      drained += found.length;
    }
    return drained;
  }

  /** See `AuditLog.dropEvents`. */
  async drop(before: number, limit: number): Promise<number> {
    const most = limitOf(limit);
    for (let dropped = 0; ; ) {
      const found = await this.oldestBefore(before, most - dropped);
      // Of what others drop at the same moment, each is counted by one.
      dropped += await this.forget(found);
      if (found.length === 0 || dropped >= most) return dropped;
    }
  }

  /** The oldest of all shards, merged by when they happened. */
  private async oldestBefore(before: number, count: number): Promise<Old[]> {
    const part = Math.ceil(count / this.shards.withEvents.length);
    const walks = this.shards.withEvents.map((names) =>
      this.before(names, before, Math.min(MAX_PART, Math.max(MIN_PART, part))),
    );
    const heads = await Promise.all(walks.map(async (walk) => ({ walk, head: await walk.next() })));
    const found: Old[] = [];
    while (found.length < count) {
      let first: { walk: AsyncGenerator<Old>; head: IteratorResult<Old> } | undefined;
      for (const one of heads) {
        if (!one.head.done && (!first || one.head.value.at < first.head.value.at)) first = one;
      }
      if (!first) break;
      found.push(first.head.value);
      first.head = await first.walk.next();
    }
    return found;
  }

  /** What one shard has of before then: what was recorded late by when it happened, then by when it was recorded. */
  private async *before(names: ShardNames, before: number, part: number): AsyncGenerator<Old> {
    const late = new Set<string>();
    for await (const old of this.late(names, before, part)) {
      late.add(old.position);
      yield old;
    }
    for await (const old of this.recorded(names, part)) {
      const recordedAt = Number(old.position) / MICROSECONDS;
      if (recordedAt - LATE_MS > before && !this.hasOwnClock) return;
      if (old.at < before && !late.has(old.position)) yield old;
    }
  }

  private async *late(names: ShardNames, before: number, part: number): AsyncGenerator<Old> {
    const to = Buffer.concat([Buffer.from('('), lateTrail(Math.max(0, Math.ceil(before)))]);
    for (let from = Buffer.from('[o'); ; ) {
      const answer = await this.read(LATE, names, [from, to, part]);
      for (let n = 0; n < answer.length; n += ANSWERED) {
        const entry = bytesOf(answer[n]);
        const old = oldOf(
          names,
          entry.subarray(17).toString(),
          Number(String(entry.subarray(1, 17))),
          answer[n + 1],
        );
        if (answer[n + 2] === 0) yield old;
        from = Buffer.concat([Buffer.from('('), entry]);
      }
      if (answer.length < ANSWERED * part) return;
    }
  }

  /** Oldest first. */
  private async *recorded(names: ShardNames, part: number): AsyncGenerator<Old> {
    for (let from = 0; ; ) {
      const answer = await this.read(OLDEST, names, [positionText(from), part]);
      for (let n = 0; n < answer.length; n += ANSWERED) {
        from = positionOf(answer[n]) + 1;
        if (answer[n + 2] === 0) yield oldOf(names, positionText(from - 1), 0, answer[n + 1]);
      }
      if (answer.length < ANSWERED * part) return;
    }
  }

  private async read(
    script: typeof OLDEST,
    names: ShardNames,
    args: readonly RedisArgument[],
  ): Promise<readonly unknown[]> {
    return listOf(await this.connection.run(script, namesOf([names], READ_PARTS), args));
  }

  /** Resolves how many there still were. */
  private async forget(found: readonly Old[]): Promise<number> {
    let forgotten = 0;
    for (const names of new Set(found.map((old) => old.names))) {
      const here = found.filter((old) => old.names === names);
      for (let start = 0; start < here.length; start += MAX_PART) {
        const args = here
          .slice(start, start + MAX_PART)
          .flatMap(({ position, at, event }): RedisArgument[] => {
            const trail = trailEntries(event ? allTrailsOf(event) : [lateTrail(at)], position);
            return [position, Buffer.from(event?.id ?? '', 'hex'), trail.length, ...trail];
          });
        const answer = await this.connection.run(FORGET, namesOf([names], FORGET_PARTS), args);
        forgotten += integer('count', answer);
      }
    }
    return forgotten;
  }
}

function oldOf(names: ShardNames, position: string, at: number, row: unknown): Old {
  const event = row === null ? null : decodeEvent(bytesOf(row));
  return { names, position, at: event?.event.at ?? at, event };
}
