import { definePolicies } from '../define-policy.js';
import { type DurationMs, hours, minutes } from '../duration.js';
import type { LockoutPolicy, Method } from '../policy.js';

/** The settings of ReachFive's console, and the one it keeps to itself. */
export interface ReachFiveOptions {
  /** "Number of allowed failed attempts": the failure after these locks. Integer ≥ 1. Default 5. */
  readonly allowedFailures?: number;
  /** "First lockout duration". Default 5 min, at most 24 h. */
  readonly firstLockMs?: DurationMs;
  /** The "preconfigured time" after which the count is forgotten. Default 60 min. */
  readonly resetAfterMs?: DurationMs;
  /** Methods that count and are refused while locked; others stay usable (R5-16). Default `['password']`. */
  readonly methods?: readonly Method[];
  /** Name and counter. Default `reachfive`. */
  readonly name?: string;
}

/** "To a maximum of 24 hours." */
const LONGEST_LOCK_MS = hours(24);

/**
 * ReachFive's "User lockouts": after N allowed failures the next one locks, then each single failure locks for twice
 * as long, up to 24 h.
 *
 * What the document leaves open, and what is decided here:
 * - R5-4: it says both "reaching" and "exceeds" the threshold; its worked scenarios lock on the sixth failure of five
 *   allowed, so `exceeding`.
 * - R5-7: "another failed login attempt (configured in the … Console)" is one attempt: every failure after a lock
 *   relocks.
 * - R5-8: "double … the initial" doubles each time, or the 24 h it names would never be reached.
 * - R5-9: a first duration above 24 h contradicts the maximum and is a configuration error; exactly 24 h is allowed.
 * - R5-12: how long the "preconfigured time" is, is not said; the scenarios bound it between 20 min and 7 h, so 60 min.
 * - R5-15: a completed password reset removes the lock, and with it count and escalation, or the next typing error
 *   would lock again.
 * - R5-18: a correct password when not locked clears count and escalation, as nothing else would end the escalation
 *   of somebody who signs in daily.
 *
 * @throws PolicyError if an option is out of range.
 */
export function reachFive(options: ReachFiveOptions = {}): readonly LockoutPolicy[] {
  const {
    allowedFailures = 5,
    firstLockMs = minutes(5),
    resetAfterMs = minutes(60),
    methods = ['password'],
  } = options;
  return definePolicies([
    {
      name: options.name ?? 'reachfive',
      counts: methods,
      scope: ['account'],
      threshold: allowedFailures,
      locksOn: 'exceeding',
      window: { kind: 'idle', durationMs: resetAfterMs, anchor: 'later-of-failure-and-lock-end' },
      schedule: {
        kind: 'exponential',
        initialMs: firstLockMs,
        factor: 2,
        by: 'lockouts',
        maximumMs: LONGEST_LOCK_MS,
      },
      afterLock: 'relock-on-next-failure',
      limits: { 'schedule.initialMs': { min: 1, max: LONGEST_LOCK_MS, integer: true } },
    },
  ]);
}
