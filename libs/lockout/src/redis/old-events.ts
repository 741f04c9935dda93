import type { RecordedEvent } from '../store/audit-log.js';
import { integer } from '../store/codec.js';
import { decodeEvent } from './event-row.js';
import { LATE, LATE_MS, OLDEST } from './event-scripts.js';
import { lateTrail, MICROSECONDS, positionText } from './event-trail.js';
import { bytesOf, listOf } from './redis-answer.js';
import type { RedisConnection } from './redis-connection.js';
import { namesOf, type ShardNames } from './shards.js';

/** Events that one script looks at, where the one before found few that may go. */
const LOOK = 1_000;
/** Who has passed over so many does not begin anew the next time. */
const MANY = 1_000;
const POSITION_DIGITS = 16;

const PARTS = ['events', 'trail', 'rows', 'undelivered'] as const;

/** An event that may go. */
export interface OldEvent {
  readonly names: ShardNames;
  readonly position: string;
  /** When it happened, epoch ms. */
  readonly at: number;
  /** Null: it has gone, but for an entry of the trail. */
  readonly event: RecordedEvent | null;
}

/** An event that is read costs as much as so many that the server passes over. */
export const READ_COST = 10;

/** How many events one search may still look at, in all shards together. */
export interface LookBudget {
  left: number;
}

/** How far a search has come: what was recorded late is found by when it happened, then all by when it was recorded. */
interface Place {
  readonly index: 'late' | 'recorded';
  /** The entry that was looked at last; empty: none yet. */
  readonly after: string;
}

interface Looked {
  readonly count: number;
  /** The entry that was looked at last; null: there is nothing behind it. */
  readonly last: string | null;
  readonly found: readonly { readonly entry: string; readonly row: Buffer | null }[];
}

const START: Place = { index: 'late', after: '' };

/**
 * Looks for the events of one shard that may go: of which nothing is to be delivered. What may not go can be very much,
 * where a sink is left behind, and no index leaves it out. So it is passed over in the server, and a search that ended
 * before it had seen everything is taken up where it ended.
 */
export class OldEvents {
  private place: Place = START;

  constructor(
    private readonly connection: RedisConnection,
    private readonly names: ShardNames,
    /** The time of events is not the server's, as positions are: for tests. */
    private readonly hasOwnClock: boolean,
  ) {}

  /** All, oldest first. */
  async *all(part: number): AsyncGenerator<OldEvent> {
    let look = part;
    for (let after: string | null = ''; after !== null; ) {
      const { last, found } = await this.look({ index: 'recorded', after }, 0, look, part);
      for (const { entry, row } of found) yield this.oldAt(entry, row);
      look = found.length < part ? LOOK : part;
      after = last;
    }
  }

  /**
   * Those that happened before then, each once, nearly oldest first. Ends when it has looked everywhere, or has used up the
   * budget.
   *
   * @param part How many one script answers.
   */
  async *before(before: number, part: number, budget: LookBudget): AsyncGenerator<OldEvent> {
    const begun = this.place;
    const given = new Set<string>();
    let place = begun;
    let look = part;
    let passed = 0;
    const remember = (): void => {
      // Behind that time there is little to find, and what comes to be before it is not to wait for all of the rest.
      const isWorth = (begun !== START || passed > MANY) && !this.isAfter(before, place.index, place.after);
      this.place = isWorth ? place : START;
    };
    for (let turns = 0; budget.left > 0; ) {
      const { count, last, found } = await this.look(place, before, Math.min(look, budget.left), part);
      budget.left -= count + found.length * (READ_COST - 1);
      passed += count - found.length;
      for (const { entry, row } of found) {
        const old = this.readable(entry, row);
        if (old && old.at < before && !given.has(old.position)) {
          // Who stops here has not taken it.
          remember();
          given.add(old.position);
          yield old;
        } else passed += 1;
        place = { ...place, after: entry };
      }
      look = found.length < part ? LOOK : part;
      if (last === null || this.isAfter(before + LATE_MS, place.index, last)) {
        place = { index: place.index === 'late' ? 'recorded' : 'late', after: '' };
        turns += 1;
      } else place = { ...place, after: last };
      remember();
      // Each index has been behind its end once, and the first one is behind where this began: everything was looked at.
      if (turns === 3 || (turns === 2 && place.after >= begun.after)) {
        this.place = START;
        return;
      }
    }
  }

  private async look({ index, after }: Place, before: number, look: number, part: number): Promise<Looked> {
    const isLate = index === 'late';
    const range = isLate
      ? [after === '' ? '[o' : `(${after}`, `(${String(lateTrail(Math.max(0, Math.ceil(before))))}`]
      : [positionText(after === '' ? 0 : Number(after) + 1)];
    const script = isLate ? LATE : OLDEST;
    const keys = namesOf([this.names], PARTS);
    const [count, last, ...answer] = listOf(
      await this.connection.run(script, keys, [...range, look, Math.min(look, part)]),
    );
    const found: Looked['found'][number][] = [];
    for (let n = 0; n < answer.length; n += 2) {
      const row = answer[n + 1];
      found.push({ entry: String(bytesOf(answer[n])), row: row === null ? null : bytesOf(row) });
    }
    return { count: integer('count', count), last: last === null ? null : String(bytesOf(last)), found };
  }

  /** Whether what is behind this place was recorded after that time. */
  private isAfter(ms: number, index: Place['index'], entry: string): boolean {
    return index === 'recorded' && !this.hasOwnClock && Number(entry) / MICROSECONDS > ms;
  }

  /** Null: of a later release, which knows how old it is. */
  private readable(entry: string, row: Buffer | null): OldEvent | null {
    try {
      return this.oldAt(entry, row);
    } catch {
      return null;
    }
  }

  private oldAt(entry: string, row: Buffer | null): OldEvent {
    const position = entry.slice(-POSITION_DIGITS);
    const event = row && decodeEvent(row);
    const at = event?.event.at ?? Number(entry.slice(1, -POSITION_DIGITS));
    return { names: this.names, position, at, event };
  }
}
