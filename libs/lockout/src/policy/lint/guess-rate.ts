import { days, hours } from '../duration.js';
import type { LockoutPolicy } from '../policy.js';
import { EMPTY_STATE } from '../state.js';
import { transition } from '../transition.js';
import { AT_ONCE, type Beginning, type Tactic } from './attack.js';
import { guessesInAll, mostGuessesWithin } from './attack-trace.js';
import { type Played, playAll } from './best-pace.js';
import { isPerAddress, isPerChosenPart, refuses, type Watch, watchesOf } from './watching-policies.js';

/**
 * How many wrong guesses at one account are verified by an attacker who keeps up the best tactic throughout, while nobody
 * signs in or unlocks. Infinity where nothing limits them.
 */
export interface GuessRate {
  /** The most in any 60 minutes. */
  readonly perHour: number;
  /** The most in any 24 hours. */
  readonly perDay: number;
  /** The most in any 365 days. */
  readonly perYear: number;
  /** However long it takes: finite only if they end with a lock that does not. */
  readonly inAll: number;
  /** The tactic that gets the most in a year. */
  readonly tactic: Tactic;
  /** `false`: the attack never settled into a cycle, and the numbers are upper bounds. */
  readonly exact: boolean;
}

const UNLIMITED: GuessRate = Object.freeze({
  perHour: Number.POSITIVE_INFINITY,
  perDay: Number.POSITIVE_INFINITY,
  perYear: Number.POSITIVE_INFINITY,
  inAll: Number.POSITIVE_INFINITY,
  tactic: AT_ONCE,
  exact: true,
});

const most = (played: readonly Played[], count: (one: Played) => number): number =>
  played.reduce((best, one) => Math.max(best, count(one)), 0);

/**
 * A fixed window can be straddled: one failure opens it, and the rest of its budget is spent at its very end, just
 * before the next one's. States at that moment, for each fixed window; none if a failure locks at once. The opening
 * failure itself is left out of the count.
 */
function lateBeginnings({ policies, method }: Watch): readonly Beginning[] {
  return policies.flatMap(({ window }) => {
    if (window.kind !== 'fixed') return [];
    const states = policies.map((policy) => {
      const charged = transition(policy, EMPTY_STATE, { type: 'charge', id: 'opening', method }, 0).state;
      return transition(policy, charged, { type: 'fail', id: 'opening' }, 0).state;
    });
    if (states.some(({ lock }) => lock !== null)) return [];
    return [{ states, now: window.durationMs - (window.end === 'inclusive' ? 0 : 1) }];
  });
}

function rateOf(watch: Watch): GuessRate {
  if (watch.policies.length === 0) return UNLIMITED;
  const played = [...playAll(watch), ...lateBeginnings(watch).flatMap((from) => playAll(watch, from))];
  const yearly = played.map(({ trace }) => mostGuessesWithin(trace, days(365)));
  const perYear = Math.max(...yearly);
  const best = played[yearly.indexOf(perYear)] as Played;
  return {
    perHour: most(played, ({ trace }) => mostGuessesWithin(trace, hours(1))),
    perDay: most(played, ({ trace }) => mostGuessesWithin(trace, days(1))),
    perYear,
    inAll: most(played, ({ trace }) => guessesInAll(trace)),
    tactic: best.tactic,
    exact: best.trace.end !== 'steps' || (best.trace.volleys.at(-1)?.at ?? 0) >= days(365),
  };
}

const times = (rate: GuessRate, addresses: number): GuessRate => ({
  perHour: rate.perHour * addresses,
  perDay: rate.perDay * addresses,
  perYear: rate.perYear * addresses,
  inAll: rate.inAll * addresses,
  tactic: rate.tactic,
  exact: rate.exact,
});

const greater = (a: GuessRate, b: GuessRate): GuessRate => ({
  perHour: Math.max(a.perHour, b.perHour),
  perDay: Math.max(a.perDay, b.perDay),
  perYear: Math.max(a.perYear, b.perYear),
  inAll: Math.max(a.inAll, b.inAll),
  tactic: a.perYear >= b.perYear ? a.tactic : b.tactic,
  exact: a.exact && b.exact,
});

const lesser = (a: GuessRate, b: GuessRate): GuessRate => ({
  perHour: Math.min(a.perHour, b.perHour),
  perDay: Math.min(a.perDay, b.perDay),
  perYear: Math.min(a.perYear, b.perYear),
  inAll: Math.min(a.inAll, b.inAll),
  tactic: a.perYear <= b.perYear ? a.tactic : b.tactic,
  exact: a.exact && b.exact,
});

/** Guesses from one address, and from many. */
export interface GuessRates {
  readonly alone: GuessRate;
  readonly crowd: GuessRate;
}

function ratesOf(watch: Watch, addresses: number): GuessRates {
  const alone = rateOf(watch);
  const perAddress = watch.policies.filter(isPerAddress);
  const shared = watch.policies.filter((policy) => !isPerAddress(policy));
  if (perAddress.length === 0) return { alone, crowd: alone };
  if (shared.length === 0) return { alone, crowd: times(alone, addresses) };
  const each = rateOf({ ...watch, policies: perAddress });
  return { alone, crowd: lesser(times(each, addresses), rateOf({ ...watch, policies: shared })) };
}

/** {@link guessRate} from one address and from so many. */
export function guessRates(policies: readonly LockoutPolicy[], addresses: number): GuessRates {
  const limiting = policies.filter((policy) => refuses(policy) && !isPerChosenPart(policy));
  return watchesOf(limiting, policies)
    .map((watch) => ratesOf(watch, addresses))
    .reduce((a, b) => ({ alone: greater(a.alone, b.alone), crowd: greater(a.crowd, b.crowd) }));
}

/**
 * How many guesses an attacker gets at one account that all these policies watch, found by playing the attacker against
 * the rule itself: from one address, or from so many. By the method that allows the most, of those that are counted at
 * all. Policies that are off or only watch limit nothing, nor do those that count by a device or a custom part, which an
 * attacker may leave out or make up.
 *
 * Exact for one address. With several, what counts by address is taken as often as there are addresses, and what does
 * not is taken once; where both watch, the lesser number.
 *
 * @param addresses integer ≥ 1; default 1
 */
export function guessRate(policies: readonly LockoutPolicy[], addresses = 1): GuessRate {
  const { alone, crowd } = guessRates(policies, addresses);
  return addresses === 1 ? alone : crowd;
}
