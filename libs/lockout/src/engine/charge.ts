import { compareRefusals, type Decision, type RefusedDecision } from '../policy/decision.js';
import type { LockoutPolicy, Method } from '../policy/policy.js';
import { judge, transition } from '../policy/transition.js';
import type { Operation, RecordView } from '../store/operation.js';
import type { AttemptSlots } from './attempt-slots.js';
import type { AttemptSlot } from './live-slot.js';
import { countNewcomer, isOverCap } from './newcomers.js';
import { type Refusal, toRefusal } from './refusal.js';
import { keysOfSlots, readSlot, type Slot, writeSlot } from './slot.js';

/** A charge that was made: settling needs what it saw. */
export interface Charge {
  readonly slot: Slot;
  readonly seq: number;
}

export type DecidedCharge =
  | {
      readonly allowed: true;
      readonly charges: readonly Charge[];
      /** Further attempts that can be verified before a lock; null: nothing counts this attempt. */
      readonly remaining: number | null;
    }
  | { readonly allowed: false; readonly refusal: Refusal };

/** `refusal` null: policies were saved since the slots were built, or are too old to decide by. Nothing is charged. */
export type ChargeAnswer = DecidedCharge | { readonly allowed: false; readonly refusal: null };

interface Judged {
  readonly slot: Slot;
  readonly counted: boolean;
  readonly decision: Decision;
}

/** The strictest refusal among decisions, named by its policy (R13); null: all allow. */
export function strictestRefusal(
  judged: readonly { slot: { policy: LockoutPolicy }; decision: Decision | null }[],
  now: number,
): Refusal | null {
  let strictest: { policy: LockoutPolicy; decision: RefusedDecision } | null = null;
  for (const { slot, decision } of judged) {
    if (!decision || decision.allowed) continue;
    if (!strictest || compareRefusals(decision, strictest.decision) > 0)
      strictest = { policy: slot.policy, decision };
  }
  return strictest && toRefusal(strictest.policy, strictest.decision, now);
}

function remainingOf(judged: readonly Judged[]): number | null {
  const counts = judged.flatMap(({ decision }) =>
    decision.allowed && decision.remaining !== null ? [decision.remaining] : [],
  );
  return counts.length === 0 ? null : Math.min(...counts);
}

const isCharged = (view: RecordView, slot: Slot, id: string): boolean =>
  readSlot(view, slot)?.pending.some((charge) => charge.id === id) ?? false;

/** Of the slots of one record the first that is counted, else the first. */
function oncePerKey<T extends { readonly slot: Slot; readonly counted: boolean }>(folded: readonly T[]): T[] {
  return folded.filter((one) => {
    const same = folded.filter(({ slot }) => slot.key === one.slot.key);
    return one === (same.find(({ counted }) => counted) ?? same[0]);
  });
}

/** Whether nobody ever tried these names: no record stands under the keys of an unknown account. */
export const isNewcomer = (view: RecordView, slots: readonly AttemptSlot[]): boolean =>
  slots.every((slot) => !slot.counted || !slot.overflow || readSlot(view, slot) === null);

/**
 * Charges every key of an attempt, or none: with one refusal nothing is written, and charges that an earlier, partly
 * lost round had won are taken back (R16). `isCurrent`: whether the slots are still those of the policies that govern,
 * and these fresh enough to admit by.
 */
export function chargeOperation(
  attempt: AttemptSlots,
  id: string,
  method: Method,
  isCurrent: () => boolean,
): Operation<ChargeAnswer> {
  const { newcomers, from } = attempt;
  let isNew: boolean | null = null;
  let overCap: boolean | null = null;

  return {
    keys: attempt.chargeKeys,
    // Whether a name is new is decided once, on what is current.
    confirmed: newcomers === null,
    fold(view, now) {
      // Decided once: a refold must come back to the keys it may have charged already.
      isNew ??= newcomers !== null && isNewcomer(view, attempt.slots);
      overCap ??= isNew && newcomers !== null && isOverCap(view, newcomers, now);
      const slots = attempt.slots.map((slot): { slot: Slot; counted: boolean } => ({
        slot: (overCap ? slot.overflow : null) ?? slot,
        counted: slot.counted,
      }));

      const charge = { type: 'charge' as const, id, method, ...(from === undefined ? {} : { from }) };
      const folded = slots.map(({ slot, counted }) => {
        const before = readSlot(view, slot);
        const after = transition(slot.policy, before, charge, now);
        const decision: Decision = after.decision ?? judge(slot.policy, before, method, now);
        return { slot, counted, before, after, decision };
      });

      // Policies may share a counter: its record is written once, by one that counts the attempt if any does.
      const records = oncePerKey(folded);
      const current = isCurrent();
      const refusal = current ? strictestRefusal(folded, now) : null;
      if (refusal || !current) {
        for (const { slot, before } of records) {
          const charged = isCharged(view, slot, id);
          if (!charged && !current) continue;
          const input = charged ? ({ type: 'withdraw', id } as const) : ({ type: 'tick' } as const);
          writeSlot(view, slot, before, transition(slot.policy, before, input, now));
        }
        return { allowed: false, refusal };
      }
      for (const { slot, before, after } of records) writeSlot(view, slot, before, after);
      if (isNew && !overCap && newcomers) countNewcomer(view, newcomers, id, now);
      return {
        allowed: true,
        charges: folded.flatMap(({ slot, counted, decision }) =>
          counted && decision.allowed ? [{ slot, seq: decision.seq }] : [],
        ),
        remaining: remainingOf(folded),
      };
    },
  };
}

/** What an attempt would be told now. Reads only: nothing is charged (the guard's question). */
export function judgeOperation(attempt: AttemptSlots, method: Method): Operation<Refusal | null> {
  return {
    keys: attempt.keys,
    fold: (view, now) =>
      strictestRefusal(
        attempt.slots.map((slot) => ({
          slot,
          decision: judge(slot.policy, readSlot(view, slot), method, now),
        })),
        now,
      ),
  };
}

/** Takes charges back: the attempt was never verified. */
export function withdrawOperation(attempt: AttemptSlots, id: string): Operation<void> {
  const slots: Slot[] = attempt.slots.flatMap((slot) => (slot.overflow ? [slot, slot.overflow] : [slot]));
  return {
    keys: keysOfSlots(slots),
    fold(view, now) {
      for (const slot of slots) {
        const before = readSlot(view, slot);
        writeSlot(view, slot, before, transition(slot.policy, before, { type: 'withdraw', id }, now));
      }
    },
  };
}
