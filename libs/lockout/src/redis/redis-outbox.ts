import { recordedOf } from '../store/audit-entry.js';
import type { AuditEntry } from '../store/audit-log.js';
import { fromHex } from '../store/codec.js';
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
import { checkedClaim, deliveryToken, wholeMs } from '../store/outbox-row.js';
import { StoreError } from '../store/store-error.js';
import { type DeliveryPlace, deliveryId, deliveryPlace, encodeProblem, isDead } from './delivery-row.js';
import { OutboxList } from './outbox-list.js';
import { CHANGE_DEAD, CLAIM, LOOK_FOR_DUE, SETTLE } from './outbox-scripts.js';
import { type ClaimAnswer, type ClaimedPlace, claimedIn, oldestFirst, sharesOf } from './placed-delivery.js';
import { listOf } from './redis-answer.js';
import { markerOf, type RedisChanges } from './redis-changes.js';
import type { RedisArgument, RedisConnection } from './redis-connection.js';
import type { RedisScript } from './redis-script.js';
import { namesOf, type Shards } from './shards.js';

/** Most deliveries that one call claims. */
const MAX_CLAIM = 1_000;

const PARTS = ['deliveries', 'undelivered', 'outbox'] as const;

/**
 * What is still to be delivered: in each shard what its own swaps recorded, and beside the policies what belongs to no
 * record. So a lane is in order within its shard: always the events of one record; those of an account or address where
 * all of its records are in one shard.
 */
export class RedisOutbox implements Outbox {
  private readonly list: OutboxList;

  constructor(
    private readonly connection: RedisConnection,
    private readonly shards: Shards,
    private readonly changes: RedisChanges,
    private readonly clock: (() => number) | undefined,
  ) {
    this.list = new OutboxList(connection, shards);
  }

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
        this.readable(claimedIn(shard, await this.run(CLAIM, shard, argumentsFor(share))), claim.token),
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

  deliveries(query: DeliveryQuery): Promise<Page<StoredDelivery>> {
    return this.list.deliveries(query);
  }

  retryDeliveries(ids: readonly string[], entry: AuditEntry): Promise<number> {
    return this.change('retry', ids, entry);
  }

  dropDeliveries(ids: readonly string[], entry: AuditEntry): Promise<number> {
    return this.change('drop', ids, entry);
  }

  outboxState(): Promise<readonly SinkState[]> {
    return this.list.state();
  }

  /**
   * Those that can be delivered. What cannot be read can be delivered to nobody, and holds nobody up: it is buried, and
   * goes where its event is gone. Never rejects: where that fails it is claimed again when the lease is over.
   */
  private async readable(claimed: readonly ClaimAnswer[], token: string): Promise<ClaimedPlace[]> {
    const found: ClaimedPlace[] = [];
    const others: Promise<boolean>[] = [];
    for (const { delivery, ...place } of claimed) {
      if (delivery === null) {
        others.push(this.finishDelivery(deliveryId(place), token));
      } else if (delivery instanceof StoreError) {
        const problem = `The event cannot be read: ${delivery.message}`;
        others.push(this.buryDelivery(deliveryId(place), token, problem));
      } else found.push({ ...place, delivery });
    }
    await Promise.allSettled(others);
    return found;
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
