import {
  definePolicies,
  definePolicy,
  type LockoutPolicy,
  PolicyError,
  type PolicyInput,
} from '../../policy/index.js';
import type { PolicyStore } from '../../store/policy-store.js';

/** What an engine without any policy is given: it watches nobody, and no stored counter is its own. */
const NONE = definePolicy({
  name: 'none',
  counter: 'nestjs-lockout-none',
  enabled: false,
  threshold: 1,
  window: { kind: 'none' },
  schedule: { kind: 'indefinite' },
});

/** What is known of the policies that govern a store, to whoever has not the application's code. */
export interface GoverningPolicies {
  /** For the engine; never empty. */
  readonly policies: readonly LockoutPolicy[];
  /** Whether these are what code says; `false`: only what was saved, so nobody knows what code says. */
  readonly isCode: boolean;
  /** Whether any policy is known at all. */
  readonly isKnown: boolean;
}

/**
 * The policies that were given, or else those that administrators saved: each save is a whole policy. Counters of others
 * are shown as they are, and an unlock clears all of them.
 */
export async function governingPolicies(
  given: readonly LockoutPolicy[] | null,
  store: PolicyStore,
): Promise<GoverningPolicies> {
  if (given) return { policies: given, isCode: true, isKnown: true };
  const { revisions } = await store.savedPolicies();
  const saved = revisions.flatMap(({ brand, settings }) =>
    brand === null && settings !== null ? (policyOf(settings) ?? []) : [],
  );
  return { policies: saved.length > 0 ? saved : [NONE], isCode: false, isKnown: saved.length > 0 };
}

/** Null: a row that this release cannot read. */
function policyOf(settings: Readonly<Record<string, unknown>>): LockoutPolicy | null {
  try {
    return definePolicies([settings as unknown as PolicyInput])[0] ?? null;
  } catch (error) {
    if (error instanceof PolicyError) return null;
    throw error;
  }
}
