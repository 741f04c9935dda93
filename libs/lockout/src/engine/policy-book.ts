import { MANUAL_POLICY } from '../policy/manual.js';
import type { LockoutPolicy } from '../policy/policy.js';
import { NEWCOMER_POLICY } from './newcomers.js';

/** Which policies watch an attempt. */
export interface PolicySource {
  /** The policies of a brand, or the global ones where it has none of its own (or none is given). */
  forBrand(brand?: string): readonly LockoutPolicy[];
  /** The policy that governs a stored counter; undefined: none is configured any more. */
  ofCounter(counter: string): LockoutPolicy | undefined;
}

/** Policies from configuration: global ones, and whole-policy overrides by brand. */
export class PolicyBook implements PolicySource {
  private readonly byCounter = new Map<string, LockoutPolicy>([
    [MANUAL_POLICY.counter, MANUAL_POLICY],
    [NEWCOMER_POLICY.counter, NEWCOMER_POLICY],
  ]);
  private readonly byBrand = new Map<string, readonly LockoutPolicy[]>();

  /** `brands`: for each brand the policies that replace the global ones of the same counter. */
  constructor(
    private readonly global: readonly LockoutPolicy[],
    brands: Readonly<Record<string, readonly LockoutPolicy[]>> = {},
  ) {
    for (const policy of global) this.byCounter.set(policy.counter, policy);
    for (const [brand, overrides] of Object.entries(brands)) {
      this.byBrand.set(
        brand,
        global.map((policy) => overrides.find((override) => override.counter === policy.counter) ?? policy),
      );
    }
  }

  forBrand(brand?: string): readonly LockoutPolicy[] {
    return (brand === undefined ? undefined : this.byBrand.get(brand)) ?? this.global;
  }

  ofCounter(counter: string): LockoutPolicy | undefined {
    return this.byCounter.get(counter);
  }
}
