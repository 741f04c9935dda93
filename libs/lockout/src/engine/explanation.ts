import type { AccountRef } from '../key/account.js';
import { countsMethod, type Method } from '../policy/policy.js';
import { EMPTY_STATE, type LockoutState } from '../policy/state.js';
import { judge } from '../policy/transition.js';
import type { BatchApplier } from '../store/batch-applier.js';
import type { RecordView } from '../store/operation.js';
import type { LockoutRecord } from '../store/record.js';
import type { KnownSlots, SlotBuilder, UnseenPolicy } from './attempt-slots.js';
import { isNewcomer, strictestRefusal } from './charge.js';
import { type CounterStatus, counterStatus, hasManualLock, methodFor } from './lock-status.js';
import { isOverCap } from './newcomers.js';
import type { Refusal } from './refusal.js';
import { readSlot, type Slot } from './slot.js';

/** Which attempt is asked about: as much of it as is known. */
export interface ExplanationRequest {
  readonly realm?: string;
  /** Null or absent: nobody in particular; what counts by account is left out. */
  readonly account?: AccountRef | null;
  readonly address?: string | null;
  readonly device?: string | null;
  /** Null or absent: whichever each policy counts. */
  readonly method?: Method | null;
  readonly brand?: string;
}

/** What an attempt would meet now, and why. */
export interface AttemptExplanation {
  /** Epoch ms on the store's clock. */
  readonly now: number;
  /** Whether nothing that was looked at refuses. */
  readonly allowed: boolean;
  /** The strictest refusal. */
  readonly refusal: Refusal | null;
  /** Every counter that the attempt would look at, also those where nobody failed yet; the administrator's lock last. */
  readonly counters: readonly CounterStatus[];
  /** Policies that could not be looked at. */
  readonly unseen: readonly UnseenPolicy[];
  /** Whether the name is a new one beyond its address's cap, so that it shares the address's counters (R22). */
  readonly crowded: boolean;
}

interface Looked {
  readonly slot: Slot;
  readonly state: LockoutState | null;
}

/**
 * Looks at everything that `begin` would look at, through the same slots, past any memory, and charges nothing. Throws
 * InvalidSubjectError for names that cannot be a key; rejects with what the store threw.
 */
export async function explainAttempt(
  { applier, slots: builder }: { readonly applier: Pick<BatchApplier, 'load'>; readonly slots: SlotBuilder },
  request: ExplanationRequest,
): Promise<AttemptExplanation> {
  const { account = null, method = null, address = null, device = null, ...rest } = request;
  const known = builder.forKnown({ ...rest, account, method, address, device });
  const { records, now } = await applier.load(known.chargeKeys);
  const view: RecordView = { get: (key) => records.get(key) ?? null, put: () => {} };
  const crowded = isCrowded(view, known, now);
  const looked = known.slots.map((own): Looked => {
    const slot = (crowded ? own.overflow : null) ?? own;
    return { slot, state: readSlot(view, slot) };
  });
  const manualLock = hasManualLock(
    looked.map(({ slot, state }) => ({ facts: slot.facts, state: state ?? EMPTY_STATE })),
    now,
  );
  const from = known.from === undefined ? {} : { from: known.from };

  const counters = looked.map(({ slot, state }) => {
    const asked = method ?? methodFor(slot.policy);
    const counting = looked
      .filter((other) => other.slot.key === slot.key && countsMethod(other.slot.policy, asked))
      .map((other) => other.slot.policy);
    const record = recordOf(slot, records, state);
    return counterStatus(
      slot.policy,
      record ?? { key: slot.key, facts: slot.facts, state: EMPTY_STATE },
      now,
      { method, manualLock, counting, ...from },
      record !== null,
    );
  });
  const refusal = strictestRefusal(
    looked.map(({ slot, state }) => ({
      slot,
      decision: judge(slot.policy, state, method ?? methodFor(slot.policy), now),
    })),
    now,
  );
  return { now, allowed: refusal === null, refusal, counters, unseen: known.unseen, crowded };
}

/** As `begin` decides it. */
const isCrowded = (view: RecordView, { slots, newcomers }: KnownSlots, now: number): boolean =>
  newcomers !== null && isNewcomer(view, slots) && isOverCap(view, newcomers, now);

/** The record whose state governs the slot: under the current secret, or a previous one. */
function recordOf(
  slot: Slot,
  records: ReadonlyMap<LockoutRecord['key'], LockoutRecord>,
  state: LockoutState | null,
): LockoutRecord | null {
  const found = [slot.key, ...slot.aliases].flatMap((key) => records.get(key) ?? []);
  return found.find((record) => record.state === state) ?? null;
}
