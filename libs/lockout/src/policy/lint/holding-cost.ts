import { type DurationMs, days } from '../duration.js';
import type { LockoutPolicy } from '../policy.js';
import { AT_ONCE, Attack } from './attack.js';
import { type AttackTrace, continued, guessesBefore, guessesInAll, roundOf } from './attack-trace.js';
import { MOST_STEPS } from './best-pace.js';
import { isAccountWide, refuses, watchesOf } from './watching-policies.js';

/** What it costs to keep somebody else locked, for anyone who knows the name. */
export interface HoldingCost {
  /** Requests until the first lock. */
  readonly requestsToLock: number;
  /** Requests until a lock that stays until it is lifted; infinity if none does. */
  readonly requestsInAll: number;
  /** Requests of the first 24 hours. */
  readonly requestsFirstDay: number;
  /** Requests a day once locks have grown as long as they get: 0 where one lock lasts until it is lifted. */
  readonly requestsPerDay: number;
  /** In the long run one round of so many requests … */
  readonly roundRequests: number;
  /** … holds for so long; infinity: until it is lifted. */
  readonly roundMs: DurationMs;
}

/** The locks of a policy without a maximum outgrow every round: the longest that was seen stands for them. */
function lastLock({ volleys }: AttackTrace): { roundRequests: number; roundMs: DurationMs } {
  let roundRequests = 0;
  let roundMs = 0;
  let requests = 0;
  for (const volley of volleys) {
    requests += volley.guesses;
    if (volley.lockMs === 0) continue;
    roundRequests = requests;
    roundMs = volley.lockMs;
    requests = 0;
  }
  return { roundRequests, roundMs };
}

function costOf(trace: AttackTrace): HoldingCost | null {
  const firstLock = trace.volleys.findIndex(({ lockMs }) => lockMs > 0);
  if (firstLock < 0) return null;
  const sum = (volleys: AttackTrace['volleys']) => volleys.reduce((total, { guesses }) => total + guesses, 0);
  const round = trace.cycle
    ? { roundRequests: sum(roundOf(trace)), roundMs: trace.cycle.periodMs }
    : lastLock(trace);
  return {
    requestsToLock: sum(trace.volleys.slice(0, firstLock + 1)),
    requestsInAll: guessesInAll(trace),
    requestsFirstDay: guessesBefore(trace, days(1)),
    requestsPerDay: (round.roundRequests * days(1)) / round.roundMs,
    ...round,
  };
}

/** In the long run, and where that is the same, to begin with. */
const isCheaper = (a: HoldingCost, b: HoldingCost): boolean =>
  a.requestsPerDay === b.requestsPerDay
    ? a.requestsFirstDay < b.requestsFirstDay
    : a.requestsPerDay < b.requestsPerDay;

/**
 * The fewest requests that keep an account refused all day, whoever signs in from wherever: at each moment a lock ends,
 * as many failures as lock again. Null where no lock is account-wide: an attacker elsewhere locks nobody out. Of several
 * methods, the cheapest.
 *
 * Found by playing the attacker against the rule. Assumes that nobody unlocks and that the owner is never faster.
 */
export function holdingCost(policies: readonly LockoutPolicy[]): HoldingCost | null {
  const wide = policies.filter((policy) => refuses(policy) && isAccountWide(policy));
  const costs = watchesOf(wide, wide).flatMap((watch) => {
    const trace = new Attack(watch.policies, watch.method).play(AT_ONCE, {
      untilMs: days(365),
      steps: MOST_STEPS,
    });
    return costOf(continued(trace)) ?? [];
  });
  return costs.length === 0 ? null : costs.reduce((a, b) => (isCheaper(b, a) ? b : a));
}
