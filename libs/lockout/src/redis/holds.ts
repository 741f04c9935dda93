import type { LockoutKey } from '../key/key.js';
import { fromHex } from '../store/codec.js';
import type { Loaded, Swap } from '../store/record.js';
import { monotonic, random } from './clock.js';
import { HOLD, RELEASE } from './record-scripts.js';
import { allOf, clockOf, listOf } from './redis-answer.js';
import type { RedisArgument, RedisConnection } from './redis-connection.js';
import { namesOf, type ShardGroup, type Shards } from './shards.js';
import { recordsOf } from './stored-record.js';

/** What a hold is taken for. */
interface Wanted {
  readonly key: LockoutKey;
  /** The version that has to stand there, null: none; undefined: whatever does. */
  readonly expected?: string | null;
}

interface Held extends Loaded {
  readonly lost: readonly LockoutKey[];
}

/** Longest pause before keys that somebody else holds are asked for again, ms; drawn evenly below it. */
const MAX_PAUSE_MS = 10;

/**
 * Keys held against other writers for a moment. A hold is a favour, not a guarantee: the version still decides every swap,
 * so one that is lost in a failover lets a swap lose, and never two win. It ends by itself after a statement's time limit.
 */
export class Holds {
  constructor(
    private readonly connection: RedisConnection,
    private readonly shards: Shards,
    private readonly settings: {
      readonly clock: (() => number) | undefined;
      readonly statementTimeoutMs: number;
    },
  ) {}

  /** Holds all of the keys as soon as nobody else does, with what stands there; null: not within the time limit. */
  async take(token: Buffer, keys: readonly LockoutKey[]): Promise<Loaded | null> {
    const groups = this.shards.groups(
      keys.map((key): Wanted => ({ key })),
      ({ key }) => key,
    );
    const deadline = monotonic() + this.settings.statementTimeoutMs;
    for (;;) {
      let held: Loaded | null = null;
      try {
        held = await this.takeAll(token, groups);
      } finally {
        // Nobody waits with anything in hand.
        if (!held) await this.release(token, keys);
      }
      if (held) return held;
      if (monotonic() >= deadline) return null;
      const pause = random() * MAX_PAUSE_MS;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  /** Holds all of the swaps' keys if each has the version expected, and answers those that do not. */
  async check(token: Buffer, swaps: readonly Swap[], now: number | null): Promise<ReadonlySet<LockoutKey>> {
    const groups = this.shards.groups<Wanted>(swaps, ({ key }) => key);
    const held = await allOf(groups.map((group) => this.hold(token, group, now)));
    return new Set(held.flatMap(({ lost }) => lost));
  }

  /** Never rejects: what cannot be released runs out. */
  async release(token: Buffer, keys: readonly LockoutKey[]): Promise<void> {
    const groups = this.shards.groups(keys, (key) => key);
    await Promise.allSettled(
      groups.map(({ shards, members }) =>
        this.connection.run(RELEASE, namesOf(shards, ['holds']), [
          token,
          ...members.flatMap(({ item, place }) => [place, fromHex(item)]),
        ]),
      ),
    );
  }

  private async takeAll(token: Buffer, groups: readonly ShardGroup<Wanted>[]): Promise<Loaded | null> {
    const held: Held[] = [];
    // One after the other, and always in the same order: who is first at the first shard is first everywhere.
    for (const group of groups) {
      const part = await this.hold(token, group, null);
      if (part.lost.length > 0) return null;
      held.push(part);
    }
    const { clock } = this.settings;
    return {
      now: clock ? clock() : Math.min(...held.map(({ now }) => now)),
      records: new Map(held.flatMap(({ records }) => [...records])),
    };
  }

  private async hold(
    token: Buffer,
    { shards, members }: ShardGroup<Wanted>,
    now: number | null,
  ): Promise<Held> {
    const compares = members.some(({ item }) => item.expected !== undefined);
    const args: RedisArgument[] = [
      now ?? '',
      token,
      this.settings.statementTimeoutMs,
      compares ? 'versions' : '',
      ...members.flatMap(({ item, place }) => [place, fromHex(item.key), fromHex(item.expected ?? '')]),
    ];
    const [seconds, microseconds, lost, values] = listOf(
      await this.connection.run(HOLD, namesOf(shards, ['records', 'holds']), args),
    );
    const keys = members.map(({ item }) => item.key);
    return {
      now: clockOf(seconds, microseconds),
      records: recordsOf(keys, listOf(values)),
      lost: listOf(lost).flatMap((number) => keys[Number(number) - 1] ?? []),
    };
  }
}
