import type { LockoutKey } from '../key/key.js';
import type { LockoutRecord } from './record.js';

interface Entry {
  readonly record: LockoutRecord | null;
  /** Monotonic ms at which it was known to be the committed one. */
  readonly at: number;
}

/**
 * How long a record that is no longer fresh may still be decided on where the store is asked to confirm it, ms. Somebody
 * who guesses, or who mistyped, comes back within seconds; after longer another process has likely written it, and a
 * swap that loses costs more than the load it saved.
 */
const RECENT_MS = 10_000;

/**
 * Records as last loaded or swapped by this process, least recently learned first out. Never the authority: a decision
 * that writes is checked by its swap, and one that writes nothing may rest on it only while it is fresh (R27).
 */
export class RecordCache {
  private readonly entries = new Map<LockoutKey, Entry>();

  constructor(
    private readonly freshMs: number,
    private readonly capacity: number,
  ) {}

  /** The record if it is fresh: null when known absent, undefined when it has to be loaded. */
  get(key: LockoutKey, monotonicNow: number): LockoutRecord | null | undefined {
    const entry = this.entries.get(key);
    return entry && monotonicNow - entry.at < this.freshMs ? entry.record : undefined;
  }

  /** The record if it was known lately: null when it was absent, undefined when it has to be loaded. */
  recent(key: LockoutKey, monotonicNow: number): LockoutRecord | null | undefined {
    const entry = this.entries.get(key);
    return entry && monotonicNow - entry.at < RECENT_MS ? entry.record : undefined;
  }

  set(key: LockoutKey, record: LockoutRecord | null, monotonicNow: number): void {
    if (this.freshMs === 0) return;
    this.entries.delete(key);
    this.entries.set(key, { record, at: monotonicNow });
    if (this.entries.size <= this.capacity) return;
    for (const oldest of this.entries.keys()) {
      this.entries.delete(oldest);
      break;
    }
  }

  delete(key: LockoutKey): void {
    this.entries.delete(key);
  }
}
