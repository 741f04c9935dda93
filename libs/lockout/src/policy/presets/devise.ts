import { definePolicies } from '../define-policy.js';
import { type DurationMs, hours } from '../duration.js';
import type { LockoutPolicy, Method } from '../policy.js';

/** The settings of Devise's `:lockable`. */
export interface DeviseOptions {
  /** `config.lock_strategy`: `none` locks nobody. Default `failed_attempts`. */
  readonly lockStrategy?: 'failed_attempts' | 'none';
  /** `config.maximum_attempts`: this failure locks. Integer ≥ 1. Default 20. */
  readonly maximumAttempts?: number;
  /** `config.unlock_strategy`: what ends a lock, `unlockIn` or the link in a mail. Default `both`. */
  readonly unlockStrategy?: 'time' | 'email' | 'both' | 'none';
  /** `config.unlock_in`; only with `time` and `both`. Default 1 h. */
  readonly unlockInMs?: DurationMs;
  /** Methods that count. Default `['password']`. */
  readonly methods?: readonly Method[];
  /** Name and counter. Default `devise`. */
  readonly name?: string;
}

/**
 * Devise's `:lockable` module.
 *
 * Sources: the options and their defaults in the configuration that Devise generates
 * (https://github.com/heartcombo/devise/blob/main/lib/generators/templates/devise.rb) and the module's documentation
 * (https://www.rubydoc.info/github/heartcombo/devise/main/Devise/Models/Lockable). Where they are silent:
 * `lib/devise/models/lockable.rb`, `lib/devise/hooks/lockable.rb` and `passwords_controller.rb` (†).
 *
 * What is decided here:
 * - "Number of authentication tries before locking": the N-th failure locks†.
 * - The count is zeroed when the lock ends, whatever ends it†: a full budget again.
 * - The count does not fade; a sign-in clears it†.
 * - `time`: nothing but time unlocks; the link and a password reset do not. `email`: the lock has no end, the link
 *   lifts it, and so does a completed password reset†. `both`: either. `none`: "you should handle unlocking by
 *   yourself", so an administrator's unlock.
 * - Devise still calls an account locked in the very instant at which `unlock_in` has passed†; here it is over then.
 * - Devise counts tries during a lock without locking longer†, and forgets them with the lock's end; here a refused one
 *   counts nothing at all (P3).
 * - An account that is locked signs in by no method (`active_for_authentication?`†).
 * - Names nobody has are not counted by Devise†; here they are (P7).
 * - The warning on the last attempt is the application's: a begun attempt tells how many remain.
 *
 * @throws PolicyError if an option is out of range.
 */
export function devise(options: DeviseOptions = {}): readonly LockoutPolicy[] {
  const { lockStrategy = 'failed_attempts', maximumAttempts = 20, unlockStrategy = 'both' } = options;
  const { unlockInMs = hours(1), methods = ['password'] } = options;
  const byTime = unlockStrategy === 'time' || unlockStrategy === 'both';
  const byMail = unlockStrategy === 'email' || unlockStrategy === 'both';
  return definePolicies([
    {
      name: options.name ?? 'devise',
      enabled: lockStrategy === 'failed_attempts',
      counts: methods,
      refuses: 'all',
      scope: ['account'],
      threshold: maximumAttempts,
      locksOn: 'reaching',
      window: { kind: 'none' },
      schedule: byTime ? { kind: 'fixed', durationMs: unlockInMs } : { kind: 'indefinite' },
      afterLock: 'fresh-budget-at-end',
      onPasswordReset: byMail ? 'unlock' : 'keep',
      selfService: byMail ? 'all' : 'none',
    },
  ]);
}
