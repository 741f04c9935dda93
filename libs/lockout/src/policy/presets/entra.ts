import { definePolicies } from '../define-policy.js';
import { type DurationMs, hours, minutes } from '../duration.js';
import type { LockoutPolicy, Method } from '../policy.js';

/** Microsoft Entra's "Custom smart lockout", and the two numbers it keeps to itself. */
export interface EntraOptions {
  /** "Lockout threshold": this failure locks. Integer ≥ 1. Default 10; US Government tenants have 3. */
  readonly lockoutThreshold?: number;
  /** "Lockout duration in seconds", of the first lock. Default 60 s. */
  readonly lockoutDurationMs?: DurationMs;
  /** How much longer each further lock is, ≥ 1. Not disclosed by the vendor. Default 2. */
  readonly factor?: number;
  /** The longest lock, at least the lockout duration. Not disclosed by the vendor. Default 24 h. */
  readonly maximumLockMs?: DurationMs;
  /** Whether familiar and unfamiliar locations count apart, by the custom part `location`. Default `false`. */
  readonly separateLocations?: boolean;
  /** Methods that count and are refused. Default `['password']`. */
  readonly methods?: readonly Method[];
  /** Name and counter. Default `entra`. */
  readonly name?: string;
}

/**
 * Microsoft Entra smart lockout, as far as it is disclosed.
 *
 * Source: "Protect user accounts from attacks with Microsoft Entra smart lockout"
 * (https://learn.microsoft.com/entra/identity/authentication/howto-password-smart-lockout): 10 failed attempts (3 in US
 * Government tenants), "the account locks again after each subsequent failed sign-in attempt", one minute at first and
 * longer afterwards, separate counters for familiar and unfamiliar locations, what self-service password reset does.
 *
 * What is decided here:
 * - "Locks an account from sign-in after 10 failed attempts": the 10th locks.
 * - "We don't disclose the rate at which the lockout period increases": it doubles, up to a day; both are options.
 * - When failures are forgotten is not said, so they do not fade; a completed sign-in clears count and escalation.
 * - With `separateLocations` the application tells with each attempt whether the place is familiar, as the custom part
 *   `location` (`familiar` or `unfamiliar`); an attempt without it is not counted, so it is off by default and all
 *   places count together. Which places are familiar is the application's knowledge.
 * - "I forgot my password" during a lock sets its duration to 0 seconds: a completed reset lifts the lock and clears
 *   count and escalation. "I know my password" changes nothing: report no reset.
 * - An administrator can unlock without waiting.
 *
 * Deliberately not expressed:
 * - "Smart lockout tracks the last three bad password hashes to avoid incrementing the lockout counter for the same
 *   password." That takes stored hashes of wrong passwords, which are mostly right ones with a typing error, or right
 *   ones of other services; here nothing of a credential is ever stored (P10). The same wrong password counts each time.
 * - The "slight variance" of the threshold between data centres: here the bound is exact (P1).
 *
 * @throws PolicyError if an option is out of range.
 */
export function entra(options: EntraOptions = {}): readonly LockoutPolicy[] {
  const { lockoutThreshold = 10, lockoutDurationMs = minutes(1), factor = 2 } = options;
  const { maximumLockMs = hours(24), separateLocations = false, methods = ['password'] } = options;
  return definePolicies([
    {
      name: options.name ?? 'entra',
      counts: methods,
      scope: separateLocations ? ['account', { custom: 'location' }] : ['account'],
      threshold: lockoutThreshold,
      locksOn: 'reaching',
      window: { kind: 'none' },
      schedule: {
        kind: 'exponential',
        initialMs: lockoutDurationMs,
        factor,
        by: 'lockouts',
        maximumMs: maximumLockMs,
      },
      afterLock: 'relock-on-next-failure',
      onPasswordReset: 'unlock',
    },
  ]);
}
