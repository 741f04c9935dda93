import type { LockoutKey } from '../key/key.js';
import type { LockoutPolicy } from '../policy/policy.js';
import { EMPTY_STATE, type LockoutState } from '../policy/state.js';
import type { Transition } from '../policy/transition.js';
import type { RecordView } from '../store/operation.js';
import type { RecordFacts } from '../store/record.js';
import { sweepAtOf } from './counter-life.js';

/** One policy watching one attempt: whose state it is, and where it is stored. */
export interface Slot {
  /** What governs now: read it again in each fold, for a save may come between two. */
  readonly policy: LockoutPolicy;
  /** All that count in this record, other brands' too: it is remembered as long as any of them remembers it. */
  readonly readers: readonly LockoutPolicy[];
  readonly key: LockoutKey;
  /** The same key under previous secrets (R21). */
  readonly aliases: readonly LockoutKey[];
  readonly facts: RecordFacts;
}

export function keysOfSlots(slots: readonly Slot[]): LockoutKey[] {
  const keys: LockoutKey[] = [];
  for (const { key, aliases } of slots) keys.push(key, ...aliases);
  return keys;
}

/** Positive: `a` is stricter. */
export function compareStrictness(a: LockoutState, b: LockoutState): number {
  const until = (state: LockoutState) => (state.lock ? (state.lock.until ?? Number.POSITIVE_INFINITY) : 0);
  const [x, y] = [until(a), until(b)];
  if (x !== y) return x > y ? 1 : -1;
  return a.failures + a.pending.length - (b.failures + b.pending.length);
}

/** The state that governs a slot: the strictest of those under the current and previous secrets. */
export function readSlot(view: RecordView, slot: Slot): LockoutState | null {
  let governing = view.get(slot.key)?.state ?? null;
  for (const alias of slot.aliases) {
    const state = view.get(alias)?.state;
    if (state && (!governing || compareStrictness(state, governing) > 0)) governing = state;
  }
  return governing;
}

/** Writes what a transition changed, under the current secret; what stood under previous ones is emptied. */
export function writeSlot(
  view: RecordView,
  slot: Slot,
  before: LockoutState | null,
  after: Pick<Transition, 'state' | 'events'>,
): void {
  if (after.state === (before ?? EMPTY_STATE)) return;
  const { readers, facts } = slot;
  view.put(slot.key, {
    state: after.state,
    facts,
    keepUntil: sweepAtOf(readers, after.state),
    events: after.events,
  });
  for (const alias of slot.aliases) {
    const old = view.get(alias)?.state;
    // Also when it is absent: what was read there must still stand when this is written, or two processes that order
    // their secrets differently would each have a budget.
    const emptied = { ...EMPTY_STATE, failureSeq: old?.failureSeq ?? 0, updatedAt: after.state.updatedAt };
    view.put(alias, { state: emptied, facts, keepUntil: sweepAtOf(readers, emptied), events: [] });
  }
}
