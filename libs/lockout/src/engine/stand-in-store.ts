import type { LockoutKey } from '../key/key.js';
import type { LockoutEvent } from '../policy/event.js';
import { EMPTY_STATE, type LockoutState } from '../policy/state.js';
import type { LockoutStore, SwapOptions } from '../store/lockout-store.js';
import type { Loaded, LockoutRecord, RecordFacts, Swap, Version } from '../store/record.js';
import type { RememberedRecords } from '../store/remembered-records.js';
import { StoreError } from '../store/store-error.js';

/** Events of one record that are kept until they can be written; the oldest go first. */
const MAX_EVENTS = 1_000;

/** A record that was changed while the store did not answer. */
export interface ApartRecord {
  readonly key: LockoutKey;
  readonly facts: RecordFacts;
  version: Version;
  state: LockoutState;
  /** What the store was known to hold when it began; null: nothing. */
  base: LockoutState | null;
  /** Charges that the store may know of, although nobody knows whether they arrived there. */
  readonly offered: Set<string>;
  /** Not written down anywhere else yet. */
  readonly events: LockoutEvent[];
}

/**
 * What a process counts by while its store does not answer: the records as it last saw them, and over them what it
 * changed. Bounded: beyond its capacity attempts that would change further records are refused.
 */
export class StandInStore implements LockoutStore {
  private readonly changed = new Map<LockoutKey, ApartRecord>();

  /** @param capacity Most changed records. */
  constructor(
    private readonly remembered: RememberedRecords,
    private readonly capacity: number,
  ) {}

  readonly clock = (): number => this.remembered.now() ?? 0;

  /** Records that the store has to hear of. */
  get size(): number {
    return this.changed.size;
  }

  has(key: LockoutKey): boolean {
    return this.changed.has(key);
  }

  get(key: LockoutKey): ApartRecord | undefined {
    return this.changed.get(key);
  }

  keys(): readonly LockoutKey[] {
    return Array.from(this.changed.keys());
  }

  delete(key: LockoutKey): void {
    this.changed.delete(key);
  }

  load(keys: readonly LockoutKey[]): Promise<Loaded> {
    const records = new Map<LockoutKey, LockoutRecord>();
    for (const key of keys) {
      const record = this.current(key);
      if (record) records.set(key, record);
    }
    return Promise.resolve({ now: this.clock(), records });
  }

  async compareAndSwap(
    swaps: readonly Swap[],
    { atomic = false }: Partial<SwapOptions> = {},
  ): Promise<ReadonlySet<LockoutKey>> {
    const lost = new Set(
      swaps
        .filter(({ key, expected }) => (this.current(key)?.version ?? null) !== expected)
        .map(({ key }) => key),
    );
    if (atomic && lost.size > 0) return lost;
    const won = swaps.filter(({ key }) => !lost.has(key));
    const added = won.filter(({ key }) => !this.changed.has(key)).length;
    if (this.changed.size + added > this.capacity) {
      // As a fault of these records: the others of the batch are tried by themselves.
      throw new StoreError(
        'data',
        `More than ${this.capacity} records were changed while the store was gone.`,
      );
    }
    for (const swap of won) this.write(swap);
    return lost;
  }

  async swapExclusively(
    keys: readonly LockoutKey[],
    decide: (loaded: Loaded) => readonly Swap[],
  ): Promise<ReadonlySet<LockoutKey>> {
    const loaded = await this.load(keys);
    return this.compareAndSwap(decide(loaded));
  }

  private current(key: LockoutKey): LockoutRecord | undefined {
    return this.changed.get(key) ?? this.remembered.get(key);
  }

  private write({ key, version, state, facts, events }: Swap): void {
    let record = this.changed.get(key);
    if (!record) {
      const base = this.remembered.get(key)?.state ?? null;
      record = { key, facts, version, state: base ?? EMPTY_STATE, base, offered: new Set(), events: [] };
      this.changed.set(key, record);
    }
    record.version = version;
    record.state = state;
    // The end of a lock that the store knows is for the store to tell.
    const ended = record.base?.lock?.until;
    record.events.push(...events.filter((event) => !(event.type === 'expired' && event.at === ended)));
    if (record.events.length > MAX_EVENTS) record.events.splice(0, record.events.length - MAX_EVENTS);
  }
}
