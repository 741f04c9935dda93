import { lintPolicies } from '../../policy/lint-policy.js';
import type { LockoutPolicy } from '../../policy/policy.js';
import type { CheckResult } from './check.js';

/** Policies that watch the same attempts: those of everybody (`brand` null), or those that a brand uses. */
export interface PolicySet {
  readonly brand: string | null;
  readonly policies: readonly LockoutPolicy[];
}

/**
 * What policies allow but few mean (LCK101…): the warnings of {@link lintPolicies}, set by set; what a brand shares with
 * everybody is said once. What the linter has as information, costs and verdicts, is for who asks: the admin API, the
 * console, `lintPolicies` itself.
 */
export function policyChecks(sets: readonly PolicySet[]): readonly CheckResult[] {
  const said = new Set<string>();
  const results: CheckResult[] = [];
  for (const { brand, policies } of sets) {
    for (const { id, level, policy, path, message, hint } of lintPolicies(policies)) {
      const subject = policy ?? policies.map(({ name }) => name).join(', ');
      const once = JSON.stringify([id, subject, path, message]);
      if (level !== 'warning' || said.has(once)) continue;
      said.add(once);
      results.push({
        id,
        level,
        subject: brand === null ? subject : `${subject}@${brand}`,
        message: `${path} ${message}.`,
        hint: `Better: ${hint}.`,
      });
    }
  }
  return results;
}
