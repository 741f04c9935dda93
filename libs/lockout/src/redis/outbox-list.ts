import { integer } from '../store/codec.js';
import type { Page } from '../store/directory.js';
import type { DeliveryQuery, SinkState, StoredDelivery } from '../store/outbox.js';
import { counted, sinkName } from '../store/outbox-row.js';
import { limitOf } from '../store/page.js';
import { type DeliveryPlace, decodeCopy } from './delivery-row.js';
import { MICROSECONDS, positionText } from './event-trail.js';
import { mergedPage, type ShardPart } from './merged-page.js';
import { LIST_DELIVERIES, OUTBOX_STATE } from './outbox-scripts.js';
import {
  ANSWERED,
  cursorOf,
  deliveriesIn,
  isReadable,
  oldestFirst,
  type PlacedDelivery,
  placeOf,
} from './placed-delivery.js';
import { bytesOf, listOf } from './redis-answer.js';
import type { RedisArgument, RedisConnection } from './redis-connection.js';
import type { RedisScript } from './redis-script.js';
import { namesOf, type ShardNames, type Shards } from './shards.js';

/** Most deliveries that one script reads. */
const MAX_PART = 128;
/** Deliveries that are looked at for one page of those of some realms, over all shards; the next page goes on. */
const MAX_LOOKED_AT = 8_192;
/** Values that a script answers of each sink. */
const COUNTED = 5;

const PARTS = ['deliveries', 'undelivered', 'outbox'] as const;

/** Sorts after every sink. */
const LAST_SINK = '~';

/** A sink's sum over the shards so far. `first`: the position of the first that waits, or nothing. */
interface Sum {
  waiting: number;
  dead: number;
  first: string;
  oldestAt: number | null;
}

/** What is still to be delivered, as operators ask for it. What this release cannot read is counted, and not listed. */
export class OutboxList {
  constructor(
    private readonly connection: RedisConnection,
    private readonly shards: Shards,
  ) {}

  /** See `Outbox.deliveries`. */
  async deliveries(query: DeliveryQuery): Promise<Page<StoredDelivery>> {
    const limit = limitOf(query.limit);
    const after = query.cursor === undefined ? null : placeOf(query.cursor);
    if (query.realms?.length === 0) return { items: [], nextCursor: null };
    const parts = await Promise.all(
      this.shards.withEvents.map((names, shard) => this.listIn(names, shard, query, after)),
    );
    return mergedPage(parts, limit, oldestFirst, ({ delivery }) => delivery, cursorOf);
  }

  /** See `Outbox.outboxState`. */
  async state(): Promise<readonly SinkState[]> {
    const sums = new Map<string, Sum>();
    const answers = await Promise.all(
      this.shards.withEvents.map((names) => this.run(OUTBOX_STATE, names, [])),
    );
    for (const answer of answers) {
      for (let n = 0; n < answer.length; n += COUNTED) {
        const sink = String(bytesOf(answer[n]));
        const sum = sums.get(sink) ?? { waiting: 0, dead: 0, first: '', oldestAt: null };
        sum.waiting += integer('waiting', answer[n + 1]);
        sum.dead += integer('dead', answer[n + 2]);
        const first = answer[n + 3] === null ? '' : String(bytesOf(answer[n + 3]));
        if (first !== '' && (sum.first === '' || first < sum.first)) {
          sum.first = first;
          sum.oldestAt = happenedAt(first, answer[n + 4]);
        }
        sums.set(sink, sum);
      }
    }
    return [...sums]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([sink, { waiting, dead, oldestAt }]) => ({
        sink,
        waiting: counted(waiting),
        dead: counted(dead),
        oldestAt,
      }));
  }

  /** The first deliveries of the page that a shard has. */
  private async listIn(
    names: ShardNames,
    shard: number,
    { state, sink, realms, limit }: DeliveryQuery,
    after: DeliveryPlace | null,
  ): Promise<ShardPart<PlacedDelivery, DeliveryPlace>> {
    const found: PlacedDelivery[] = [];
    const most = Math.max(limit + 1, Math.ceil(MAX_LOOKED_AT / this.shards.withEvents.length));
    // Where the page before ended: earlier shards have already shown what they have of that very moment.
    let position = after?.position ?? positionText(0);
    let last = !after || shard > after.shard ? '' : shard < after.shard ? LAST_SINK : after.sink;
    for (let looked = 0; ; ) {
      const count = looked === 0 ? Math.min(MAX_PART, limit + 1) : MAX_PART;
      const args = [
        state === 'dead' ? 'd' : 'w',
        position,
        last,
        count,
        sink === undefined ? '' : sinkName(sink),
      ];
      const answer = await this.run(LIST_DELIVERIES, names, args);
      for (const placed of deliveriesIn(shard, answer)) {
        ({ position, sink: last } = placed);
        if (isReadable(placed) && (realms?.includes(placed.delivery.event.facts.realm) ?? true))
          found.push(placed);
      }
      if (answer.length < ANSWERED * count || found.length > limit) return { found, stoppedAt: null };
      looked += count;
      if (looked >= most) return { found, stoppedAt: { shard, position, sink: last } };
    }
  }

  private async run(
    script: RedisScript,
    names: ShardNames,
    args: readonly RedisArgument[],
  ): Promise<readonly unknown[]> {
    return listOf(await this.connection.run(script, namesOf([names], PARTS), args));
  }
}

/** When an event happened; of one that cannot be read, when it was recorded: hardly later. */
function happenedAt(position: string, copy: unknown): number {
  try {
    return decodeCopy(bytesOf(copy)).event.at;
  } catch {
    return Math.floor(Number(position) / MICROSECONDS);
  }
}
