import type { RecordedEvent } from '../store/audit-log.js';
import { integer } from '../store/codec.js';
import { limitOf } from '../store/page.js';
import { FORGET } from './event-scripts.js';
import { allTrailsOf, IN_ROWS, lateTrail, trailEntries } from './event-trail.js';
import { type LookBudget, type OldEvent, OldEvents, READ_COST } from './old-events.js';
import type { RedisArgument, RedisConnection } from './redis-connection.js';
import { namesOf, type Shards } from './shards.js';

/** Most events that one script answers or forgets, and the fewest that are worth one. */
const MAX_PART = 128;
const MIN_PART = 16;
/** Events that are passed over to drop some, over all shards: so long a call takes, however much may not go yet. */
const MAX_LOOKED_AT = 100_000;

const FORGET_PARTS = ['events', 'trail', 'rows', 'changes'] as const;

/** Takes events away from the store. What it resolves for is taken; what it rejects is offered again. */
export type EventSink = (events: readonly RecordedEvent[]) => Promise<void>;

/** How events leave the record. None does that is still to be delivered to a sink, or that could not be. */
export class EventRetention {
  private readonly old: readonly OldEvents[];

  /** @param hasOwnClock The time of events is not the server's, as positions are: for tests. */
  constructor(
    private readonly connection: RedisConnection,
    shards: Shards,
    hasOwnClock: boolean,
  ) {
    this.old = shards.withEvents.map((names) => new OldEvents(connection, names, hasOwnClock));
  }

  /**
   * Hands the oldest events of each shard to `sink` and forgets them once it has resolved: at least once each, so that
   * their ids tell repeats. Returns how many; 0: there were none. Rejects with what `sink` threw.
   */
  async drain(sink: EventSink, limit: number): Promise<number> {
    const most = limitOf(limit);
    let drained = 0;
    for (const shard of this.old) {
      const found: OldEvent[] = [];
      for await (const event of shard.all(Math.min(most, MAX_PART))) {
        found.push(event);
        if (found.length === most) break;
      }
      if (found.length === 0) continue;
      await sink(found.flatMap(({ event }) => event ?? []));
      await this.forget(found);
      drained += found.length;
    }
    return drained;
  }

  /**
   * See `AuditLog.dropEvents`. Where very much may not go yet it drops what it finds among some of it, and the next call
   * goes on from there.
   */
  async drop(before: number, limit: number): Promise<number> {
    const most = limitOf(limit);
    const budget = { left: MAX_LOOKED_AT + READ_COST * most };
    for (let dropped = 0; ; ) {
      const wanted = most - dropped;
      const found = await this.oldestBefore(before, wanted, budget);
      // Of what others drop at the same moment, each is counted by one.
      dropped += await this.forget(found);
      if (found.length < wanted || dropped >= most) return dropped;
    }
  }

  /** The oldest of all shards, merged by when they happened. */
  private async oldestBefore(before: number, count: number, budget: LookBudget): Promise<OldEvent[]> {
    const part = Math.min(MAX_PART, Math.max(MIN_PART, Math.ceil(count / this.old.length)));
    const walks = this.old.map((shard) => shard.before(before, part, budget));
    const heads = await Promise.all(walks.map(async (walk) => ({ walk, head: await walk.next() })));
    const found: OldEvent[] = [];
    for (;;) {
      let first: { walk: AsyncGenerator<OldEvent>; head: IteratorResult<OldEvent> } | undefined;
      for (const one of heads) {
        if (!one.head.done && (!first || one.head.value.at < first.head.value.at)) first = one;
      }
      if (!first) return found;
      found.push(first.head.value);
      if (found.length === count) return found;
      first.head = await first.walk.next();
    }
  }

  /** Resolves how many there still were. */
  private async forget(found: readonly OldEvent[]): Promise<number> {
    let forgotten = 0;
    for (const names of new Set(found.map((old) => old.names))) {
      const here = found.filter((old) => old.names === names);
      for (let start = 0; start < here.length; start += MAX_PART) {
        const args = here
          .slice(start, start + MAX_PART)
          .flatMap(({ position, at, event }): RedisArgument[] => {
            const trail = trailEntries(event ? allTrailsOf(event) : [IN_ROWS, lateTrail(at)], position);
            return [position, Buffer.from(event?.id ?? '', 'hex'), trail.length, ...trail];
          });
        const answer = await this.connection.run(FORGET, namesOf([names], FORGET_PARTS), args);
        forgotten += integer('count', answer);
      }
    }
    return forgotten;
  }
}
