import { definePolicies } from '../define-policy.js';
import { type DurationMs, hours, MAX_DURATION_MS, minutes } from '../duration.js';
import type { LockoutPolicy, Method } from '../policy.js';

/** What OWASP ASVS leaves to the application. */
export interface AsvsOptions {
  /** Failures that one account may have in any hour. Integer, 1 to 100. Default 100. */
  readonly failuresPerHour?: number;
  /** How long an account that had them is locked, at least 1 h. Default 1 h. */
  readonly hourLockMs?: DurationMs;
  /** This failure at one account from one address is the first that locks softly. Integer ≥ 1. Default 5. */
  readonly softThreshold?: number;
  /** The first soft lock; each further one is twice as long. Default 1 min. */
  readonly firstLockMs?: DurationMs;
  /** The longest soft lock, at least the first. Default 1 h. */
  readonly maximumLockMs?: DurationMs;
  /** Methods that count and are refused. Default `all`. */
  readonly methods?: 'all' | readonly Method[];
  /** What the policies' names begin with. Default `asvs`. */
  readonly name?: string;
}

/** "No more than 100 failed attempts per hour." */
const FAILURES = { min: 1, max: 100, integer: true };
const HOUR_OR_LONGER = { min: hours(1), max: MAX_DURATION_MS, integer: true };

/**
 * Policies that satisfy OWASP ASVS. Returns two: `asvs-soft-lockout` and `asvs-hour`.
 *
 * Sources: ASVS 4.0.3, V2.2.1 (https://github.com/OWASP/ASVS/blob/v4.0.3/4.0/en/0x11-V2-Authentication.md): "Verify that
 * anti-automation controls are effective at mitigating breached credential testing, brute force, and account lockout
 * attacks. Such controls include […] soft lockouts, rate limiting, CAPTCHA, ever increasing delays between attempts
 * […]. Verify that no more than 100 failed attempts per hour is possible on a single account." ASVS 5.0.0, 6.1.1
 * (https://github.com/OWASP/ASVS/blob/v5.0.0/5.0/en/0x15-V6-Authentication.md) names no number; the documentation "must
 * make clear how these controls are configured and prevent malicious account lockout", and 6.3.1 asks that they are
 * implemented so.
 *
 * What is decided here:
 * - `asvs-hour` holds the number: an account that had 100 failures within an hour is locked for an hour, after which
 *   none of them is left in any hour. A success or a password reset gives no failure back: the sentence knows no
 *   exception.
 * - `asvs-soft-lockout` is the soft lockout with ever increasing delays: from the fifth failure on each locks, for twice as
 *   long as before. It counts by account and address, so that somebody elsewhere cannot lock the owner out (5.0: malicious
 *   account lockout). Its numbers are ours. Count and delay are forgotten 24 h after the last failure.
 * - Both have an end, and lock a hundred attempts an hour away from a single account only where somebody commands many
 *   addresses; the soft lock stops a single address long before.
 * - An administrator's unlock gives a new hour; the link of a mail does not.
 *
 * @throws PolicyError if an option is out of range, also if it would break the standard.
 */
export function asvs(options: AsvsOptions = {}): readonly LockoutPolicy[] {
  const { failuresPerHour = 100, hourLockMs = hours(1), softThreshold = 5 } = options;
  const { firstLockMs = minutes(1), maximumLockMs = hours(1), methods = 'all', name = 'asvs' } = options;
  return definePolicies([
    {
      name: `${name}-soft-lockout`,
      counts: methods,
      scope: ['account', 'address'],
      threshold: softThreshold,
      locksOn: 'reaching',
      window: { kind: 'idle', durationMs: hours(24), anchor: 'last-failure' },
      schedule: {
        kind: 'exponential',
        initialMs: firstLockMs,
        factor: 2,
        by: 'lockouts',
        maximumMs: maximumLockMs,
      },
      afterLock: 'relock-on-next-failure',
    },
    {
      name: `${name}-hour`,
      counts: methods,
      scope: ['account'],
      threshold: failuresPerHour,
      locksOn: 'reaching',
      window: { kind: 'sliding', durationMs: hours(1) },
      schedule: { kind: 'fixed', durationMs: hourLockMs },
      afterLock: 'relock-on-next-failure',
      onSuccess: 'refund',
      onPasswordReset: 'keep',
      selfService: 'none',
      limits: {
        threshold: FAILURES,
        'schedule.durationMs': HOUR_OR_LONGER,
        'window.durationMs': HOUR_OR_LONGER,
      },
    },
  ]);
}
