import { recordedOf } from '../store/audit-entry.js';
import type { AuditEntry } from '../store/audit-log.js';
import { fromHex, integer } from '../store/codec.js';
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
import { checkedClaim, counted, deliveryToken, sinkName, wholeMs } from '../store/outbox-row.js';
import { limitOf, pageOf } from '../store/page.js';
import { StoreError } from '../store/store-error.js';
import { type DeliveryPlace, decodeCopy, deliveryPlace, encodeProblem, isDead } from './delivery-row.js';
import { positionText } from './event-trail.js';
import { CHANGE_DEAD, CLAIM, LIST_DELIVERIES, LOOK_FOR_DUE, OUTBOX_STATE, SETTLE } from './outbox-scripts.js';
import {
  ANSWERED,
  claimedIn,
  cursorOf,
  deliveriesIn,
  oldestFirst,
  type PlacedDelivery,
  placeOf,
  sharesOf,
} from './placed-delivery.js';
import { bytesOf, listOf } from './redis-answer.js';
import { markerOf, type RedisChanges } from './redis-changes.js';
import type { RedisArgument, RedisConnection } from './redis-connection.js';
import type { RedisScript } from './redis-script.js';
import { namesOf, type Shards } from './shards.js';

/** Most deliveries that one script reads, and that one call claims. */
const MAX_PART = 128;
const MAX_CLAIM = 1_000;
/** Values that a script answers of each sink. */
const COUNTED = 5;

const PARTS = ['deliveries', 'undelivered', 'outbox'] as const;

/** Sorts after every sink. */
const LAST_SINK = '~';

/**
 * What is still to be delivered: in each shard what its own swaps recorded, and beside the policies what belongs to no
 * record. So a lane is in order within its shard: always the events of one record; those of an account or address where
 * all of its records are in one shard.
 */
export class RedisOutbox implements Outbox {
  constructor(
    private readonly connection: RedisConnection,
    private readonly shards: Shards,
    private readonly changes: RedisChanges,
    private readonly clock: (() => number) | undefined,
  ) {}

  async claimDeliveries(claim: DeliveryClaim): Promise<readonly ClaimedDelivery[]> {
    const { sinks, tokenBytes, leaseMs, limit } = checkedClaim(claim);
    if (sinks.length === 0) return [];
    const most = Math.min(limit, MAX_CLAIM);
    const argumentsFor = (count: number): RedisArgument[] => [
      this.clock?.() ?? '',
      count,
      tokenBytes,
      leaseMs,
      ...sinks,
    ];
    const due = await whatAnswers(
      this.shards.looks().map(async (shards) => {
        const names = shards.map((shard) => this.shards.withEvents[shard]?.outbox ?? '');
        const answer = listOf(await this.connection.run(LOOK_FOR_DUE, names, argumentsFor(most)));
        return shards.map((shard, n) => ({ shard, due: listOf(answer[n]) }));
      }),
    );
    const claimed = await whatAnswers(
      [...sharesOf(due.flat(), most)].map(async ([shard, share]) =>
        claimedIn(shard, await this.run(CLAIM, shard, argumentsFor(share))),
      ),
    );
    return claimed
      .flat()
      .sort((a, b) => a.due - b.due || oldestFirst(a, b))
      .map(({ delivery, now }) => ({ ...delivery, now }));
  }

  finishDelivery(id: string, token: string): Promise<boolean> {
    return this.settle('finish', id, token, []);
  }

  async deferDelivery(id: string, token: string, later: DeliveryDeferral): Promise<boolean> {
    const inMs = wholeMs('inMs', later.inMs, 0);
    return this.settle('defer', id, token, [inMs, encodeProblem(later.problem), later.keepTries ? -1 : 0]);
  }

  buryDelivery(id: string, token: string, problem: string): Promise<boolean> {
    return this.settle('bury', id, token, [0, encodeProblem(problem)]);
  }

  async deliveries(query: DeliveryQuery): Promise<Page<StoredDelivery>> {
    const limit = limitOf(query.limit);
    const after = query.cursor === undefined ? null : placeOf(query.cursor);
    const parts = await Promise.all(
      this.shards.withEvents.map((_, shard) => this.listIn(shard, { ...query, limit }, after)),
    );
    const found = parts.flat().sort(oldestFirst);
    return pageOf(found, limit, ({ delivery }) => delivery, cursorOf);
  }

  retryDeliveries(ids: readonly string[], entry: AuditEntry): Promise<number> {
    return this.change('retry', ids, entry);
  }

  dropDeliveries(ids: readonly string[], entry: AuditEntry): Promise<number> {
    return this.change('drop', ids, entry);
  }

  async outboxState(): Promise<readonly SinkState[]> {
    const sums = new Map<string, { waiting: number; dead: number; first: string; oldestAt: number | null }>();
    const answers = await Promise.all(
      this.shards.withEvents.map((_, shard) => this.run(OUTBOX_STATE, shard, [])),
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
          sum.oldestAt = decodeCopy(bytesOf(answer[n + 4])).event.at;
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

  private async settle(
    what: 'finish' | 'defer' | 'bury',
    id: string,
    token: string,
    rest: readonly RedisArgument[],
  ): Promise<boolean> {
    const tokenBytes = deliveryToken(token);
    const place = this.placeOf(id);
    if (!place) return false;
    const { shard, position, sink } = place;
    const args = [this.clock?.() ?? '', what, position, sink, tokenBytes, ...rest];
    return (await this.connection.run(SETTLE, this.namesOf(shard), args)) === 1;
  }

  /** Dead letters of any number of shards; see `entry-scripts.ts`. */
  private async change(what: 'retry' | 'drop', ids: readonly string[], entry: AuditEntry): Promise<number> {
    recordedOf(entry, 0);
    const before = await this.changes.before(fromHex(entry.id));
    if (before?.isWhole) return before.count;
    const dead = await this.deadOf([...new Set(ids)].flatMap((id) => this.placeOf(id) ?? []));
    const count = [...dead.values()].reduce((sum, places) => sum + places.length, 0);
    if (count === 0 && !before) return 0;
    const change = await this.changes.begin(entry, count);
    for (const [shard, places] of dead) {
      const args = places.flatMap(({ position, sink }) => [position, sink]);
      const names = [...this.namesOf(shard), this.shards.withEvents[shard]?.changes ?? ''];
      await this.connection.run(CHANGE_DEAD, names, [this.clock?.() ?? '', what, markerOf(change), ...args]);
    }
    return this.changes.count(change, true);
  }

  /** Those of some deliveries that are dead, by shard. */
  private async deadOf(places: readonly DeliveryPlace[]): Promise<ReadonlyMap<number, DeliveryPlace[]>> {
    const byShard = new Map<number, DeliveryPlace[]>();
    for (const shard of new Set(places.map((place) => place.shard))) {
      const here = places.filter((place) => place.shard === shard);
      const [deliveries = ''] = this.namesOf(shard);
      const fields = here.map(({ position, sink }) => position + sink);
      const rows = listOf(await this.connection.call('hmget', deliveries, ...fields));
      const dead = here.filter((_, n) => isDead(rows[n] ?? null));
      if (dead.length > 0) byShard.set(shard, dead);
    }
    return byShard;
  }

  /** The first deliveries of the page that a shard has. */
  private async listIn(
    shard: number,
    { state, sink, realms, limit }: DeliveryQuery,
    after: DeliveryPlace | null,
  ): Promise<PlacedDelivery[]> {
    const found: PlacedDelivery[] = [];
    const count = Math.min(MAX_PART, limit + 1);
    // Where the page before ended: earlier shards have already shown what they have of that very moment.
    let position = after?.position ?? positionText(0);
    let last = !after || shard > after.shard ? '' : shard < after.shard ? LAST_SINK : after.sink;
    for (;;) {
      const args = [
        state === 'dead' ? 'd' : 'w',
        position,
        last,
        count,
        sink === undefined ? '' : sinkName(sink),
      ];
      const answer = await this.run(LIST_DELIVERIES, shard, args);
      for (const placed of deliveriesIn(shard, answer)) {
        ({ position, sink: last } = placed);
        if (realms?.includes(placed.delivery.event.facts.realm) ?? true) found.push(placed);
      }
      if (answer.length < ANSWERED * count || found.length > limit) return found;
    }
  }

  private async run(
    script: RedisScript,
    shard: number,
    args: readonly RedisArgument[],
  ): Promise<readonly unknown[]> {
    return listOf(await this.connection.run(script, this.namesOf(shard), args));
  }

  private namesOf(shard: number): string[] {
    const names = this.shards.withEvents[shard];
    if (!names) throw new RangeError(`There is no shard ${shard}`);
    return namesOf([names], PARTS);
  }

  private placeOf(id: string): DeliveryPlace | null {
    const place = deliveryPlace(id);
    return place && place.shard < this.shards.withEvents.length ? place : null;
  }
}

/**
 * What those parts answer that do. A server that does not holds up no delivery of the others, and what was claimed there
 * has to be heard of. Rejects where none does.
 */
async function whatAnswers<T>(parts: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(parts);
  const answers = settled.flatMap((part) => (part.status === 'fulfilled' ? [part.value] : []));
  const failed = settled.find((part) => part.status === 'rejected');
  if (answers.length === 0 && failed) throw StoreError.from(failed.reason);
  return answers;
}
