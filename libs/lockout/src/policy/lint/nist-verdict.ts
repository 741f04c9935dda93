import type { LockoutPolicy } from '../policy.js';
import { countText } from './amount-text.js';
import { guessesInAll } from './attack-trace.js';
import { playAll } from './best-pace.js';
import { canBeIndefinite } from './lock-lengths.js';
import { finite, NOT_ACCOUNT_WIDE, type Verdict } from './verdict.js';
import { isAccountWide, refuses, type Watch, watchesOf } from './watching-policies.js';

/**
 * Section 3.2.2 (https://pages.nist.gov/800-63-4/sp800-63b.html#throttle): a verifier limits "consecutive failed
 * authentication attempts using a specific authenticator on a single subscriber account to no more than 100 by
 * disabling that authenticator".
 */
export const NIST_MOST_FAILURES = 100;

const STANDARD = 'NIST SP 800-63B-4, 3.2.2';
const HINT = `scope ["account"] and indefiniteAfterFailures: ${NIST_MOST_FAILURES} or less, without a retention`;

/** Failures in a row until a method is disabled. */
interface Run {
  readonly watch: Watch;
  /** At the pace that gets the most. */
  readonly inAll: number;
  /** By an attacker who never waits. */
  readonly atOnce: number;
}

/** By the policy that allows the fewest, of those that watch the method. */
function runOf(watch: Watch): Run {
  let inAll = Number.POSITIVE_INFINITY;
  let atOnce = Number.POSITIVE_INFINITY;
  for (const policy of watch.policies.filter(canBeIndefinite)) {
    const totals = playAll({ policies: [policy], method: watch.method }).map(({ trace }) =>
      guessesInAll(trace),
    );
    inAll = Math.min(inAll, Math.max(...totals));
    atOnce = Math.min(atOnce, totals[0] ?? Number.POSITIVE_INFINITY);
  }
  return { watch, inAll, atOnce };
}

function reasonOf({ watch, inAll, atOnce }: Run): string {
  if (inAll <= NIST_MOST_FAILURES) return `a lock without end comes by failure ${countText(inAll)} in a row`;
  if (watch.policies.length === 0)
    return `nothing limits failures by ${watch.method} wherever they come from`;
  if (Number.isFinite(inAll)) return `a lock without end comes only at failure ${countText(inAll)} in a row`;
  if (Number.isFinite(atOnce)) return 'who waits until failures are forgotten is never locked without end';
  return `failures by ${watch.method} never lead to a lock without end`;
}

/**
 * NIST SP 800-63B-4: at most 100 failures in a row on an account, across lockouts, wherever they come from and however
 * slowly they come. Only a success (or an administrator) may begin the count anew, so windows that forget break it; a
 * lock that ends does not disable anything. Judged for the worst of the methods.
 */
export function nistVerdict(policies: readonly LockoutPolicy[]): Verdict {
  const wide = policies.filter((policy) => refuses(policy) && isAccountWide(policy));
  const runs = watchesOf(wide, policies).map(runOf);
  const worst = runs.reduce((a, b) => (b.inAll > a.inAll ? b : a), runs[0] as Run);
  const meets = worst.inAll <= NIST_MOST_FAILURES;
  return {
    standard: STANDARD,
    meets,
    reason: wide.length === 0 ? NOT_ACCOUNT_WIDE : reasonOf(worst),
    hint: meets ? null : HINT,
    numbers: finite({ failuresInARow: worst.inAll, mostFailuresInARow: NIST_MOST_FAILURES }),
  };
}
