import { definePolicies } from '../define-policy.js';
import { type DurationMs, minutes, seconds } from '../duration.js';
import type { LockoutPolicy, Method } from '../policy.js';

/** Amazon Cognito's numbers; none of them can be set there. */
export interface CognitoOptions {
  /** This failure is the first that locks. Integer ≥ 1. Default 5. */
  readonly threshold?: number;
  /** The first lock. Default 1 s. */
  readonly firstLockMs?: DurationMs;
  /** "Approximately 15 minutes", exact here. Default 15 min. */
  readonly maximumLockMs?: DurationMs;
  /** So long without a failure after a lock, and the count is forgotten. Default 15 min. */
  readonly resetAfterMs?: DurationMs;
  /** Methods that count and are refused. Default `['password']`. */
  readonly methods?: readonly Method[];
  /** Name and counter. Default `cognito`. */
  readonly name?: string;
}

/**
 * Amazon Cognito user pools: from the fifth failure on each locks for 2^(n−5) seconds.
 *
 * Source: Developer Guide, "Lockout behavior for failed sign-in attempts"
 * (https://docs.aws.amazon.com/cognito/latest/developerguide/authentication.html#authentication-flow-lockout-behavior):
 * "for a cumulative number of failed sign-in attempts n […] Amazon Cognito locks out your user for 2^(n-5) seconds", up
 * to "approximately 15 minutes"; what resets n. It adds that "this behavior is subject to change".
 *
 * What is decided here:
 * - The fifth failure itself locks, for 2^0 seconds.
 * - "Approximately 15 minutes" is exactly 15: n = 14 gives 512 s, n = 15 gives 900 instead of 1024.
 * - "Not initiate any sign-in attempts for 15 consecutive minutes at any time after a lockout" is measured from the
 *   later of the last failure and the end of its lock: measured from the failure alone, a lock of 15 minutes would end
 *   with a fresh count, and the longest lock would come only once. Before the first lock from the last failure, of which
 *   the document says nothing.
 * - Attempts during a lock "don't affect the duration of subsequent lockout periods". Here a refused attempt writes
 *   nothing (P3), so it does not restart the 15 minutes either.
 * - Only passwords count; a custom challenge does not, "unless they also perform password-based authentication".
 * - The document does not mention password resets: one clears lock and count here, as with the other timed locks.
 *
 * @throws PolicyError if an option is out of range.
 */
export function cognito(options: CognitoOptions = {}): readonly LockoutPolicy[] {
  const { threshold = 5, firstLockMs = seconds(1), maximumLockMs = minutes(15) } = options;
  return definePolicies([
    {
      name: options.name ?? 'cognito',
      counts: options.methods ?? ['password'],
      scope: ['account'],
      threshold,
      locksOn: 'reaching',
      window: {
        kind: 'idle',
        durationMs: options.resetAfterMs ?? minutes(15),
        anchor: 'later-of-failure-and-lock-end',
      },
      schedule: {
        kind: 'exponential',
        initialMs: firstLockMs,
        factor: 2,
        by: 'failures',
        maximumMs: maximumLockMs,
      },
      afterLock: 'relock-on-next-failure',
    },
  ]);
}
