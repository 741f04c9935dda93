import { isTablePolicy, type LockoutPolicy, type ThresholdPolicy } from '../policy.js';
import { durationText } from './amount-text.js';
import { canBeIndefinite, longestLockMs } from './lock-lengths.js';
import type { PolicyWarning, PolicyWarningId } from './policy-warning.js';
import { finite } from './verdict.js';

const isFresh = (policy: LockoutPolicy): policy is ThresholdPolicy =>
  !isTablePolicy(policy) &&
  (policy.afterLock === 'fresh-budget' || policy.afterLock === 'fresh-budget-at-end');

const growsByLockouts = (policy: LockoutPolicy): boolean =>
  policy.indefiniteAfterLockouts !== null || ('by' in policy.schedule && policy.schedule.by === 'lockouts');

/** Whether what a lock leads to next rests on something the window forgets. */
function restsOnWindow(policy: LockoutPolicy): boolean {
  if (growsByLockouts(policy)) return policy.escalationWindow === 'with-failures';
  return !isFresh(policy);
}

type Warn = (
  id: PolicyWarningId,
  path: string,
  message: string,
  hint: string,
  numbers?: Readonly<Record<string, number>>,
) => void;

function lintWindow(policy: LockoutPolicy, warn: Warn): void {
  const { window, retentionMs, minIntervalMs } = policy;
  if (window.kind === 'none') return;
  const { durationMs: windowMs } = window;
  const longest = longestLockMs(policy);
  const fromLockEnd = window.kind === 'idle' && window.anchor === 'later-of-failure-and-lock-end';
  if (longest !== null && windowMs <= longest && !fromLockEnd && restsOnWindow(policy)) {
    const locks =
      longest === Number.POSITIVE_INFINITY
        ? 'locks grow without a maximum'
        : `the longest lock lasts ${durationText(longest)}`;
    const message = `is ${durationText(windowMs)}, and ${locks}: after one that outlasts it the next is the first again`;
    const hint =
      longest === Number.POSITIVE_INFINITY
        ? 'a schedule.maximumMs below it, or anchor "later-of-failure-and-lock-end"'
        : `more than ${longest}, or anchor "later-of-failure-and-lock-end"`;
    warn('LCK101', 'window.durationMs', message, hint, { windowMs, longestLockMs: longest });
  }
  if (retentionMs !== null && retentionMs <= windowMs) {
    const message = `is ${durationText(retentionMs)}, no longer than the window (${durationText(windowMs)}), which then never matters`;
    warn('LCK107', 'retentionMs', message, `more than ${windowMs}, or null`, { retentionMs, windowMs });
  }
  if (minIntervalMs >= windowMs) {
    const message = `is ${durationText(minIntervalMs)}, no shorter than the window (${durationText(windowMs)}): no two failures ever count together`;
    warn('LCK108', 'minIntervalMs', message, `less than ${windowMs}`, { minIntervalMs, windowMs });
  }
}

function lintSchedule(policy: LockoutPolicy, warn: Warn): void {
  const { schedule } = policy;
  const longest = longestLockMs(policy);
  if (canBeIndefinite(policy) && policy.onPasswordReset !== 'unlock' && policy.selfService !== 'all') {
    const message = 'can lock until unlocked, and only an administrator can unlock';
    warn('LCK102', 'schedule', message, 'have administrators at hand, or onPasswordReset "unlock"');
  }
  const freshByFailures = isFresh(policy) && 'by' in schedule && schedule.by === 'failures';
  if (longest === Number.POSITIVE_INFINITY && 'by' in schedule && !freshByFailures) {
    warn('LCK103', 'schedule.maximumMs', 'is missing: locks grow up to 100 years', 'e.g. hours(24)');
  }
  if (freshByFailures) {
    const message = 'is "failures", which a fresh budget sets back to zero: locks never grow';
    warn('LCK105', 'schedule.by', message, 'use "lockouts"');
  }
}

/** What the fields of one policy say about each other (LCK101 … LCK108). */
export function ruleWarnings(policy: LockoutPolicy): readonly PolicyWarning[] {
  const warnings: PolicyWarning[] = [];
  const warn: Warn = (id, path, message, hint, numbers = {}) =>
    warnings.push({ id, level: 'warning', path, message, hint, numbers: finite(numbers) });
  lintWindow(policy, warn);
  lintSchedule(policy, warn);
  if (policy.unknownAccounts === 'ignore') {
    const message = 'is "ignore": being locked tells that a name exists';
    warn('LCK104', 'unknownAccounts', message, 'use "track"');
  }
  if (policy.enabled && !policy.enforce) {
    const message = 'is false: locks are recorded and nothing is refused';
    warn('LCK106', 'enforce', message, 'true when you trust the numbers');
  }
  return warnings;
}
