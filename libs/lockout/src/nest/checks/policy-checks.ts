import { lintPolicy } from '../../policy/lint-policy.js';
import type { LockoutPolicy } from '../../policy/policy.js';
import type { CheckResult } from './check.js';

/** What policies allow but few mean (LCK101…): {@link lintPolicy}, policy by policy. */
export function policyChecks(policies: readonly LockoutPolicy[]): readonly CheckResult[] {
  return policies.flatMap((policy) =>
    lintPolicy(policy).map(
      ({ id, path, message, hint }): CheckResult => ({
        id,
        level: 'warning',
        subject: policy.name,
        message: `${path} ${message}.`,
        hint: `Better: ${hint}.`,
      }),
    ),
  );
}
