import { EMPTY_STATE, type LockoutState } from '../policy/state.js';
import { transition } from '../policy/transition.js';
import { remember } from '../policy/window.js';
import type { RecordView } from '../store/operation.js';
import { readSlot, type Slot, writeSlot } from './slot.js';

/** How many names that nobody has one address may bring into the store per window (R22). */
export interface Newcomers {
  /** Counts them, by address. */
  readonly slot: Slot;
  readonly max: number;
}

const countOf = (newcomers: Newcomers, state: LockoutState | null, now: number): number =>
  state ? remember(newcomers.slot.policy, state, now).failures : 0;

/** Whether the address has used up its new names: further ones share its overflow counter. */
export function isOverCap(view: RecordView, newcomers: Newcomers, now: number): boolean {
  return countOf(newcomers, readSlot(view, newcomers.slot), now) >= newcomers.max;
}

/** Counts one more new name. */
export function countNewcomer(view: RecordView, newcomers: Newcomers, id: string, now: number): void {
  const { slot } = newcomers;
  const before = readSlot(view, slot);
  const charged = transition(slot.policy, before, { type: 'charge', id, method: 'newcomer' }, now);
  const counted = transition(slot.policy, charged.state, { type: 'fail', id }, now);
  writeSlot(view, slot, before ?? EMPTY_STATE, counted);
}
