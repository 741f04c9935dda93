import { isTablePolicy, type LockoutPolicy } from '../policy.js';
import { amountText, countText, durationText } from './amount-text.js';
import { ASVS_MOST_PER_HOUR, MANY_ADDRESSES } from './asvs-verdict.js';
import { guessRates } from './guess-rate.js';
import { type HoldingCost, holdingCost } from './holding-cost.js';
import { nistVerdict } from './nist-verdict.js';
import { pciVerdict } from './pci-verdict.js';
import type { PolicyWarning, PolicyWarningId } from './policy-warning.js';
import { finite, type Verdict } from './verdict.js';
import { isAccountWide, isPerChosenPart, refuses } from './watching-policies.js';

/** A lock that comes before this failure is set by the owner's own slips. */
const FEWEST_TO_LOCK = 3;

/** `6 requests, in the end 1 every 24 h: 14 requests on the first day, 1 a day later`. */
export function holdingText(cost: HoldingCost): string {
  const first = amountText(cost.requestsToLock, 'request');
  if (Number.isFinite(cost.requestsInAll)) {
    const more =
      cost.requestsInAll > cost.requestsToLock ? `, and after ${countText(cost.requestsInAll)} in all` : ',';
    return `${first}${more} until somebody unlocks`;
  }
  const round = `${countText(cost.roundRequests)} every ${durationText(cost.roundMs)}`;
  const day = amountText(cost.requestsFirstDay, 'request');
  return `${first}, in the end ${round}: ${day} on the first day, ${countText(cost.requestsPerDay)} a day later`;
}

const firstToLock = (policy: LockoutPolicy): number =>
  isTablePolicy(policy) ? (policy.schedule.rows[0]?.failures ?? 1) : policy.threshold;

function holdingWarning(policy: LockoutPolicy): readonly PolicyWarning[] {
  const cost = holdingCost([policy]);
  if (!cost) return [];
  const { roundRequests, roundMs, ...requests } = cost;
  return [
    {
      id: 'LCK109',
      level: firstToLock(policy) < FEWEST_TO_LOCK ? 'warning' : 'info',
      path: 'scope',
      message: `is the account, wherever attempts come from: who knows the name keeps its owner out with ${holdingText(cost)}`,
      hint: 'a policy by ["account", "address"] that locks earlier, and this one later and not for long',
      numbers: finite({ ...requests, requestsPerRound: roundRequests, roundMs }),
    },
  ];
}

const rateText = (perDay: number, perYear: number): string =>
  perDay === Number.POSITIVE_INFINITY
    ? 'unlimited guesses'
    : `${amountText(perDay, 'guess').replace(/guesss$/, 'guesses')} a day, ${countText(perYear)} a year`;

function guessWarning(policies: readonly LockoutPolicy[]): readonly PolicyWarning[] {
  const { alone, crowd: many } = guessRates(policies, MANY_ADDRESSES);
  if (many.perHour <= ASVS_MOST_PER_HOUR) return [];
  const crowd = many.perYear > alone.perYear;
  const fromMany = crowd ? `; from 1,000 addresses ${rateText(many.perDay, many.perYear)}` : '';
  return [
    {
      id: 'LCK110',
      level: alone.perHour > ASVS_MOST_PER_HOUR ? 'warning' : 'info',
      path: 'policy',
      message:
        `lets an attacker make ${rateText(alone.perDay, alone.perYear)} at one account from one address${fromMany}: ` +
        `more than the ${ASVS_MOST_PER_HOUR} an hour of OWASP ASVS 4.0.3, 2.2.1`,
      hint: crowd
        ? 'a policy with scope ["account"] beside it'
        : 'longer locks, a lower threshold or a longer window',
      numbers: finite({
        guessesPerHour: alone.perHour,
        guessesPerDay: alone.perDay,
        guessesPerYear: alone.perYear,
        guessesPerHourFrom1000Addresses: many.perHour,
        guessesPerDayFrom1000Addresses: many.perDay,
        guessesPerYearFrom1000Addresses: many.perYear,
        mostGuessesPerHour: ASVS_MOST_PER_HOUR,
      }),
    },
  ];
}

const verdictWarning = (id: PolicyWarningId, verdict: Verdict): PolicyWarning => ({
  id,
  level: 'info',
  path: 'policy',
  message: `${verdict.meets ? 'meets' : 'does not meet'} ${verdict.standard}: ${verdict.reason}`,
  hint: verdict.hint ?? 'nothing to do',
  numbers: verdict.numbers,
});

/** What is found of policies that watch the same attempts, together (LCK110 … LCK112). */
export function attackWarnings(policies: readonly LockoutPolicy[]): readonly PolicyWarning[] {
  if (!policies.some(refuses)) return [];
  // Where the attacker chooses all that is counted by, LCK113 says so.
  const rate = policies.filter(refuses).every(isPerChosenPart) ? [] : guessWarning(policies);
  return [
    ...rate,
    verdictWarning('LCK111', nistVerdict(policies)),
    verdictWarning('LCK112', pciVerdict(policies)),
  ];
}

const partName = (part: LockoutPolicy['scope'][number]): string =>
  typeof part === 'string' ? part : part.custom;

/** What is found of one policy of a set (LCK109, LCK113). */
export function scopeWarnings(
  policy: LockoutPolicy,
  together: readonly LockoutPolicy[],
): readonly PolicyWarning[] {
  if (!refuses(policy)) return [];
  if (isAccountWide(policy)) return holdingWarning(policy);
  if (!isPerChosenPart(policy)) return [];
  const chosen = policy.scope.filter((part) => part !== 'account' && part !== 'address').map(partName);
  const others = together.some((other) => refuses(other) && !isPerChosenPart(other));
  return [
    {
      id: 'LCK113',
      level: others ? 'info' : 'warning',
      path: 'scope',
      message: `counts by ${chosen.join(' and ')}: attempts without are not counted here, and whoever can make it up has a budget for each${others ? '' : '; nothing else limits guesses'}`,
      hint: 'a policy with scope ["account"] beside it; custom parts that the application itself knows',
      numbers: {},
    },
  ];
}
