import { deadlineOf, failsFrom, isConfirmedFailure } from './history.mjs';

const NEVER = Number.POSITIVE_INFINITY;

/**
 * The earliest moment at which a failure of this attempt can have been counted; not its date, which may lie before.
 *
 * @param {Record<string, any>} policy
 * @param {import('./history.mjs').Tried} tried
 */
const countedFrom = (policy, tried) =>
  tried.verdict === 'failure' || tried.verdict === 'abandon'
    ? Math.min(tried.judged, deadlineOf(policy, tried))
    : failsFrom(policy, tried);

/**
 * For each admitted attempt of a key the first moment at which its part of the budget can have been given back: by its
 * own success, by one that saw its failure, by an unlock, or because its window had passed. Infinity: by nothing.
 * What an idle window forgets is not told here: it depends on the failures of others.
 *
 * @param {import('./history.mjs').KeyHistory} key
 * @returns {(attempt: import('./history.mjs').Tried) => number}
 */
export function releases({ policy, attempts, unlocks }) {
  const successes = clears(policy) ? attempts.filter(({ verdict }) => verdict === 'success') : [];
  const failing = attempts.filter((attempt) => failsFrom(policy, attempt) < NEVER);
  const { kind, durationMs } = policy.window ?? { kind: 'none' };
  return (attempt) => {
    const date = failsFrom(policy, attempt);
    const counted = countedFrom(policy, attempt);
    const { verdict, judged } = attempt;
    let released = verdict === 'success' || verdict === 'abandon' ? judged : NEVER;
    for (const success of successes) {
      if (policy.onSuccess === 'clear-own-address' && success.address !== attempt.address) continue;
      // A success clears what was counted before its own charge, and nothing later (R5).
      if (counted <= success.admitted) released = Math.min(released, Math.max(success.judged, counted));
    }
    for (const unlock of unlocks) {
      if (attempt.asked <= unlock.to) released = Math.min(released, Math.max(unlock.from, attempt.asked));
    }
    if (kind === 'sliding') released = Math.min(released, date + durationMs);
    if (kind === 'fixed') {
      for (const first of failing) {
        const latest = isConfirmedFailure(first) ? first.settled : NEVER;
        // A window that began with `first` and was over before this attempt failed says nothing about it.
        if (latest + durationMs > date)
          released = Math.min(released, Math.max(failsFrom(policy, first) + durationMs, date));
      }
    }
    return released;
  };
}

/** Success clears the count, unless the policy counts by address alone (P4). @param {Record<string, any>} policy */
const clears = ({ onSuccess, scope = ['account'] }) =>
  onSuccess ? onSuccess !== 'refund' : scope.includes('account');
