const FOREVER = Number.POSITIVE_INFINITY;

/** The least that the j-th lock of a key (from 1) lasts, ms, worked out from the policy's words alone.
 * @param {import('./population.mjs').Population} population @param {Record<string, any>} policy @param {number} nth */
export function shortestLock({ onlyFailures }, { schedule }, nth) {
  // Where nothing ever clears a count, each lock is one step further.
  const steps = onlyFailures && schedule.by === 'lockouts' ? nth - 1 : 0;
  switch (schedule.kind) {
    case 'indefinite':
      return FOREVER;
    case 'fixed':
      return schedule.durationMs;
    case 'exponential':
      return Math.min(schedule.maximumMs, schedule.initialMs * schedule.factor ** steps);
    case 'linear':
      return Math.min(schedule.maximumMs, schedule.initialMs + schedule.stepMs * steps);
    case 'multiples':
      return Math.min(schedule.maximumMs, schedule.stepMs * (1 + steps));
    case 'table':
      return onlyFailures
        ? schedule.rows[Math.min(nth, schedule.rows.length) - 1].lockMs
        : Math.min(...schedule.rows.map((row) => row.lockMs));
    default:
      throw new Error(`no length for ${schedule.kind}`);
  }
}

/** The most that any lock lasts, ms. @param {Record<string, any>} policy */
export function longestLock({ schedule }) {
  switch (schedule.kind) {
    case 'indefinite':
      return FOREVER;
    case 'fixed':
      return schedule.durationMs;
    case 'table':
      return Math.max(...schedule.rows.map((row) => row.lockMs));
    default:
      return schedule.maximumMs;
  }
}

/** Failures up to and including the one that locks first. @param {Record<string, any>} policy */
export const firstBudget = ({ schedule, threshold, locksOn }) =>
  schedule.kind === 'table' ? schedule.rows[0].failures : threshold + (locksOn === 'exceeding' ? 1 : 0);

/**
 * Failures in all, at most, up to and including the one that locks after `ends` locks have ended, where nothing is
 * cleared or forgotten.
 *
 * @param {Record<string, any>} policy
 * @param {number} ends
 */
export function budgetAfter(policy, ends) {
  const { schedule, threshold, afterLock } = policy;
  if (schedule.kind === 'table') {
    const { rows } = schedule;
    return rows[ends]?.failures ?? rows[rows.length - 1].failures + ends - rows.length + 1;
  }
  if (ends === 0) return firstBudget(policy);
  if (afterLock === 'relock-at-each-multiple') return threshold * (ends + 1);
  return firstBudget(policy) + ends * (afterLock === 'relock-on-next-failure' ? 1 : threshold);
}

/**
 * The most that can be in flight and counted at once beyond what the budget says: an attempt is admitted when there is
 * room for one, whatever it weighs. Of policies with weights no lock ends within a run.
 *
 * @param {Record<string, any>} policy
 */
export const overshoot = ({ weights = {} }) => Math.max(1, ...Object.values(weights)) - 1;
