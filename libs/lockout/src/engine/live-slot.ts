import type { LockoutKey } from '../key/key.js';
import type { LockoutPolicy } from '../policy/policy.js';
import type { RecordFacts } from '../store/record.js';
import type { PolicySource } from './policy-book.js';
import type { Slot } from './slot.js';

/** A slot of an attempt; a new name beyond its address's cap uses `overflow` instead (R22). */
export interface AttemptSlot extends Slot {
  /** Whether the attempt is charged here, or only refused by a lock. */
  readonly counted: boolean;
  readonly overflow: Slot | null;
}

/** Which policy a slot follows: the one at this place among its brand's; `place` null: always this one. */
export interface Governed {
  readonly policy: LockoutPolicy;
  readonly brand: string | undefined;
  readonly place: number | null;
}

export const fixed = (policy: LockoutPolicy): Governed => ({ policy, brand: undefined, place: null });

/** Reads its policy anew each time: a save governs attempts in flight too. Scope and counter no save can change. */
export class LiveSlot implements AttemptSlot {
  constructor(
    private readonly policies: PolicySource,
    private readonly governed: Governed,
    readonly key: LockoutKey,
    readonly aliases: readonly LockoutKey[],
    readonly facts: RecordFacts,
    readonly counted: boolean,
    readonly overflow: Slot | null,
  ) {}

  get policy(): LockoutPolicy {
    const { policy, brand, place } = this.governed;
    return place === null ? policy : (this.policies.forBrand(brand)[place] ?? policy);
  }

  get readers(): readonly LockoutPolicy[] {
    return this.policies.allOfCounter(this.governed.policy.counter);
  }
}
