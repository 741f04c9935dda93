import type { BatchApplier } from '../store/batch-applier.js';
import { StoreError } from '../store/store-error.js';
import type { AttemptRequest } from './attempt-request.js';
import type { AttemptSlots, SlotBuilder } from './attempt-slots.js';
import { type ChargeAnswer, chargeOperation, type DecidedCharge } from './charge.js';
import type { EngineClock } from './clock.js';
import type { LivePolicies } from './live-policies.js';
import { unavailable } from './lockout-error.js';

/** An attempt's charge, ready to be tried. */
export interface Charging {
  readonly slots: AttemptSlots;
  /** {@link LivePolicies.generation} of the policies it was made for. */
  readonly generation: number;
  readonly operation: ReturnType<typeof chargeOperation>;
}

export interface ChargerParts {
  readonly policies: LivePolicies;
  readonly slots: SlotBuilder;
  readonly applier: BatchApplier;
  readonly monotonic: EngineClock['monotonic'];
  /** How long a store may be too slow to decide by what it tells, ms. */
  readonly retryMs: number;
  /** Called for charges that may have been written although nobody was told so. */
  readonly withdrawLater: (slots: AttemptSlots, id: string) => void;
}

const isDecided = (answer: ChargeAnswer): answer is DecidedCharge =>
  answer.allowed || answer.refusal !== null;

/** Charges attempts by policies that the store told within the last second, whatever is saved meanwhile. */
export class Charger {
  constructor(private readonly parts: ChargerParts) {}

  /** Throws InvalidSubjectError for accounts, realms or devices that cannot be a key; asks nothing (R20). */
  prepare(id: string, request: AttemptRequest): Charging {
    const { policies, slots: builder } = this.parts;
    const { generation } = policies;
    const slots = builder.forAttempt(request);
    const isCurrent = () => policies.isFresh && policies.generation === generation;
    return { slots, generation, operation: chargeOperation(slots, id, request.method, isCurrent) };
  }

  /**
   * Tries a charge. Where somebody saved other policies before it was folded, it is made anew under those. Rejects with
   * LockoutUnavailableError when the store does not answer, or too slowly to decide by what it tells.
   */
  async charge(
    id: string,
    request: AttemptRequest,
    given: Charging,
  ): Promise<{ readonly charging: Charging; readonly answer: DecidedCharge }> {
    const { policies, applier, monotonic, retryMs } = this.parts;
    const giveUpAt = monotonic() + retryMs;
    let charging = given;
    for (;;) {
      await policies.fresh();
      if (charging.generation !== policies.generation) charging = this.prepare(id, request);
      const answer = applier.answerFromMemory(charging.operation) ?? (await this.apply(charging, id));
      if (isDecided(answer)) return { charging, answer };
      if (monotonic() >= giveUpAt) {
        throw unavailable(
          new StoreError('timeout', 'The store tells the policies too slowly to decide by them.'),
        );
      }
    }
  }

  private async apply({ slots, operation }: Charging, id: string): Promise<ChargeAnswer> {
    const { applier, withdrawLater } = this.parts;
    try {
      return await applier.apply(operation);
    } catch (error) {
      // It may have been written all the same: it must not become a presumed failure of the person's.
      // Unless it never began. A withdrawal never takes the place of a settle: a charge that stays is the strict side.
      const began = !(error instanceof StoreError && error.fault === 'overload');
      if (began) withdrawLater(slots, id);
      throw unavailable(error);
    }
  }
}
