import type { EventOrigin, LockoutEvent } from '../policy/event.js';
import type { Input } from '../policy/input.js';
import { countsMethod, type Method } from '../policy/policy.js';
import { judge, type Transition, transition } from '../policy/transition.js';
import type { Operation } from '../store/operation.js';
import { type Charge, strictestRefusal } from './charge.js';
import type { Refusal } from './refusal.js';
import { keysOfSlots, readSlot, type Slot, writeSlot } from './slot.js';

/** What settling an attempt did. */
export interface Settlement {
  /**
   * Only after a success: a lock was set while the credential was verified, so the person must not be signed in
   * although the credential was right (R6).
   */
  readonly refusal: Refusal | null;
  /** Locks that this failure set, by policy name. */
  readonly locked: readonly { readonly policy: string; readonly until: number | null }[];
  /** Attempts that can still be verified before a lock; null: nothing counts them, or unknown. */
  readonly remaining: number | null;
}

/** A settlement that could not be written yet: the answer to the person does not change (R32). */
export const UNWRITTEN: Settlement = Object.freeze({ refusal: null, locked: [], remaining: null });

const keysOf = (charges: readonly Charge[]) => keysOfSlots(charges.map(({ slot }) => slot));

/** What this very failure did carries where it came from. */
const withOrigin = (event: LockoutEvent, origin: EventOrigin | undefined): LockoutEvent =>
  origin && (event.type === 'locked' || event.type === 'failed') ? { ...event, origin } : event;

/**
 * What this very success did, likewise: nothing else makes such events, whereas locks and failures told of in the same
 * moment are of overdue charges, which came from elsewhere.
 */
const fromHere = (after: Transition, origin: EventOrigin | undefined): Transition =>
  origin === undefined || after.events.length === 0
    ? after
    : {
        ...after,
        events: after.events.map((event) =>
          event.type === 'cleared' || event.type === 'succeeded-after-failures'
            ? { ...event, origin }
            : event,
        ),
      };

/** Settles a failure, or a fault of ours. `origin`: for the events that it makes. */
export function lossOperation(
  charges: readonly Charge[],
  input: Extract<Input, { type: 'fail' | 'abandon' }>,
  method: Method,
  origin?: EventOrigin,
): Operation<Settlement> {
  return {
    keys: keysOf(charges),
    confirmed: true,
    fold(view, now) {
      const locked: { policy: string; until: number | null }[] = [];
      let remaining: number | null = null;
      for (const { slot } of charges) {
        const { policy } = slot;
        const before = readSlot(view, slot);
        // What time did first: a charge of somebody else's that was overdue came from elsewhere.
        const passed = transition(policy, before, { type: 'tick' }, now);
        // A save may have taken the method from those that count: as with a policy that is off, its charge just ends.
        const settled = countsMethod(policy, method) ? input : ({ type: 'withdraw', id: input.id } as const);
        const after = transition(policy, passed.state, settled, now);
        const events = [...passed.events, ...after.events.map((event) => withOrigin(event, origin))];
        writeSlot(view, slot, before, { state: after.state, events });
        for (const event of events) {
          if (event.type === 'locked') locked.push({ policy: policy.name, until: event.until });
        }
        const next = judge(policy, after.state, method, now);
        const left = !next.allowed ? 0 : next.remaining === null ? null : next.remaining + 1;
        if (left !== null) remaining = Math.min(remaining ?? left, left);
      }
      return { refusal: null, locked, remaining };
    },
  };
}

/**
 * Settles a success. Under a lock at any key nothing is cleared anywhere, and the answer is a refusal (R6). `watching`:
 * slots that do not count the attempt, but whose lock refuses it, an administrator's above all. `origin`: for the events
 * that it makes.
 */
export function successOperation(
  charges: readonly Charge[],
  watching: readonly Slot[],
  success: {
    readonly id: string;
    readonly method: Method;
    readonly final: boolean;
    readonly from: string | undefined;
  },
  origin?: EventOrigin,
): Operation<Settlement> {
  return {
    keys: [...keysOf(charges), ...keysOfSlots(watching)],
    confirmed: true,
    fold(view, now) {
      const { id, method, from } = success;
      const address = from === undefined ? {} : { from };
      const settledAt = ({ slot, seq }: Charge, final: boolean) => {
        const before = readSlot(view, slot);
        const input = { type: 'succeed', id, method, seq, final, ...address } as const;
        return { slot, before, after: transition(slot.policy, before, input, now) };
      };
      const settled = charges.map((charge) => settledAt(charge, success.final));
      // Asked as at the charged ones: only a lock refuses, neither a pause nor a budget that others have taken.
      const asked = { type: 'succeed', id, method, seq: 0, final: false } as const;
      const refusal = strictestRefusal(
        [
          ...settled.map(({ slot, after }) => ({ slot, decision: after.decision })),
          ...watching.map((slot) => ({
            slot,
            decision: transition(slot.policy, readSlot(view, slot), asked, now).decision,
          })),
        ],
        now,
      );
      // One after the other: policies may share a record, and each goes on from what the one before left.
      for (const [place, charge] of charges.entries()) {
        const first = settled[place];
        const holds = refusal === null && first?.before === readSlot(view, charge.slot);
        const { slot, before, after } =
          first && holds ? first : settledAt(charge, success.final && refusal === null);
        writeSlot(view, slot, before, fromHere(after, origin));
      }
      return { refusal, locked: [], remaining: null };
    },
  };
}
