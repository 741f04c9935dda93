import { createHash } from 'node:crypto';
import { overrideOf } from '../policy/brand-override.js';
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
  /** By brand, then by the name of the global policy. */
  private readonly byBrand: ReadonlyMap<string, ReadonlyMap<string, LockoutPolicy>>;

  /**
   * `global`: each with a name of its own. `brands`: for each brand the policies that replace the global ones of the same
   * counter.
   */
  constructor(
    readonly global: readonly LockoutPolicy[],
    private readonly given: Readonly<Record<string, readonly LockoutPolicy[]>> = {},
  ) {
    this.byBrand = new Map(
      Object.entries(given).map(([brand, overrides]) => [
        brand,
        new Map(
          global.flatMap((policy) => {
            const override = overrideOf(policy, global, overrides);
            return override ? [[policy.name, override] as const] : [];
          }),
        ),
      ]),
    );
  }

  /** What would quietly protect nobody: each a sentence with its fix. */
  problems(): readonly string[] {
    const names = this.global.map(({ name }) => name);
    const twice = new Set(names.filter((name, index) => names.indexOf(name) < index));
    const idle = Object.entries(this.given).flatMap(([brand, overrides]) => {
      const governing = Array.from(this.byBrand.get(brand)?.values() ?? []);
      return overrides
        .filter((override) => !governing.includes(override))
        .map(({ name, counter }) => ({ brand, name, counter }));
    });
    return [
      ...Array.from(
        twice,
        (name) => `policies has two that are called "${name}": give each a name of its own.`,
      ),
      ...idle.map(
        ({ brand, name, counter }) =>
          `brands.${brand} has "${name}" (counter "${counter}"), which takes no policy's place: give it the counter, and ` +
          'where several share that the name, of the one in policies that it overrides.',
      ),
    ];
  }

  get brands(): readonly string[] {
    return Array.from(this.byBrand.keys());
  }

  /** What code says for exactly this target; null: nothing (the brand has no override there). */
  of({ policy: name, brand }: PolicyTarget): LockoutPolicy | null {
    const global = this.global.find((policy) => policy.name === name) ?? null;
    if (!global || brand === null) return global;
    return this.byBrand.get(brand)?.get(name) ?? null;
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
