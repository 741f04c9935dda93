import { minutes } from '../duration.js';
import type { LockoutPolicy } from '../policy.js';
import { countText, durationText } from './amount-text.js';
import { type AttackTrace, roundOf, type Volley } from './attack-trace.js';
import { playUnwaiting } from './best-pace.js';
import { finite, NOT_ACCOUNT_WIDE, type Verdict } from './verdict.js';
import { isAccountWide, refuses, type Watch, watchesOf } from './watching-policies.js';

/** Requirement 8.3.4: "Locking out the user ID after not more than 10 attempts." */
export const PCI_MOST_ATTEMPTS = 10;
/** Requirement 8.3.4: "Setting the lockout duration to a minimum of 30 minutes or until the user's identity is confirmed." */
export const PCI_SHORTEST_LOCK_MS = minutes(30);

const STANDARD = 'PCI DSS 4.0.1, 8.3.4';
const HINT = `scope ["account"], threshold ${PCI_MOST_ATTEMPTS} or less, locks of minutes(30) or more`;

/** The most attempts in a row without a lock of half an hour; infinity if none comes. */
function longestRun(trace: AttackTrace): number {
  const round = roundOf(trace);
  const isLong = ({ lockMs }: Volley) => lockMs >= PCI_SHORTEST_LOCK_MS;
  if (trace.end !== 'locked' && !round.some(isLong)) return Number.POSITIVE_INFINITY;
  let longest = 0;
  let run = 0;
  // The round once more: a run may go on from its end to its beginning.
  for (const volley of [...trace.volleys, ...round]) {
    run += volley.guesses;
    longest = Math.max(longest, run);
    if (isLong(volley)) run = 0;
  }
  return longest;
}

/** Attempts by one method. */
interface Run {
  readonly watch: Watch;
  /** Before a lock of half an hour. */
  readonly attempts: number;
  readonly longestLockMs: number;
  /** Whether some locks are shorter than half an hour. */
  readonly shorter: boolean;
}

function runOf(watch: Watch): Run {
  if (watch.policies.length === 0)
    return { watch, attempts: Number.POSITIVE_INFINITY, longestLockMs: 0, shorter: false };
  const traces = playUnwaiting(watch).map(({ trace }) => trace);
  const lockLengths = traces.flatMap(({ volleys }) => volleys.map(({ lockMs }) => lockMs));
  return {
    watch,
    attempts: Math.max(...traces.map(longestRun)),
    longestLockMs: Math.max(...lockLengths),
    shorter: lockLengths.some((lockMs) => lockMs > 0 && lockMs < PCI_SHORTEST_LOCK_MS),
  };
}

function reasonOf({ watch, attempts, longestLockMs, shorter }: Run): string {
  if (watch.policies.length === 0)
    return `nothing limits attempts by ${watch.method} wherever they come from`;
  if (longestLockMs < PCI_SHORTEST_LOCK_MS) return `locks last no longer than ${durationText(longestLockMs)}`;
  if (attempts === Number.POSITIVE_INFINITY)
    return 'locks of 30 min or more come to an end, and attempts do not';
  const only = attempts <= PCI_MOST_ATTEMPTS ? 'by' : 'only at';
  const before = shorter ? '; the locks before it are shorter' : '';
  return `a lock of 30 min or more comes ${only} attempt ${countText(attempts)}${before}`;
}

/**
 * PCI DSS 4.0.1, 8.3.4: whoever goes on guessing at an account, from wherever, is locked out for half an hour (or until
 * somebody confirms who it is) after at most 10 attempts, and again after each 10. Locks that are shorter neither help
 * nor harm: they are attempts without the lock that is demanded. That failures are forgotten while nobody guesses is
 * allowed. Judged for the worst of the methods.
 */
export function pciVerdict(policies: readonly LockoutPolicy[]): Verdict {
  const wide = policies.filter((policy) => refuses(policy) && isAccountWide(policy));
  const runs = watchesOf(wide, policies).map(runOf);
  const worst = runs.reduce((a, b) => (b.attempts > a.attempts ? b : a), runs[0] as Run);
  const { attempts, longestLockMs } = worst;
  const meets = attempts <= PCI_MOST_ATTEMPTS;
  return {
    standard: STANDARD,
    meets,
    reason: wide.length === 0 ? NOT_ACCOUNT_WIDE : reasonOf(worst),
    hint: meets ? null : HINT,
    numbers: finite({
      attemptsBeforeLongLock: attempts,
      mostAttempts: PCI_MOST_ATTEMPTS,
      longestLockMs,
      shortestLockMs: PCI_SHORTEST_LOCK_MS,
    }),
  };
}
