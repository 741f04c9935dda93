import type { DurationMs } from './duration.js';
import { isTablePolicy, type LockoutPolicy, type ThresholdPolicy } from './policy.js';

/** Something that is allowed but seldom meant. Ids are stable: they can be silenced and searched for. */
export interface PolicyWarning {
  readonly id: PolicyWarningId;
  readonly path: string;
  readonly message: string;
  readonly hint: string;
}

export type PolicyWarningId =
  | 'LCK101'
  | 'LCK102'
  | 'LCK103'
  | 'LCK104'
  | 'LCK105'
  | 'LCK106'
  | 'LCK107'
  | 'LCK108';

/** The longest timed lock the schedule can give; infinity if it grows without a cap; null if none is timed. */
function longestLockMs(policy: LockoutPolicy): DurationMs | null {
  const { schedule } = policy;
  switch (schedule.kind) {
    case 'fixed':
      return schedule.durationMs;
    case 'table':
      return schedule.rows.reduce<number | null>(
        (longest, row) => (row.lockMs === null ? longest : Math.max(longest ?? 0, row.lockMs)),
        null,
      );
    case 'indefinite':
      return null;
    case 'exponential':
      return schedule.factor === 1 ? schedule.initialMs : (schedule.maximumMs ?? Number.POSITIVE_INFINITY);
    case 'linear':
    case 'multiples':
      return schedule.maximumMs ?? Number.POSITIVE_INFINITY;
    default:
      return schedule satisfies never;
  }
}

const isFresh = (policy: LockoutPolicy): policy is ThresholdPolicy =>
  !isTablePolicy(policy) && policy.afterLock === 'fresh-budget';

const growsByLockouts = (policy: LockoutPolicy): boolean =>
  policy.indefiniteAfterLockouts !== null || ('by' in policy.schedule && policy.schedule.by === 'lockouts');

/** Whether what a lock leads to next rests on something the window forgets. */
function restsOnWindow(policy: LockoutPolicy): boolean {
  if (growsByLockouts(policy)) return policy.escalationWindow === 'with-failures';
  return !isFresh(policy);
}

const canBeIndefinite = ({
  schedule,
  indefiniteAfterFailures,
  indefiniteAfterLockouts,
}: LockoutPolicy): boolean =>
  schedule.kind === 'indefinite' ||
  (schedule.kind === 'table' && schedule.rows.some((row) => row.lockMs === null)) ||
  indefiniteAfterFailures !== null ||
  indefiniteAfterLockouts !== null;

/**
 * Warns of what {@link definePolicy} allows but few mean. Never throws; an empty list is a clean policy.
 *
 * - LCK101 the window is not longer than the longest lock: by its end the failures that led to it are forgotten, and
 *   the next lock is the first again (AG-13)
 * - LCK102 an indefinite lock that only an administrator can lift
 * - LCK103 locks that grow without a maximum (OW-16)
 * - LCK104 `unknownAccounts: 'ignore'`: locks tell which names exist (R47)
 * - LCK105 growth by failures after a fresh budget: it never grows
 * - LCK106 monitor: nothing is refused
 * - LCK107 the retention is not longer than the window, which then never matters
 * - LCK108 the pause between failures is not shorter than the window: no two failures ever count together
 */
export function lintPolicy(policy: LockoutPolicy): readonly PolicyWarning[] {
  const warnings: PolicyWarning[] = [];
  const warn = (id: PolicyWarningId, path: string, message: string, hint: string) =>
    warnings.push({ id, path, message, hint });
  const { window, schedule } = policy;
  const longest = longestLockMs(policy);

  if (window.kind !== 'none') {
    const fromLockEnd = window.kind === 'idle' && window.anchor === 'later-of-failure-and-lock-end';
    if (longest !== null && window.durationMs <= longest && !fromLockEnd && restsOnWindow(policy)) {
      const message = 'is not longer than the longest lock: after it the next lock is the first again';
      warn(
        'LCK101',
        'window.durationMs',
        message,
        `more than ${longest}, or anchor "later-of-failure-and-lock-end"`,
      );
    }
    if (policy.retentionMs !== null && policy.retentionMs <= window.durationMs) {
      const message = 'is not longer than the window, which then never matters';
      warn('LCK107', 'retentionMs', message, `more than ${window.durationMs}, or null`);
    }
    if (policy.minIntervalMs >= window.durationMs) {
      const message = 'is not shorter than the window: no two failures ever count together';
      warn('LCK108', 'minIntervalMs', message, `less than ${window.durationMs}`);
    }
  }
  if (canBeIndefinite(policy) && policy.onPasswordReset !== 'unlock' && policy.selfService !== 'all') {
    const message = 'a lock can be indefinite, and only an administrator can lift it';
    warn('LCK102', 'schedule', message, 'have administrators at hand, or onPasswordReset "unlock"');
  }
  if (
    longest === Number.POSITIVE_INFINITY &&
    'by' in schedule &&
    !(isFresh(policy) && schedule.by === 'failures')
  ) {
    warn('LCK103', 'schedule.maximumMs', 'is missing: locks grow up to 100 years', 'e.g. hours(24)');
  }
  if (policy.unknownAccounts === 'ignore') {
    const message = 'is "ignore": being locked tells that a name exists';
    warn('LCK104', 'unknownAccounts', message, 'use "track"');
  }
  if (isFresh(policy) && 'by' in schedule && schedule.by === 'failures') {
    const message = 'is "failures", which a fresh budget sets back to zero: locks never grow';
    warn('LCK105', 'schedule.by', message, 'use "lockouts"');
  }
  if (policy.enabled && !policy.enforce) {
    warn(
      'LCK106',
      'enforce',
      'is false: locks are recorded and nothing is refused',
      'true when you trust the numbers',
    );
  }
  return warnings;
}
