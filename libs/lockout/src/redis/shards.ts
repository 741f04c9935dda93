import type { LockoutKey } from '../key/key.js';

/** What one shard consists of, in the order in which scripts take the names. */
export interface ShardNames {
  /** Hash: key → record. */
  readonly records: string;
  /** Sorted sets of keys: by a lock's end, by its beginning, by the end of the record's use. */
  readonly until: string;
  readonly since: string;
  readonly keep: string;
  /** Sorted set: `a` or `d`, the beginning of the account's or address's hash, key. */
  readonly subjects: string;
  /** Stream: the recorded events. */
  readonly events: string;
  /** Sorted set: type, account or address of an event, and its position. */
  readonly trail: string;
  /** The latest event's position. */
  readonly position: string;
  /** Hash: key → who holds it and until when. */
  readonly holds: string;
  /** Hash: position and sink → where a delivery stands. */
  readonly deliveries: string;
  /** Hash: position → the sinks that an event is still to be delivered to, and the event. */
  readonly undelivered: string;
  /** Sorted set: deliveries by sink, by lane, and by when they are due. See `outbox-lua.ts`. */
  readonly outbox: string;
  /** Hash: position → event, of those that are not in the stream (any more). */
  readonly rows: string;
  /** Hash: what changes of administrators have done here so far. See `entry-scripts.ts`. */
  readonly changes: string;
}

const PARTS = [
  'records',
  'until',
  'since',
  'keep',
  'subjects',
  'events',
  'trail',
  'position',
  'holds',
  'deliveries',
  'undelivered',
  'outbox',
  'rows',
  'changes',
] as const satisfies readonly (keyof ShardNames)[];

/** What a swap may touch. */
export const SWAP_PARTS = PARTS.slice(0, PARTS.indexOf('rows'));

/** Items whose keys one script may touch. `place`: which of the group's shards an item is in, from 0. */
export interface ShardGroup<T> {
  readonly shards: readonly ShardNames[];
  readonly members: readonly { readonly item: T; readonly place: number }[];
}

/**
 * Which names hold a key's record, its index entries and its events: all those of one shard, whose number is the hash tag
 * of each of them. A script that keeps to one shard therefore keeps to one slot of a Cluster.
 */
export class Shards {
  readonly all: readonly ShardNames[];
  /** Events that are of no record, in the slot of the saved policies. */
  readonly beside: ShardNames;
  /** Everything that has events. */
  readonly withEvents: readonly ShardNames[];

  /**
   * @param prefix Before every name; without braces.
   * @param count Part of where every record is: never changes while there are records.
   * @param apart Whether each script has to keep to one shard, as on a Cluster.
   */
  constructor(
    readonly prefix: string,
    readonly count: number,
    private readonly apart: boolean,
  ) {
    this.all = Array.from({ length: count }, (_, shard) => this.named(String(shard)));
    this.beside = this.named('policies');
    this.withEvents = [...this.all, this.beside];
  }

  /** Items by the scripts that may handle them together, in the order of the shards. */
  groups<T>(items: readonly T[], keyOf: (item: T) => LockoutKey): ShardGroup<T>[] {
    const byShard = new Map<number, T[]>();
    for (const item of items) {
      const shard = this.shardOf(keyOf(item));
      const those = byShard.get(shard);
      if (those) those.push(item);
      else byShard.set(shard, [item]);
    }
    const shards = [...byShard.keys()].sort((a, b) => a - b);
    const parts = this.apart ? shards.map((shard) => [shard]) : shards.length > 0 ? [shards] : [];
    return parts.map((part) => ({
      shards: part.map((shard) => this.namesOf(shard)),
      members: part.flatMap((shard, place) => (byShard.get(shard) ?? []).map((item) => ({ item, place }))),
    }));
  }

  /** The numbers of all of {@link withEvents}, by the scripts that may look at them together. */
  looks(): number[][] {
    const numbers = this.withEvents.map((_, shard) => shard);
    return this.apart ? numbers.map((shard) => [shard]) : [numbers];
  }

  /** Where a key's shard is known from its first 32 bits, which are as good as drawn. */
  private shardOf(key: LockoutKey): number {
    return Number.parseInt(key.slice(0, 8), 16) % this.count;
  }

  private named(tag: string): ShardNames {
    const names = PARTS.map((part) => [part, `${this.prefix}{${tag}}:${part}`]);
    return Object.fromEntries(names) as unknown as ShardNames;
  }

  private namesOf(shard: number): ShardNames {
    const names = this.all[shard];
    if (!names) throw new RangeError(`There is no shard ${shard}`);
    return names;
  }
}

/** The names of shards in the order in which scripts count on them. */
export function namesOf(shards: readonly ShardNames[], parts: readonly (keyof ShardNames)[]): string[] {
  return shards.flatMap((shard) => parts.map((part) => shard[part]));
}
