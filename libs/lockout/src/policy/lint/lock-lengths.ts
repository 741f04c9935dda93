import type { DurationMs } from '../duration.js';
import { isTablePolicy, type LockoutPolicy } from '../policy.js';

/** The longest timed lock the schedule can give; infinity if it grows without a cap; null if none is timed. */
export function longestLockMs(policy: LockoutPolicy): DurationMs | null {
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

/** Whether a lock can last until it is lifted. */
export const canBeIndefinite = (policy: LockoutPolicy): boolean =>
  policy.schedule.kind === 'indefinite' ||
  (isTablePolicy(policy) && policy.schedule.rows.some((row) => row.lockMs === null)) ||
  policy.indefiniteAfterFailures !== null ||
  policy.indefiniteAfterLockouts !== null;
