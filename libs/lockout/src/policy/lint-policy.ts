import { attackWarnings, scopeWarnings } from './lint/attack-warnings.js';
import type { PolicyWarning } from './lint/policy-warning.js';
import { ruleWarnings } from './lint/rule-warnings.js';
import type { LockoutPolicy } from './policy.js';

/** What {@link lintPolicies} has to say. */
export interface PoliciesWarning extends PolicyWarning {
  /** The policy it is about; null: all of them together. */
  readonly policy: string | null;
}

/**
 * Warns of what {@link definePolicy} allows but few mean, and tells what an attacker gets out of it. Never throws.
 *
 * Warnings, logged at start:
 * - LCK101 the window is not longer than the longest lock: by its end the failures that led to it are forgotten, and
 *   the next lock is the first again (AG-13)
 * - LCK102 an indefinite lock that only an administrator can lift
 * - LCK103 locks that grow without a maximum (OW-16)
 * - LCK104 `unknownAccounts: 'ignore'`: locks tell which names exist (R47)
 * - LCK105 growth by failures after a fresh budget: it never grows
 * - LCK106 monitor: nothing is refused
 * - LCK107 the retention is not longer than the window, which then never matters
 * - LCK108 the pause between failures is not shorter than the window: no two failures ever count together
 *
 * Warning or info, by their numbers:
 * - LCK109 the lock is account-wide: what it costs to keep a victim locked; a warning if two requests or fewer lock
 * - LCK110 more than 100 guesses an hour at one account (OWASP ASVS 4.0.3, 2.2.1); a warning if one address gets them,
 *   info if it takes 1,000
 * - LCK113 a device or custom part is counted by, which an attacker may leave out or make up; a warning if nothing else
 *   limits guesses
 *
 * Info only, met or not:
 * - LCK111 NIST SP 800-63B-4
 * - LCK112 PCI DSS 4.0.1
 *
 * The numbers are found by playing the attacker against the rule: {@link guessRate}, {@link holdingCost},
 * {@link verdicts}.
 */
export const lintPolicy = (policy: LockoutPolicy): readonly PolicyWarning[] => [
  ...ruleWarnings(policy),
  ...scopeWarnings(policy, [policy]),
  ...attackWarnings([policy]),
];

/**
 * {@link lintPolicy} for policies that watch the same attempts: guesses and standards (LCK110 … LCK112) are judged for
 * all of them together, because an attempt is refused if any of them refuses it. Never throws.
 */
export const lintPolicies = (policies: readonly LockoutPolicy[]): readonly PoliciesWarning[] => [
  ...policies.flatMap((policy) =>
    [...ruleWarnings(policy), ...scopeWarnings(policy, policies)].map((warning) => ({
      ...warning,
      policy: policy.name,
    })),
  ),
  ...attackWarnings(policies).map((warning) => ({ ...warning, policy: null })),
];
