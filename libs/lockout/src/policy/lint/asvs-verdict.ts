import type { LockoutPolicy } from '../policy.js';
import { countText } from './amount-text.js';
import { guessRates } from './guess-rate.js';
import { finite, type Verdict } from './verdict.js';

/** OWASP ASVS 4.0.3, 2.2.1: "Verify that no more than 100 failed attempts per hour is possible on a single account." */
export const ASVS_MOST_PER_HOUR = 100;
/** How many addresses an attacker is taken to have: botnets and proxies are rented by the thousand. */
export const MANY_ADDRESSES = 1000;

/**
 * OWASP ASVS 4.0.3, 2.2.1: at most 100 failures in any hour at one account, wherever they come from. (ASVS 5.0 asks for
 * documented limits, 6.1.1 and 6.3.1, and names no number.)
 */
export function asvsVerdict(policies: readonly LockoutPolicy[]): Verdict {
  const rates = guessRates(policies, MANY_ADDRESSES);
  const { perHour } = rates.crowd;
  const alone = rates.alone.perHour;
  const meets = perHour <= ASVS_MOST_PER_HOUR;
  const most = `${countText(perHour)} failures in an hour at one account`;
  return {
    standard: 'OWASP ASVS 4.0.3, 2.2.1',
    meets,
    reason: perHour > alone ? `${most} from 1,000 addresses, ${countText(alone)} from one` : most,
    hint: meets ? null : 'a policy with scope ["account"] and longer locks or a longer window',
    numbers: finite({
      failuresPerHour: perHour,
      failuresPerHourAlone: alone,
      mostFailuresPerHour: ASVS_MOST_PER_HOUR,
    }),
  };
}
