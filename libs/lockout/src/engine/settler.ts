import type { Operation } from '../store/operation.js';
import { StoreError } from '../store/store-error.js';
import { Attempt, type Outcome } from './attempt.js';
import type { AttemptRequest } from './attempt-request.js';
import type { AttemptSlots } from './attempt-slots.js';
import type { DecidedCharge } from './charge.js';
import type { ChargePlace } from './charger.js';
import type { DecisionLimits } from './decision-limits.js';
import type { EngineObservers } from './engine-observer.js';
import type { LivePolicies } from './live-policies.js';
import type { SettleQueue } from './settle-queue.js';
import { lossOperation, type Settlement, successOperation, UNWRITTEN } from './settlement.js';
import type { StoreAccess } from './store-access.js';
import type { WaitingRoom } from './waiting-room.js';

export interface SettlerParts {
  readonly access: StoreAccess;
  readonly policies: LivePolicies;
  readonly queue: SettleQueue;
  readonly waitingRoom: WaitingRoom;
  readonly limits: DecisionLimits;
  readonly observers: EngineObservers;
}

/** Longest time an attempt may stay unsettled under these policies. */
export const patienceOf = (slots: AttemptSlots): number =>
  Math.max(...slots.slots.map(({ policy }) => policy.attemptTimeoutMs));

/** Settles attempts where they were charged; what the store does not take is tried again until it is of no use (R32). */
export class Settler {
  constructor(private readonly parts: SettlerParts) {}

  /** The attempt whose charge was made. */
  attempt(
    id: string,
    request: AttemptRequest,
    slots: AttemptSlots,
    { charges, remaining }: Extract<DecidedCharge, { allowed: true }>,
    place: ChargePlace,
  ): Attempt {
    const { method } = request;
    // Counted nowhere, the attempt is still refused by a lock that is known by its end.
    const watching = slots.slots.filter((slot) => place === 'nowhere' || !slot.counted);
    const origin = slots.origin && { ...slots.origin, attempt: id };
    const operationFor = (outcome: Outcome) => {
      switch (outcome.type) {
        case 'success':
          return successOperation(
            charges,
            watching,
            { id, method, final: outcome.final, from: slots.from },
            origin,
          );
        case 'failure':
          return lossOperation(charges, { type: 'fail', id }, method, origin);
        case 'abandoned':
          return lossOperation(charges, { type: 'abandon', id }, method, origin);
        default:
          return outcome satisfies never;
      }
    };
    const settle = async (outcome: Outcome): Promise<Settlement> => {
      if (charges.length === 0 && outcome.type !== 'success') return UNWRITTEN;
      const { access, limits, waitingRoom } = this.parts;
      const operation = operationFor(outcome);
      const known = () =>
        place === 'nowhere' ? { ...UNWRITTEN, refusal: access.knownLock(slots, method) } : null;
      const settling = this.settle(operation, place, patienceOf(slots), known);
      return limits.settle(
        settling.finally(() => waitingRoom.wake(operation.keys)),
        UNWRITTEN,
      );
    };
    return new Attempt(id, remaining, this.parts.observers.settling(method, settle));
  }

  /** `known`: the settlement of an attempt that is counted nowhere, by what this process knows; null: it is counted. */
  private async settle(
    operation: Operation<Settlement>,
    place: ChargePlace,
    patienceMs: number,
    known: () => Settlement | null,
  ): Promise<Settlement> {
    const { access, policies, queue } = this.parts;
    let isQueued = false;
    if (!access.isBridged) {
      // Under what governs by now; where the store does not tell, under what was known: a settle is never lost to it.
      await policies.fresh().catch(() => {});
      try {
        return await access.apply(operation);
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        if (place !== 'nowhere') queue.push(operation, patienceMs);
        isQueued = true;
        if (!(await access.covers(error))) return UNWRITTEN;
      }
    }
    const settled = known();
    if (settled) return settled;
    // The store has to hear of a charge that was made there, and those who are decided for meanwhile too.
    if (!isQueued && place === 'store') queue.push(operation, patienceMs);
    if (!access.countsApart) return UNWRITTEN;
    try {
      return await access.applyApart(operation);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      if (!isQueued && place === 'apart') queue.push(operation, patienceMs);
      return UNWRITTEN;
    }
  }
}
