import { definePolicies } from '../define-policy.js';
import { type DurationMs, minutes } from '../duration.js';
import type { LockoutPolicy, Method } from '../policy.js';

/** The settings of OneWelcome's console; the two "maximum" ones are read-only there (OW-14). */
export interface OneWelcomeOptions {
  /** "Account lockout active". Default `true`. */
  readonly active?: boolean;
  /** "Maximum failed attempts": this failure locks. Integer, 1 to 10. Default 5. */
  readonly maximumFailedAttempts?: number;
  /** "Lockout time": whole minutes, 1 to 60. Default 5 min. */
  readonly lockoutTimeMs?: DurationMs;
  /** "Lockout time multiplier" for each successive lockout. Integer, 2 to 10. Default 2. */
  readonly multiplier?: number;
  /** "Applies to authentication methods". The others stay unlimited. Default `['password']`. */
  readonly methods?: readonly Method[];
  /** "Maximum idle time": the longest lockout time that may be entered while in use. Default 60 min. */
  readonly maximumIdleTimeMs?: DurationMs;
  /** "Maximum lockout active": whether that maximum is in use. Default `false`. */
  readonly maximumLockoutActive?: boolean;
  /** Caps the multiplied time. Default: none (the document has none); the linter then warns. */
  readonly maximumLockMs?: DurationMs;
  /** Name of the policy. Brand overrides give their own, and share the counter. Default `onewelcome`. */
  readonly name?: string;
  /** Default `onewelcome`. */
  readonly counter?: string;
}

/** "The lockout time should be from 1 to 60 minutes." */
const LONGEST_LOCKOUT_TIME_MS = minutes(60);

/**
 * OneWelcome's "Account lockout": N consecutive failures lock; after each lock there is a full budget again, and each
 * successive lock is multiplied.
 *
 * What the document leaves open, and what is decided here:
 * - OW-4: the settings are integers, bounds included.
 * - OW-5: switched off, a lock in force is kept, and refuses again if switched on before its end.
 * - OW-9: methods that are not chosen stay usable while locked, and their success clears nothing.
 * - OW-10: a brand override is a whole policy; counts and locks are per account, so overrides share the counter.
 * - OW-16: the maximum caps what is entered, not the multiplied time: 60 min × 10 gives 60, 600, 6000 min, and
 *   saturates at 100 years.
 * - OW-17: count and escalation are cleared by a success of a chosen method, by an unlock and by a completed password
 *   reset; no fading is described, so they do not fade.
 * - OW-18: the document has no defaults; active, 5 failures, 5 min, × 2, password.
 *
 * @throws PolicyError if an option is out of range.
 */
export function oneWelcome(options: OneWelcomeOptions = {}): readonly LockoutPolicy[] {
  const { active = true, maximumFailedAttempts = 5, lockoutTimeMs = minutes(5), multiplier = 2 } = options;
  const {
    maximumLockoutActive = false,
    maximumIdleTimeMs = LONGEST_LOCKOUT_TIME_MS,
    maximumLockMs,
  } = options;
  const longestMs = Math.min(
    LONGEST_LOCKOUT_TIME_MS,
    maximumLockoutActive ? maximumIdleTimeMs : LONGEST_LOCKOUT_TIME_MS,
  );
  const cap = maximumLockMs === undefined ? {} : { maximumMs: maximumLockMs };
  return definePolicies([
    {
      name: options.name ?? 'onewelcome',
      counter: options.counter ?? 'onewelcome',
      enabled: active,
      counts: options.methods ?? ['password'],
      scope: ['account'],
      threshold: maximumFailedAttempts,
      locksOn: 'reaching',
      window: { kind: 'none' },
      schedule: { kind: 'exponential', initialMs: lockoutTimeMs, factor: multiplier, by: 'lockouts', ...cap },
      afterLock: 'fresh-budget',
      escalationWindow: 'never',
      limits: {
        threshold: { min: 1, max: 10, integer: true },
        'schedule.initialMs': { min: minutes(1), max: longestMs, integer: true, multipleOf: minutes(1) },
        'schedule.factor': { min: 2, max: 10, integer: true },
      },
    },
  ]);
}
