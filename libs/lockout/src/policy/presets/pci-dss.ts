import { definePolicies } from '../define-policy.js';
import { type DurationMs, MAX_DURATION_MS, minutes } from '../duration.js';
import type { Limits, LockoutPolicy, Method } from '../policy.js';

/** What PCI DSS 8.3.4 leaves to the entity. */
export interface PciDssOptions {
  /** This failure locks. Integer, 1 to 10. Default 10. */
  readonly maximumAttempts?: number;
  /** At least 30 min, or null: until the person's identity is confirmed. Default 30 min. */
  readonly lockMs?: DurationMs | null;
  /** Methods that count; a lock refuses every one. Default `all`. */
  readonly methods?: 'all' | readonly Method[];
  /** Name and counter. Default `pci-dss`. */
  readonly name?: string;
}

/** "Not more than 10 attempts." */
const ATTEMPTS = { min: 1, max: 10, integer: true };
/** "A minimum of 30 minutes." */
const LOCK = { min: minutes(30), max: MAX_DURATION_MS, integer: true };
/** Whatever kind of schedule a live save chooses, its first lock is long enough; later ones are never shorter. */
const LIMITS: Limits = {
  threshold: ATTEMPTS,
  'schedule.durationMs': LOCK,
  'schedule.initialMs': LOCK,
  'schedule.stepMs': LOCK,
};

/**
 * A policy that satisfies PCI DSS 4.0.1, requirement 8.3.4.
 *
 * Source: PCI Security Standards Council, Payment Card Industry Data Security Standard v4.0.1
 * (https://www.pcisecuritystandards.org/document_library/), requirement 8.3.4: "Invalid authentication attempts are
 * limited by: Locking out the user ID after not more than 10 attempts. Setting the lockout duration to a minimum of 30
 * minutes or until the user's identity is confirmed." The document itself is given out by the council on request; the
 * wording here was checked against public copies of the requirement (https://withpci.com/requirements/8/8.3/8.3.4).
 *
 * What is decided here:
 * - "After not more than 10 attempts": the tenth failure locks.
 * - It is the user ID that is locked: all methods count together, and a lock refuses every one.
 * - No time is named after which attempts may be forgotten, so they do not fade; a completed sign-in clears them.
 * - After a lock there is a full budget again: each lock follows at most ten attempts.
 * - "Until the user's identity is confirmed": its good practice names the help desk, which is an administrator's unlock
 *   here, and self-service password resets that verify identity, so a completed reset lifts every lock. The link of a
 *   mail proves less than it asks for and lifts none.
 * - The limits hold for live saves too. They bound numbers: a save that chooses another rule (N+1-th, a table) is the
 *   linter's to judge.
 *
 * @throws PolicyError if an option is out of range, also if it would break the standard.
 */
export function pciDss(options: PciDssOptions = {}): readonly LockoutPolicy[] {
  const { maximumAttempts = 10, lockMs = minutes(30), methods = 'all' } = options;
  return definePolicies([
    {
      name: options.name ?? 'pci-dss',
      counts: methods,
      refuses: 'all',
      scope: ['account'],
      threshold: maximumAttempts,
      locksOn: 'reaching',
      window: { kind: 'none' },
      schedule: lockMs === null ? { kind: 'indefinite' } : { kind: 'fixed', durationMs: lockMs },
      afterLock: 'fresh-budget',
      onPasswordReset: 'unlock',
      selfService: 'none',
      limits: LIMITS,
    },
  ]);
}
