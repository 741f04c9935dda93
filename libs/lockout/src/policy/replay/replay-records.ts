import type { LockoutPolicy } from '../policy.js';
import { isFaded, keepUntil } from '../record-life.js';
import { EMPTY_STATE, type LockoutState } from '../state.js';
import { transition } from '../transition.js';
import { FadingCalendar } from './fading-calendar.js';
import type { ReplayLock } from './replay-attempt.js';

/** What is known of one key. */
export interface ReplayRecord {
  readonly counter: string;
  state: LockoutState;
  /** The last lock that was set here. */
  lock: ReplayLock | null;
  /** Where the calendar has it; null: it never fades by itself. */
  bucket: number | null;
}

/** The keys about which there is something to remember. One that has faded is dropped, so memory grows with live keys. */
export class ReplayRecords {
  private readonly records = new Map<string, ReplayRecord>();
  private readonly calendar = new FadingCalendar();
  private readonly readers = new Map<string, readonly LockoutPolicy[]>();
  private largest = 0;

  /** @param policies every policy that may read a record, brand overrides included. */
  constructor(policies: readonly LockoutPolicy[]) {
    for (const policy of new Set(policies)) {
      this.readers.set(policy.counter, [...this.readersOf(policy.counter), policy]);
    }
  }

  /** Keys that are remembered now. */
  get size(): number {
    return this.records.size;
  }

  /** The most keys that were ever remembered at once. */
  get peak(): number {
    return this.largest;
  }

  /** Keys that the calendar will look at; never more than are remembered. */
  get scheduled(): number {
    return this.calendar.size;
  }

  get(key: string): ReplayRecord | undefined {
    return this.records.get(key);
  }

  /** Remembers a state; at once drops one that says nothing any more (an empty one, after a success). */
  put(counter: string, key: string, state: LockoutState, lock: ReplayLock | null, now: number): void {
    const known = this.records.get(key);
    if (state === (known?.state ?? EMPTY_STATE)) return;
    if (state.pending.length === 0 && this.isOver(counter, state, now)) {
      if (known) this.drop(key, known);
      return;
    }
    if (known) {
      known.state = state;
      if (lock) known.lock = lock;
      known.bucket ??= this.schedule(key, known);
    } else {
      const record: ReplayRecord = { counter, state, lock, bucket: null };
      record.bucket = this.schedule(key, record);
      this.records.set(key, record);
      this.largest = Math.max(this.largest, this.records.size);
    }
  }

  /** Drops what has faded by now. */
  forget(now: number): void {
    for (const key of this.calendar.takeDue(now)) {
      const record = this.records.get(key);
      if (!record) continue;
      const [policy] = this.readersOf(record.counter);
      // As the sweeper does: a lock that is over goes first.
      if (policy) record.state = transition(policy, record.state, { type: 'tick' }, now).state;
      if (this.isOver(record.counter, record.state, now)) this.records.delete(key);
      else record.bucket = this.schedule(key, record);
    }
  }

  /** Overrides of a brand may remember longer: nothing is dropped that one of them would still count. */
  private isOver(counter: string, state: LockoutState, now: number): boolean {
    return this.readersOf(counter).every((policy) => isFaded(policy, state, now));
  }

  private schedule(key: string, { counter, state }: ReplayRecord): number | null {
    let end = 0;
    for (const policy of this.readersOf(counter)) {
      const until = keepUntil(policy, state);
      if (until === null) return null;
      end = Math.max(end, until);
    }
    return this.calendar.add(key, end);
  }

  private readersOf(counter: string): readonly LockoutPolicy[] {
    return this.readers.get(counter) ?? [];
  }

  private drop(key: string, { bucket }: ReplayRecord): void {
    this.records.delete(key);
    if (bucket !== null) this.calendar.remove(key, bucket);
  }
}
