import { definePolicies } from '../define-policy.js';
import { type DurationMs, hours, minutes, seconds } from '../duration.js';
import type { LockoutPolicy, Method, PolicyInput, Schedule } from '../policy.js';

/** The settings of Keycloak's "Brute Force Detection" tab. */
export interface KeycloakOptions {
  /** "Brute Force Mode": lockout temporarily, permanently, or permanently after temporary. Default `temporary`. */
  readonly mode?: 'temporary' | 'permanent' | 'permanent-after-temporary';
  /** "Max Login Failures": this failure locks. Integer ≥ 1. Default 30. */
  readonly maxLoginFailures?: number;
  /** "Strategy to increase wait time". Default `multiple`. */
  readonly strategy?: 'multiple' | 'linear';
  /** "Wait Increment". Default 1 min. */
  readonly waitIncrementMs?: DurationMs;
  /** "Max Wait", at least the wait increment. Default 15 min. */
  readonly maxWaitMs?: DurationMs;
  /** "Failure Reset Time" since the last failure. Default 12 h. */
  readonly failureResetMs?: DurationMs;
  /** "Quick Login Check Milliseconds": failures closer together than this are quick. 0: off. Default 1000. */
  readonly quickLoginCheckMs?: DurationMs;
  /** "Minimum Quick Login Wait". Default 1 min. */
  readonly minimumQuickLoginWaitMs?: DurationMs;
  /** "Maximum temporary Lockouts" before the permanent one. Integer ≥ 1. Default 1. */
  readonly maxTemporaryLockouts?: number;
  /** Methods that count; a lock refuses every one. Default `password`, `otp`, `totp`, `recovery-code`. */
  readonly methods?: readonly Method[];
  /** Name and counter; the second policy's has `-otp` after it. Default `keycloak`. */
  readonly name?: string;
}

/** Password, OTP and recovery codes are counted in Keycloak; its OTP is our `otp` and `totp`. */
const CATEGORIES = ['password', 'otp', 'totp', 'recovery-code'] as const;

/** More wrong codes than this, without a right one between, lock for good in every mode. Fixed in Keycloak. */
const MAX_OTP_FAILURES = 100;

/**
 * Keycloak's brute force detection. Returns two policies: `keycloak`, and `keycloak-otp` unless no code counts.
 *
 * Sources: Server Administration Guide, "Brute force attacks"
 * (https://www.keycloak.org/docs/latest/server_admin/#password-guess-brute-force-attacks): the parameters and their
 * defaults, the algorithm of each mode, the tables of both strategies. Where it is silent:
 * `DefaultBruteForceProtector.java` of keycloak/keycloak (†).
 *
 * What is decided here:
 * - Detection is off in Keycloak until a mode is chosen; whoever takes the preset has chosen.
 * - The failure that makes the count "greater than or equals" Max Login Failures locks.
 * - From there on each failure locks: by multiples for wait increment × ⌊count ÷ max⌋, linearly for wait increment ×
 *   (1 + count − max), never longer than Max Wait.
 * - The count, and in the mixed mode the count of temporary lockouts, is forgotten when the time since the last failure
 *   is "greater than" Failure Reset Time: at exactly that time it still stands. In the permanent mode it never fades†.
 * - A failure less than Quick Login Check after the one before locks for Minimum Quick Login Wait; such a lock is no
 *   temporary lockout. Keycloak leaves it out where the strategy already waits; here the longer of both holds, which
 *   differs only if the minimum wait was set longer than the strategy's. Max Wait caps it, but not in the permanent mode†.
 * - In the mixed mode the lock after so many temporary ones is permanent.
 * - "Count does not increment when a temporarily disabled account commits a login failure": as everywhere here (P3).
 * - A success clears the count and the count of lockouts; enabling the user, an unlock here, does too.
 * - A user is disabled, so a lock refuses every method; passwords, OTP and recovery codes count†.
 * - More than 100 wrong OTP codes lock permanently in every mode; only a right code clears them†.
 * - Keycloak rounds a lock's end down to the second†; here it is exact (P2).
 * - A max wait below the wait increment is a configuration error; Keycloak cuts every wait to it.
 * - The document does not mention password resets: one clears a temporary lock, never a permanent one.
 *
 * @throws PolicyError if an option is out of range.
 */
export function keycloak(options: KeycloakOptions = {}): readonly LockoutPolicy[] {
  const { mode = 'temporary', maxLoginFailures = 30, strategy = 'multiple' } = options;
  const { waitIncrementMs = minutes(1), maxWaitMs = minutes(15), failureResetMs = hours(12) } = options;
  const { quickLoginCheckMs = seconds(1), minimumQuickLoginWaitMs = minutes(1) } = options;
  const { methods = CATEGORIES, name = 'keycloak' } = options;
  const permanent = mode === 'permanent';
  const growing: Schedule =
    strategy === 'multiple'
      ? { kind: 'multiples', stepMs: waitIncrementMs, by: 'failures', maximumMs: maxWaitMs }
      : {
          kind: 'linear',
          initialMs: waitIncrementMs,
          stepMs: waitIncrementMs,
          by: 'failures',
          maximumMs: maxWaitMs,
        };
  const quickWaitMs = permanent ? minimumQuickLoginWaitMs : Math.min(maxWaitMs, minimumQuickLoginWaitMs);
  const codes = methods.filter((method) => method === 'otp' || method === 'totp');
  const codesAlone: PolicyInput = {
    name: `${name}-otp`,
    counts: codes,
    refuses: 'all',
    scope: ['account'],
    threshold: MAX_OTP_FAILURES,
    locksOn: 'exceeding',
    schedule: { kind: 'indefinite' },
  };
  return definePolicies([
    {
      name,
      counts: methods,
      refuses: 'all',
      scope: ['account'],
      threshold: maxLoginFailures,
      locksOn: 'reaching',
      window: permanent
        ? { kind: 'none' }
        : { kind: 'idle', durationMs: failureResetMs, anchor: 'last-failure', end: 'inclusive' },
      schedule: permanent ? { kind: 'indefinite' } : growing,
      afterLock: 'relock-on-next-failure',
      indefiniteAfterLockouts: mode === 'temporary' || permanent ? null : (options.maxTemporaryLockouts ?? 1),
      quickFailure: quickLoginCheckMs === 0 ? null : { withinMs: quickLoginCheckMs, lockMs: quickWaitMs },
    },
    ...(codes.length > 0 ? [codesAlone] : []),
  ]);
}
