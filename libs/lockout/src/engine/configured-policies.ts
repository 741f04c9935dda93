import { createHash } from 'node:crypto';
import type { LockoutPolicy } from '../policy/policy.js';
import type { PolicyTarget } from '../store/policy-store.js';

/** Hex digits of a policy's hash: enough to tell configurations apart, no more. */
const HASH_DIGITS = 16;

/** The same text for the same content, whatever the order of fields. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join()}}`;
}

const hashOf = (policy: LockoutPolicy): string =>
  createHash('sha256').update(canonical(policy)).digest('hex').slice(0, HASH_DIGITS);

/** What code says: global policies, and whole-policy overrides by brand. The default of, and the fallback for, saves. */
export class ConfiguredPolicies {
  private readonly byBrand: ReadonlyMap<string, readonly LockoutPolicy[]>;

  /** `brands`: for each brand the policies that replace the global ones of the same counter. */
  constructor(
    readonly global: readonly LockoutPolicy[],
    brands: Readonly<Record<string, readonly LockoutPolicy[]>> = {},
  ) {
    this.byBrand = new Map(Object.entries(brands));
  }

  get brands(): readonly string[] {
    return Array.from(this.byBrand.keys());
  }

  /** What code says for exactly this target; null: nothing (the brand has no override there). */
  of({ policy: name, brand }: PolicyTarget): LockoutPolicy | null {
    const global = this.global.find((policy) => policy.name === name) ?? null;
    if (!global || brand === null) return global;
    return this.byBrand.get(brand)?.find(({ counter }) => counter === global.counter) ?? null;
  }

  /**
   * What a save of this target is merged over and checked against; null: there is no such policy. A brand's limits are
   * its own, or else those of the global policy (OW-14).
   */
  baseOf(target: PolicyTarget): LockoutPolicy | null {
    const global = this.of({ policy: target.policy, brand: null });
    const own = this.of(target);
    if (!global || !own || Object.keys(own.limits).length > 0) return own ?? global;
    return { ...own, limits: global.limits };
  }

  /** A short hash of each policy, by name, a brand's by `name@brand`: how processes compare what they were given. */
  hashes(): Readonly<Record<string, string>> {
    const targets = this.global.flatMap(({ name }) =>
      [null, ...this.brands].map((brand): PolicyTarget => ({ policy: name, brand })),
    );
    return Object.fromEntries(
      targets.flatMap((target) => {
        const policy = this.of(target);
        const name = target.brand === null ? target.policy : `${target.policy}@${target.brand}`;
        return policy ? [[name, hashOf(policy)] as const] : [];
      }),
    );
  }
}
