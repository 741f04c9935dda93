import { StoreError } from '../store/store-error.js';
import type { AttemptRequest } from './attempt-request.js';
import type { AttemptSlots, SlotBuilder } from './attempt-slots.js';
import { type ChargeAnswer, chargeOperation, type DecidedCharge, withdrawOperation } from './charge.js';
import type { EngineClock } from './clock.js';
import type { Patience } from './decision-limits.js';
import type { LivePolicies } from './live-policies.js';
import { unavailable } from './lockout-error.js';
import type { StoreAccess } from './store-access.js';

/** An attempt's charge, ready to be tried. */
export interface Charging {
  /** The attempt's. */
  readonly id: string;
  readonly slots: AttemptSlots;
  /** {@link LivePolicies.generation} of the policies it was made for. */
  readonly generation: number;
  readonly operation: ReturnType<typeof chargeOperation>;
}

/** Where an attempt is counted: in the store, in this process while the store does not answer, or nowhere. */
export type ChargePlace = 'store' | 'apart' | 'nowhere';

export interface Charged {
  readonly charging: Charging;
  readonly answer: DecidedCharge;
  readonly place: ChargePlace;
}

export interface ChargerParts {
  readonly policies: LivePolicies;
  readonly slots: SlotBuilder;
  readonly access: StoreAccess;
  readonly monotonic: EngineClock['monotonic'];
  /** How long a store may be too slow to decide by what it tells, ms. */
  readonly retryMs: number;
  readonly freshId: () => string;
  /** Called for charges that may have been written although nobody was told so. */
  readonly withdrawLater: (slots: AttemptSlots, id: string) => void;
}

const isDecided = (answer: ChargeAnswer): answer is DecidedCharge =>
  answer.allowed || answer.refusal !== null;

/** Charges attempts by policies that the store told within the last second, whatever is saved meanwhile. */
export class Charger {
  constructor(private readonly parts: ChargerParts) {}

  /** Throws InvalidSubjectError for accounts, realms or devices that cannot be a key; asks nothing (R20). */
  prepare(request: AttemptRequest, id = this.parts.freshId()): Charging {
    const { policies, slots: builder } = this.parts;
    const { generation } = policies;
    const slots = builder.forAttempt(request);
    const isCurrent = () => policies.isFresh && policies.generation === generation;
    return { id, slots, generation, operation: chargeOperation(slots, id, request.method, isCurrent) };
  }

  /**
   * Tries a charge; while the store does not answer, where `onStoreError` says. Rejects with LockoutUnavailableError when
   * nothing can be decided. Nobody waits for it once `patience` is over: what it charges then is taken back.
   */
  async charge(request: AttemptRequest, given: Charging, patience: Patience): Promise<Charged> {
    const { access } = this.parts;
    for (;;) {
      if (access.isBridged) {
        const charged = await this.withoutStore(request, patience);
        if (charged) return charged;
      }
      try {
        return await this.atStore(request, given, patience);
      } catch (error) {
        if (patience.isOver || !(await access.covers(error))) throw error;
      }
    }
  }

  /**
   * At the store. Where somebody saved other policies before the charge was folded, it is made anew under those. Rejects
   * with LockoutUnavailableError when the store does not answer, or too slowly to decide by what it tells.
   */
  private async atStore(request: AttemptRequest, given: Charging, patience: Patience): Promise<Charged> {
    const { policies, access, monotonic, retryMs } = this.parts;
    const giveUpAt = monotonic() + retryMs;
    let charging = given;
    for (;;) {
      await policies.fresh();
      if (charging.generation !== policies.generation) charging = this.prepare(request, given.id);
      const known = access.answerFromMemory(charging.operation);
      const answer = known ?? (await this.apply(charging, patience));
      if (isDecided(answer)) return { charging, answer, place: 'store' };
      if (patience.isOver || monotonic() >= giveUpAt) {
        throw unavailable(
          new StoreError('timeout', 'The store tells the policies too slowly to decide by them.'),
        );
      }
    }
  }

  private async apply({ id, slots, operation }: Charging, patience: Patience): Promise<ChargeAnswer> {
    const { access, withdrawLater } = this.parts;
    let folded = false;
    const watched: typeof operation = {
      ...operation,
      fold: (view, now) => {
        folded = true;
        if (!patience.isOver) return operation.fold(view, now);
        // Nobody waits for it any more: what an earlier round may have won is taken back.
        withdrawOperation(slots, id).fold(view, now);
        return { allowed: false, refusal: null };
      },
    };
    try {
      const answer = await access.apply(watched);
      // The same, where it was under way already: nobody will settle it.
      if (patience.isOver && answer.allowed) withdrawLater(slots, id);
      return answer;
    } catch (error) {
      // It may have been written all the same: it must not become a presumed failure of the person's.
      // Unless it never began. A withdrawal never takes the place of a settle: a charge that stays is the strict side.
      const refusedAtOnce =
        error instanceof StoreError && (error.fault === 'overload' || (error.retryInMs !== null && !folded));
      if (!refusedAtOnce) withdrawLater(slots, id);
      throw unavailable(error);
    }
  }

  /** Null: the store answers again. Under an id of its own: nobody knows what the store has of the one tried there. */
  private async withoutStore(request: AttemptRequest, patience: Patience): Promise<Charged | null> {
    const { access } = this.parts;
    const charging = this.prepare(request);
    const { id, slots, operation } = charging;
    if (!access.countsApart) {
      const refusal = access.knownLock(slots, request.method);
      if (refusal) return { charging, answer: { allowed: false, refusal }, place: 'nowhere' };
      access.uncounted += 1;
      return { charging, answer: { allowed: true, charges: [], remaining: null }, place: 'nowhere' };
    }
    try {
      const answer = await access.applyApart(operation);
      if (patience.isOver && answer.allowed) await access.applyApart(withdrawOperation(slots, id));
      return isDecided(answer) ? { charging, answer, place: 'apart' } : null;
    } catch (error) {
      throw unavailable(error);
    }
  }
}
