import { randomBytes } from 'node:crypto';
import type { LockoutKey } from '../key/key.js';
import { CLOCK_TOLERANCE_MS } from '../store/clock-tolerance.js';
import { fromHex } from '../store/codec.js';
import type { LockoutStore, SwapOptions } from '../store/lockout-store.js';
import { laneOf } from '../store/outbox-lane.js';
import type { Loaded, Swap } from '../store/record.js';
import { StoreError } from '../store/store-error.js';
import { sinkList } from './delivery-row.js';
import { encodeEvent } from './event-row.js';
import { Holds } from './holds.js';
import { LOAD, SWAP } from './record-scripts.js';
import { allOf, clockOf, listOf } from './redis-answer.js';
import type { RedisArgument, RedisConnection } from './redis-connection.js';
import { namesOf, type ShardGroup, type Shards, SWAP_PARTS } from './shards.js';
import { encodeStored, recordsOf, type StoredSwap } from './stored-record.js';

export interface RedisRecordsSettings {
  /** Replaces the server's clock, epoch ms: for tests. */
  readonly clock: (() => number) | undefined;
  /** How long one statement may take, and a hold may last, ms. */
  readonly statementTimeoutMs: number;
}

/** A swap as it is sent. Everything is encoded before anything is sent: what no record can hold stops the whole batch. */
interface Encoded {
  readonly swap: Swap;
  readonly stored: StoredSwap;
  readonly events: readonly EncodedEvent[];
}

interface EncodedEvent {
  readonly type: string;
  readonly at: number;
  readonly row: Buffer;
  readonly sinks: string;
}

/** `each`: won or lost one by one. `all`: one loss undoes all. `held`: only what the token still holds. */
type SwapMode = 'each' | 'all' | 'held';

const NO_TOKEN = Buffer.alloc(0);
const TOKEN_BYTES = 16;

/** The hot path: one script a batch, on a Cluster one script for each shard that the batch touches. */
export class RedisRecords implements LockoutStore {
  private readonly holds: Holds;

  constructor(
    private readonly connection: RedisConnection,
    private readonly shards: Shards,
    private readonly settings: RedisRecordsSettings,
  ) {
    this.holds = new Holds(connection, shards, settings);
  }

  async load(keys: readonly LockoutKey[]): Promise<Loaded> {
    const [first] = this.shards.all;
    const groups = this.shards.groups([...new Set(keys)], (key) => key);
    // Without keys the first shard's server tells the time, so that everybody asks the same one.
    const parts =
      groups.length > 0 || !first
        ? groups
        : [{ shards: [first], members: [] } satisfies ShardGroup<LockoutKey>];
    const loaded = await allOf(parts.map((part) => this.loadPart(part)));
    return {
      // Of several servers the one that is behind: a lock never ends early.
      now: this.settings.clock ? this.settings.clock() : Math.min(...loaded.map(({ now }) => now)),
      records: new Map(loaded.flatMap(({ records }) => [...records])),
    };
  }

  async compareAndSwap(
    swaps: readonly Swap[],
    { now, atomic = false }: SwapOptions,
  ): Promise<ReadonlySet<LockoutKey>> {
    const { clock } = this.settings;
    if (clock && Math.abs(clock() - now) > CLOCK_TOLERANCE_MS) return keysOf(swaps);
    const checkedNow = clock ? null : now;
    const groups = this.encode(swaps);
    if (atomic && groups.length > 1) return this.swapAcrossShards(groups, swaps, checkedNow);
    const lost = await allOf(
      groups.map((group) => this.swapPart(group, checkedNow, atomic ? 'all' : 'each', NO_TOKEN)),
    );
    return new Set(lost.flat());
  }

  async swapExclusively(
    keys: readonly LockoutKey[],
    decide: (loaded: Loaded) => readonly Swap[],
  ): Promise<ReadonlySet<LockoutKey>> {
    const token = randomBytes(TOKEN_BYTES);
    const loaded = await this.holds.take(token, keys);
    if (!loaded) return new Set(keys);
    try {
      const groups = this.encode(decide(loaded));
      const now = this.settings.clock ? null : loaded.now;
      // Whose hold ran out may still win on the version.
      return new Set((await allOf(groups.map((group) => this.swapPart(group, now, 'each', token)))).flat());
    } finally {
      await this.holds.release(token, keys);
    }
  }

  /**
   * Checks and holds every key, then writes shard by shard: no other writer comes in between, but a process that dies
   * there, or a server, leaves some shards written and others not. Then the outcome is unknown, and the caller looks.
   */
  private async swapAcrossShards(
    groups: readonly ShardGroup<Encoded>[],
    swaps: readonly Swap[],
    now: number | null,
  ): Promise<ReadonlySet<LockoutKey>> {
    const token = randomBytes(TOKEN_BYTES);
    try {
      const lost = await this.holds.check(token, swaps, now);
      if (lost.size > 0) return lost;
      const late = await allOf(groups.map((group) => this.swapPart(group, null, 'held', token)));
      const count = late.flat().length;
      if (count === 0) return new Set();
      if (count === swaps.length) return keysOf(swaps);
      throw new StoreError(
        'unreachable',
        `${count} of ${swaps.length} lockout records were not written in time`,
      );
    } finally {
      await this.holds.release(
        token,
        swaps.map(({ key }) => key),
      );
    }
  }

  private async loadPart({ shards, members }: ShardGroup<LockoutKey>): Promise<Loaded> {
    const keys: LockoutKey[] = [];
    const args: RedisArgument[] = [];
    for (const [place] of shards.entries()) {
      const those = members.filter((member) => member.place === place).map(({ item }) => item);
      args.push(those.length, ...those.map(fromHex));
      keys.push(...those);
    }
    const [seconds, microseconds, ...stored] = listOf(
      await this.connection.run(LOAD, namesOf(shards, ['records']), args),
    );
    return { now: clockOf(seconds, microseconds), records: recordsOf(keys, stored) };
  }

  private encode(swaps: readonly Swap[]): ShardGroup<Encoded>[] {
    const encoded = swaps.map((swap) => ({
      swap,
      stored: encodeStored(swap),
      events: swap.events.map((event, n) => ({
        type: event.type,
        at: event.at,
        row: encodeEvent(swap, event, n),
        sinks: sinkList(swap.deliverTo?.[n] ?? []),
      })),
    }));
    return this.shards.groups(encoded, ({ swap }) => swap.key);
  }

  private async swapPart(
    { shards, members }: ShardGroup<Encoded>,
    now: number | null,
    mode: SwapMode,
    token: Buffer,
  ): Promise<LockoutKey[]> {
    const args: RedisArgument[] = [now ?? '', mode, token, this.settings.clock?.() ?? ''];
    for (const { item, place } of members) {
      const { key, expected, value, until, since, keep } = item.stored;
      const lane = item.events.length > 0 ? fromHex(laneOf(item.swap.key, item.swap.facts)) : '';
      args.push(place, key, expected, value, until, since, keep, lane, item.events.length);
      for (const { type, at, row, sinks } of item.events) args.push(type, at, row, sinks);
    }
    const lost = listOf(await this.connection.run(SWAP, namesOf(shards, SWAP_PARTS), args));
    return lost.flatMap((number) => members[Number(number) - 1]?.item.swap.key ?? []);
  }
}

function keysOf(swaps: readonly Swap[]): ReadonlySet<LockoutKey> {
  return new Set(swaps.map(({ key }) => key));
}
