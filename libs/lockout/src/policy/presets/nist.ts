import { definePolicies } from '../define-policy.js';
import { type DurationMs, hours, seconds } from '../duration.js';
import type { LockoutPolicy, Method, PolicyInput } from '../policy.js';

/** What NIST SP 800-63B-4 leaves to the verifier. */
export interface NistOptions {
  /** Authenticators; each is counted alone. Default `password`, `otp`, `totp`, `recovery-code`. */
  readonly methods?: readonly Method[];
  /** Consecutive failures after which an authenticator is disabled. Integer, 1 to 100. Default 100. */
  readonly maximumFailures?: number;
  /** This failure is the first that makes the claimant wait. Integer, 1 to 100. Default 5; not of the standard. */
  readonly firstWaitAt?: number;
  /** The first wait; each further one is twice as long. Default 30 s, the standard's example. */
  readonly firstWaitMs?: DurationMs;
  /** The longest wait, at least the first. Default 1 h, the standard's example. */
  readonly maximumWaitMs?: DurationMs;
  /** What the policies' names begin with. Default `nist`. */
  readonly name?: string;
}

const METHODS = ['password', 'otp', 'totp', 'recovery-code'] as const;

/** The upper bound of section 3.2.2; lower limits are allowed. */
const MAXIMUM_FAILURES = 100;

/**
 * A policy that satisfies NIST SP 800-63B-4, section 3.2.2 "Rate Limiting (Throttling)". Returns one policy for each
 * method: `nist-password`, `nist-totp`, …
 *
 * Source: https://pages.nist.gov/800-63-4/sp800-63b.html#throttle. The requirement: "Unless otherwise specified in the
 * description of a given authenticator, the verifier SHALL limit consecutive failed authentication attempts using a
 * specific authenticator on a single subscriber account to no more than 100 by disabling that authenticator." 100 "is an
 * upper bound, and agencies MAY impose lower limits". A disabled authenticator has to be bound again. A wait "that
 * increases as the subscriber account approaches its maximum allowance (e.g., 30 seconds up to an hour)" MAY be required,
 * and a success SHOULD disregard the earlier failures of the authenticators used.
 *
 * The wording here was checked against public quotations of that page.
 *
 * What is decided here:
 * - "Consecutive" is whatever time has passed and however many locks lay between: nothing fades.
 * - The 100th failure disables; from `firstWaitAt` on each earlier one makes the claimant wait, twice as long each time,
 *   from half a minute to an hour.
 * - "A specific authenticator": each method counts alone, and only that method is refused. Several of one kind (two
 *   authenticator apps) share a count, which is the strict side.
 * - A completed sign-in clears the methods it used, not the others.
 * - Disabled is until bound again: for a password its completed reset is that, and it clears the count. For the other
 *   methods the application unlocks when it has bound a new one; a reset of the password clears nothing of theirs. An
 *   administrator's unlock clears too: give it only with a new authenticator.
 * - An unlock link binds nothing, so none lifts these locks.
 * - The limits hold for live saves too, which can neither raise the maximum above the bound nor switch it off.
 *
 * @throws PolicyError if an option is out of range, also if a maximum above 100 would break the standard.
 */
export function nist(options: NistOptions = {}): readonly LockoutPolicy[] {
  const { methods = METHODS, maximumFailures = MAXIMUM_FAILURES, firstWaitAt = 5 } = options;
  const { firstWaitMs = seconds(30), maximumWaitMs = hours(1), name = 'nist' } = options;
  const upToTheBound = { min: 1, max: MAXIMUM_FAILURES, integer: true };
  return definePolicies(
    methods.map(
      (method): PolicyInput => ({
        name: `${name}-${method}`,
        counts: [method],
        refuses: 'counted',
        scope: ['account'],
        threshold: firstWaitAt,
        locksOn: 'reaching',
        window: { kind: 'none' },
        schedule: {
          kind: 'exponential',
          initialMs: firstWaitMs,
          factor: 2,
          by: 'lockouts',
          maximumMs: maximumWaitMs,
        },
        afterLock: 'relock-on-next-failure',
        indefiniteAfterFailures: maximumFailures,
        onPasswordReset: method === 'password' ? 'unlock' : 'keep',
        selfService: 'none',
        limits: { indefiniteAfterFailures: { ...upToTheBound, required: true }, threshold: upToTheBound },
      }),
    ),
  );
}
