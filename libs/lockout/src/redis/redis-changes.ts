import { recordedOf } from '../store/audit-entry.js';
import type { AuditEntry, RecordedEvent } from '../store/audit-log.js';
import { fromHex, integer } from '../store/codec.js';
import type { LockoutStore } from '../store/lockout-store.js';
import { laneOf } from '../store/outbox-lane.js';
import { sinkList } from './delivery-row.js';
import { BEGIN_CHANGE, COUNT_CHANGE } from './entry-scripts.js';
import { decodeEvent, encodeRecorded } from './event-row.js';
import { IN_ROWS, trailsOf } from './event-trail.js';
import { bytesOf, listOf } from './redis-answer.js';
import type { RedisArgument, RedisConnection } from './redis-connection.js';
import { namesOf, type ShardNames, type Shards } from './shards.js';

/** What an event beside the policies consists of, as the scripts take it. */
export const BESIDE_PARTS = [
  'position',
  'rows',
  'trail',
  'deliveries',
  'undelivered',
  'outbox',
] as const satisfies readonly (keyof ShardNames)[];

const POSITION_DIGITS = 16;
const ROUND_DIGITS = 4;

/** A change by an administrator that is under way; see `entry-scripts.ts`. */
export interface Change {
  readonly id: Buffer;
  /** As it stands beside the policies. */
  readonly state: string;
  /** Null: drained meanwhile. */
  readonly recorded: RecordedEvent | null;
}

/** What a script that is a part of the change counts under. */
export const markerOf = ({ id, state }: Pick<Change, 'id' | 'state'>): string =>
  `${id.toString('hex')}:${state.slice(POSITION_DIGITS, POSITION_DIGITS + ROUND_DIGITS)}`;

/** Changes by administrators that may touch many slots, and the event that tells of each. */
export class RedisChanges {
  constructor(
    private readonly connection: RedisConnection,
    private readonly shards: Shards,
    private readonly records: Pick<LockoutStore, 'load'>,
    private readonly clock: (() => number) | undefined,
  ) {}

  /** How far a change came that was made before; null: none was. */
  async before(id: Buffer): Promise<{ readonly isWhole: boolean; readonly count: number } | null> {
    const state = await this.connection.call('hget', this.shards.beside.changes, id);
    if (state === null) return null;
    const { round, before } = partsOf(String(bytesOf(state)));
    return { isWhole: round > 0, count: before };
  }

  /** Records the event of a change before anything is changed; recorded before, the change goes on. */
  async begin(entry: AuditEntry, expected: number): Promise<Change> {
    const recorded = recordedOf(entry, (await this.records.load([])).now, expected);
    const id = fromHex(entry.id);
    const { beside } = this.shards;
    const [state, row] = listOf(
      await this.connection.run(BEGIN_CHANGE, namesOf([beside], [...BESIDE_PARTS, 'changes']), [
        this.clock?.() ?? '',
        id,
        ...entryArguments(recorded, entry.deliverTo),
      ]),
    );
    return {
      id,
      state: String(bytesOf(state)),
      recorded: row === null ? null : decodeEvent(bytesOf(row)),
    };
  }

  /**
   * Makes the event say what has come of the change so far; answers that too.
   *
   * @param isWhole Whether nothing more comes of it, unless it is made again.
   */
  async count(change: Change, isWhole: boolean): Promise<number> {
    const marker = markerOf(change);
    const counts = await Promise.all(
      this.shards.withEvents.map(({ changes }) => this.connection.call('hget', changes, marker)),
    );
    const { round, before } = partsOf(change.state);
    const count = counts.reduce<number>(
      (sum, own) => sum + (own === null ? 0 : integer('count', String(bytesOf(own)))),
      before,
    );
    const isCounted = await this.connection.run(
      COUNT_CHANGE,
      namesOf([this.shards.beside], ['rows', 'undelivered', 'changes', 'deliveries', 'outbox']),
      [
        this.clock?.() ?? '',
        change.id,
        change.state,
        change.recorded ? encodeRecorded(withCount(change.recorded, count)) : '',
        isWhole
          ? change.state.slice(0, POSITION_DIGITS) + String(round + 1).padStart(ROUND_DIGITS, '0') + count
          : change.state,
      ],
    );
    // Somebody sent the same at the same time and was faster.
    if (isCounted !== 1) return (await this.before(change.id))?.count ?? count;
    if (isWhole) await this.dropMarkers(marker);
    return count;
  }

  /** Never rejects: what is left of a round counts for nothing after it. */
  private async dropMarkers(marker: string): Promise<void> {
    await Promise.allSettled(
      this.shards.withEvents.map(({ changes }) => this.connection.call('hdel', changes, marker)),
    );
  }
}

/** An event as scripts take it that record it beside the policies. */
export function entryArguments(recorded: RecordedEvent, deliverTo: readonly string[] = []): RedisArgument[] {
  return [
    encodeRecorded(recorded),
    fromHex(laneOf(recorded.key, recorded.facts)),
    sinkList(deliverTo),
    IN_ROWS,
    ...trailsOf(recorded),
  ];
}

function withCount(recorded: RecordedEvent, count: number): RecordedEvent {
  const { event } = recorded;
  return event.type === 'administered' ? { ...recorded, event: { ...event, count } } : recorded;
}

function partsOf(state: string): { readonly round: number; readonly before: number } {
  const end = POSITION_DIGITS + ROUND_DIGITS;
  return {
    round: integer('round', state.slice(POSITION_DIGITS, end)),
    before: integer('count', state.slice(end)),
  };
}
