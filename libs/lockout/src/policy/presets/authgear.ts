import { definePolicies } from '../define-policy.js';
import { type DurationMs, minutes } from '../duration.js';
import type { LockoutPolicy, Method } from '../policy.js';

/** The settings of Authgear's "Account Lockout Policy" tab. */
export interface AuthgearOptions {
  /** "Enable account lockout policy". Default `false`, as the document says. */
  readonly enabled?: boolean;
  /** "Failed Login Attempts": this failure locks. Integer ≥ 1. Default 10. */
  readonly maximumAttempts?: number;
  /** "Reset Failed Attempts After" the last failure. Default 1440 min. */
  readonly historyMs?: DurationMs;
  /** "Lockout Duration": the first lock. Default 1 min. */
  readonly lockMs?: DurationMs;
  /** "Backoff Factor" ≥ 1; fractions allowed. Default 2. */
  readonly backoffFactor?: number;
  /** "Maximum Lockout Duration", at least the lockout duration. Default 5 min. */
  readonly maximumLockMs?: DurationMs;
  /** "Lockout Type": refused everywhere, or only at the address the failures came from. Default `any-device`. */
  readonly type?: 'any-device' | 'same-address';
  /** "Apply Policy to Selected Authenticators". Default `password`, `otp`, `totp`, `recovery-code`. */
  readonly methods?: readonly Method[];
  /** Name and counter. Default `authgear`. */
  readonly name?: string;
}

/** The kinds that count in Authgear; "passwordless via phone/e-mail" is its one-time code, `otp`. */
const AUTHENTICATORS = ['password', 'otp', 'totp', 'recovery-code'] as const;

/**
 * Authgear's "Account Lockout": one counter for all kinds of authenticator; from the threshold on each failure locks,
 * each time longer by a factor.
 *
 * What the document leaves open, and what is decided here (a dagger in the conformance list: from the vendor's code):
 * - AG-1: off by default; turned on, the document's examples are the defaults, and the maximum is 5 min.
 * - AG-3: a malformed code is not an attempt. A magic link does not count either, though it is passwordless by e-mail:
 *   it carries a token that cannot be guessed and nobody types. While locked it is refused like the rest (AG-10).
 * - AG-4: "more than the maximum" yields to the worked example: the N-th failure locks.
 * - AG-5: the locking failure refreshes the history too.
 * - AG-6: the first lock is the lockout duration itself; the example's "2, 4, 8" are the following ones.
 * - AG-7: the factor is at least 1; fractions round up to the millisecond.
 * - AG-8: a maximum below the lockout duration is a configuration error.
 * - AG-10: which authenticators count is chosen, but a lock refuses every one.
 * - AG-11: a completed login clears only what the caller's address contributed and lifts no lock: the person who signs
 *   in at home must not hand an attacker elsewhere a new budget.
 * - AG-13: a history not longer than the longest lock loses the escalation; the linter warns.
 * - AG-14: unknown accounts lock just the same, or a lock would tell which names exist.
 * - The document does not mention password resets: one clears lock and count here, as with the other timed locks.
 *
 * @throws PolicyError if an option is out of range.
 */
export function authgear(options: AuthgearOptions = {}): readonly LockoutPolicy[] {
  const { enabled = false, maximumAttempts = 10, historyMs = minutes(1440), type = 'any-device' } = options;
  const {
    lockMs = minutes(1),
    backoffFactor = 2,
    maximumLockMs = minutes(5),
    methods = AUTHENTICATORS,
  } = options;
  const perAddress = type === 'same-address';
  return definePolicies([
    {
      name: options.name ?? 'authgear',
      enabled,
      counts: methods,
      refuses: 'all',
      scope: perAddress ? ['account', 'address'] : ['account'],
      threshold: maximumAttempts,
      locksOn: 'reaching',
      window: { kind: 'idle', durationMs: historyMs, anchor: 'last-failure' },
      schedule: {
        kind: 'exponential',
        initialMs: lockMs,
        factor: backoffFactor,
        by: 'failures',
        maximumMs: maximumLockMs,
      },
      afterLock: 'relock-on-next-failure',
      // At one address all contributions are the caller's own.
      onSuccess: perAddress ? 'clear' : 'clear-own-address',
      unknownAccounts: 'track',
    },
  ]);
}
