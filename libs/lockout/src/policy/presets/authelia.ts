import { definePolicies } from '../define-policy.js';
import { type DurationMs, minutes } from '../duration.js';
import type { LockoutPolicy, Method, PolicyInput } from '../policy.js';

/** The `regulation` section of Authelia's configuration. */
export interface AutheliaOptions {
  /** `modes`: what is regulated. Default `['user']`. */
  readonly modes?: readonly ('user' | 'ip')[];
  /** `max_retries`: this failure locks. Integer, 0 (off) to 128. Default 3. */
  readonly maxRetries?: number;
  /** `find_time`: failures of this long count. Default 2 min. */
  readonly findTimeMs?: DurationMs;
  /** `ban_time`: how long a lock lasts. Default 5 min. */
  readonly lockTimeMs?: DurationMs;
  /** Methods that count and are refused. Default `['password']`: only the first factor is regulated. */
  readonly methods?: readonly Method[];
  /** What the policies' names begin with. Default `authelia`. */
  readonly name?: string;
}

/**
 * Authelia's regulation. Returns one policy for each mode: `authelia-user`, `authelia-ip`.
 *
 * Sources: "Regulation" (https://www.authelia.com/configuration/security/regulation/): "the user must have 3 failed
 * logins in 2 minutes", "setting this option to 0 disables regulation entirely", "after this duration the account will
 * be able to login again". Where it is silent: `internal/regulation/regulator.go` and the queries it uses (†).
 *
 * What is decided here:
 * - `max_retries` is the failure that locks†, though its name speaks of retries.
 * - `find_time` slides: each failure counts for so long, and no longer at its very end†.
 * - Failures from before the end of a lock, or before it was lifted, do not count any more†.
 * - A success ends the run of failures for the user. For an address Authelia does the same†; here it does not, or
 *   signing in to an own account would free an attacker's address (P4).
 * - Only the password endpoint is regulated, and only it is refused.
 * - Attempts while locked are not counted†, as here (P3).
 * - `max_retries` 0 leaves the policies there, switched off. Locks that stand are obeyed in Authelia even in a mode that
 *   is not configured; here switching off ends the refusing and keeps the locks (R13).
 * - The document does not mention password resets: one clears a user's lock here, as with the other timed locks, and
 *   never an address's.
 *
 * @throws PolicyError if an option is out of range.
 */
export function authelia(options: AutheliaOptions = {}): readonly LockoutPolicy[] {
  const { modes = ['user'], maxRetries = 3, findTimeMs = minutes(2), lockTimeMs = minutes(5) } = options;
  const { methods = ['password'], name = 'authelia' } = options;
  return definePolicies(
    modes.map(
      (mode): PolicyInput => ({
        name: `${name}-${mode}`,
        enabled: maxRetries !== 0,
        counts: methods,
        scope: [mode === 'user' ? 'account' : 'address'],
        threshold: maxRetries === 0 ? 1 : maxRetries,
        locksOn: 'reaching',
        window: { kind: 'sliding', durationMs: findTimeMs },
        schedule: { kind: 'fixed', durationMs: lockTimeMs },
        afterLock: 'fresh-budget-at-end',
      }),
    ),
  );
}
