import type { LockoutKey } from '../key/key.js';
import { MANUAL_POLICY } from '../policy/manual.js';
import type { LockoutPolicy } from '../policy/policy.js';
import { EMPTY_STATE, type LockoutState } from '../policy/state.js';
import { stricterState } from '../policy/stricter-state.js';
import type { Transition } from '../policy/transition.js';
import type { BatchApplier } from '../store/batch-applier.js';
import type { Operation } from '../store/operation.js';
import { StoreError } from '../store/store-error.js';
import type { EngineClock } from './clock.js';
import { sweepAtOf } from './counter-life.js';
import type { PolicySource } from './policy-book.js';
import { compareStrictness } from './slot.js';
import type { ApartRecord, StandInStore } from './stand-in-store.js';

/** Records that are brought back at once. */
const MERGE_WIDTH = 64;
/** Events that one swap brings back; further ones go with the next. */
const MERGE_EVENTS = 16;
/** Pause before what could not be brought back is tried again, ms. */
const MERGE_PAUSE_MS = 1_000;

export interface StandInParts {
  readonly store: StandInStore;
  /** Applies operations to `store`. */
  readonly apart: Pick<BatchApplier, 'apply'>;
  /** Applies operations to the application's store. */
  readonly applier: Pick<BatchApplier, 'apply' | 'forget'>;
  readonly policies: PolicySource;
  readonly clock: EngineClock;
  /** Whether the store does not answer. */
  readonly isDown: () => boolean;
  /** Everything that was counted apart is in the store again. */
  readonly onMerged: (records: number) => void;
}

/**
 * Counts in this process while the store does not answer (`onStoreError: 'memory'`), and brings what it counted back when
 * it does: record by record, before anything is decided by the stored one.
 */
export class StandIn {
  /** Bringing back all there is, if that is under way. Never rejects. */
  pass: Promise<void> | null = null;
  private underWay = 0;
  private idle: (() => void)[] = [];
  private readonly merging = new Map<LockoutKey, Promise<void>>();
  private merged = 0;
  private draining = false;

  constructor(private readonly parts: StandInParts) {}

  /** Records that are not in the store yet. */
  get size(): number {
    return this.parts.store.size;
  }

  async apply<Result>(operation: Operation<Result>): Promise<Result> {
    this.underWay += 1;
    try {
      return await this.parts.apart.apply(operation);
    } finally {
      this.underWay -= 1;
      if (this.underWay === 0) for (const resolve of this.idle.splice(0)) resolve();
    }
  }

  /**
   * Resolves when none of these records waits to be brought back; null: none does. Rejects with {@link StoreError} when
   * one cannot be.
   */
  caughtUp(keys: readonly LockoutKey[]): Promise<unknown> | null {
    const { store } = this.parts;
    if (store.size === 0) return null;
    const own = keys.filter((key) => store.has(key));
    return own.length === 0 ? null : Promise.all(own.map((key) => this.bringBack(key)));
  }

  /** The store answers again. */
  async drain(): Promise<void> {
    if (this.draining) return;
    this.draining = true;
    const { store, clock, isDown, onMerged } = this.parts;
    while (store.size > 0 && !isDown()) {
      this.pass = this.bringAllBack();
      await this.pass;
      this.pass = null;
      // What cannot be brought back now (a row that cannot be read) is tried again and again.
      if (store.size > 0) await clock.sleep(MERGE_PAUSE_MS);
    }
    this.draining = false;
    if (store.size > 0) return;
    const { merged } = this;
    this.merged = 0;
    onMerged(merged);
  }

  private async bringAllBack(): Promise<void> {
    const { store, isDown } = this.parts;
    const keys = store.keys();
    for (let at = 0; at < keys.length && !isDown(); at += MERGE_WIDTH) {
      await Promise.allSettled(keys.slice(at, at + MERGE_WIDTH).map((key) => this.bringBack(key)));
    }
  }

  private bringBack(key: LockoutKey): Promise<void> {
    let work = this.merging.get(key);
    if (!work) {
      work = this.merge(key).finally(() => this.merging.delete(key));
      this.merging.set(key, work);
    }
    return work;
  }

  private async merge(key: LockoutKey): Promise<void> {
    const { store, applier, isDown } = this.parts;
    // What was begun here ends here.
    if (this.underWay > 0) await new Promise<void>((resolve) => this.idle.push(resolve));
    for (let record = store.get(key); record; record = store.get(key)) {
      if (isDown()) throw new StoreError('unreachable', 'The lockout store is gone again.');
      const { state } = record;
      const events = record.events.slice(0, MERGE_EVENTS);
      const ended = endedCharges(record);
      // From here on the store may have them, whatever it answers.
      for (const { id } of state.pending) record.offered.add(id);
      const written = await applier.apply(this.mergeOperation({ ...record, events }, ended));
      record.events.splice(0, events.length);
      // Changed meanwhile, it goes on from here: what the store made of it, and as far as it was counted then.
      record.base = { ...written, failureSeq: state.failureSeq, abandons: state.abandons };
      if (record.state !== state || record.events.length > 0) continue;
      store.delete(key);
      applier.forget([key]);
      this.merged += 1;
    }
  }

  private mergeOperation(record: ApartRecord, ended: ReadonlySet<string>): Operation<LockoutState> {
    const { key, base, state: apart } = record;
    const { policies } = this.parts;
    const all = policies.allOfCounter(record.facts.counter);
    const readers = all.length > 0 ? all : [MANUAL_POLICY];
    return {
      keys: [key],
      fold: (view, now) => {
        const stored = view.get(key);
        const { state, events } = strictestMerge(readers, stored?.state ?? null, { base, apart, ended }, now);
        if (state === (stored?.state ?? EMPTY_STATE) && record.events.length + events.length === 0)
          return state;
        view.put(key, {
          state,
          facts: stored?.facts ?? record.facts,
          keepUntil: sweepAtOf(readers, state),
          events: [...record.events, ...events],
        });
        return state;
      },
    };
  }
}

/** What the store may hold in flight, and ended here. */
function endedCharges({ base, offered, state }: ApartRecord): ReadonlySet<string> {
  const known = new Set([...(base?.pending ?? []).map(({ id }) => id), ...offered]);
  for (const { id } of state.pending) known.delete(id);
  return known;
}

/** By which brand it was counted nobody knows: the strictest of the policies that count there says what is left. */
const strictestMerge = (
  policies: readonly LockoutPolicy[],
  stored: LockoutState | null,
  apart: Parameters<typeof stricterState>[2],
  now: number,
): Pick<Transition, 'state' | 'events'> =>
  policies
    .map((policy) => stricterState(policy, stored, apart, now))
    .reduce((strictest, other) => (compareStrictness(other.state, strictest.state) > 0 ? other : strictest));
