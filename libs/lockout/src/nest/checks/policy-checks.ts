import { isTablePolicy, type LockoutPolicy } from '../../policy/policy.js';
import type { CheckResult } from './check.js';

/** The longest timed lock a policy sets, ms; null: none, or without a bound. */
function longestLockMs(policy: LockoutPolicy): number | null {
  if (isTablePolicy(policy)) {
    return policy.schedule.rows.reduce<number | null>(
      (longest, { lockMs }) => (lockMs === null ? longest : Math.max(longest ?? 0, lockMs)),
      null,
    );
  }
  switch (policy.schedule.kind) {
    case 'fixed':
      return policy.schedule.durationMs;
    case 'exponential':
    case 'linear':
    case 'multiples':
      return policy.schedule.maximumMs ?? null;
    case 'indefinite':
      return null;
    default:
      return policy.schedule satisfies never;
  }
}

/** Whether failures are forgotten by a clock that goes on while a lock holds, so that waiting it out costs nothing. */
function isOutlived(policy: LockoutPolicy): boolean {
  const { window } = policy;
  if (window.kind === 'none') return false;
  if (window.kind === 'idle' && window.anchor === 'later-of-failure-and-lock-end') return false;
  // A count that a lock sets back, or that drives nothing, is not missed.
  const drivesLater = isTablePolicy(policy) || policy.afterLock === 'relock-on-next-failure';
  const longest = longestLockMs(policy);
  return drivesLater && longest !== null && window.durationMs <= longest;
}

/** What policies give up without saying so. */
export function policyChecks(policies: readonly LockoutPolicy[]): readonly CheckResult[] {
  return policies.flatMap((policy) => {
    const results: CheckResult[] = [];
    if (isOutlived(policy)) {
      results.push({
        id: 'LCK005',
        level: 'warning',
        subject: policy.name,
        message: 'The window is not longer than the longest lock: whoever waits the lock out starts afresh.',
        hint: "Lengthen the window, or measure it from the lock's end (anchor: 'later-of-failure-and-lock-end').",
      });
    }
    if (policy.unknownAccounts === 'ignore' && policy.scope.includes('account')) {
      results.push({
        id: 'LCK007',
        level: 'warning',
        subject: policy.name,
        message:
          "unknownAccounts: 'ignore': only names that exist are ever locked, which tells which ones do.",
        hint: "Use 'track' unless names are public.",
      });
    }
    return results;
  });
}
