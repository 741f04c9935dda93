import type { DurationMs } from '../duration.js';
import type { LockoutPolicy } from '../policy.js';
import { playUnwaiting } from './best-pace.js';
import { longestLockMs } from './lock-lengths.js';
import { watchesOf } from './watching-policies.js';

/** When a policy locks somebody who goes on failing, and for how long. */
export interface LockProfile {
  /** The failure that sets the first lock. */
  readonly failuresToLock: number;
  readonly firstLockMs: DurationMs;
  /** The longest lock there is to come; infinity: one lasts until it is lifted. */
  readonly longestLockMs: DurationMs;
  /** Whether locks go on growing up to 100 years. */
  readonly endless: boolean;
}

/**
 * What somebody meets who fails again and again, each time as soon as possible but no quicker than a person. Null where
 * no lock comes. For a policy that is off or only watches: what it would do.
 */
export function lockProfile(given: LockoutPolicy): LockProfile | null {
  const policy = { ...given, enabled: true, enforce: true };
  const [watch] = watchesOf([policy]);
  const trace = watch && playUnwaiting(watch).at(-1)?.trace;
  const first = trace?.volleys.findIndex(({ lockMs }) => lockMs > 0) ?? -1;
  if (!trace || first < 0) return null;
  const until = trace.volleys.slice(0, first + 1);
  const longest = Math.max(...trace.volleys.map(({ lockMs }) => lockMs));
  return {
    failuresToLock: until.reduce((sum, { guesses }) => sum + guesses, 0),
    firstLockMs: until.at(-1)?.lockMs ?? 0,
    longestLockMs: longest,
    endless: Number.isFinite(longest) && longestLockMs(policy) === Number.POSITIVE_INFINITY,
  };
}
