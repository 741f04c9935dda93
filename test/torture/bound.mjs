import { failsFrom, isConfirmedFailure, weightOf } from './history.mjs';
import { budgetAfter, overshoot, shortestLock } from './lock-length.mjs';
import { releases } from './release.mjs';

const NEVER = Number.POSITIVE_INFINITY;

/**
 * P1. At no moment do more attempts hold a part of a key's budget than the policy grants: an attempt holds one from when
 * it was admitted until a success, a forgetting or an unlock may at the earliest have released it.
 *
 * @param {import('./history.mjs').KeyHistory} key
 * @returns {{ at: number, held: number, budget: number } | null}
 */
export function brokenBound(key) {
  const { policy, attempts } = key;
  const admitted = attempts.filter((attempt) => attempt.admitted < NEVER);
  if (weightOf(policy, admitted) <= budgetAfter(policy, 0)) return null;
  const ends = lockEnds(key);
  const releasedAt = releases(key);
  const marks = admitted.map((attempt) => ({
    at: attempt.admitted,
    attempt,
    released: releasedAt(attempt),
  }));
  marks.sort((a, b) => a.at - b.at);
  const confirmed = admitted
    .filter(isConfirmedFailure)
    .map((attempt) => ({ at: attempt.settled, date: failsFrom(policy, attempt) }))
    .sort((a, b) => a.at - b.at);

  const idleMs = policy.window?.kind === 'idle' ? policy.window.durationMs : NEVER;
  let lastFailure = Number.NEGATIVE_INFINITY;
  let next = 0;
  let held = [];
  for (const mark of marks) {
    // An idle window forgets all at once; what was surely dated since keeps it open.
    for (;;) {
      const upTo = Math.min(confirmed[next]?.at ?? NEVER, mark.at);
      if (lastFailure + idleMs <= upTo)
        held = held.filter(({ attempt }) => failsFrom(policy, attempt) + idleMs > upTo);
      if (upTo === mark.at) break;
      lastFailure = Math.max(lastFailure, confirmed[next].date);
      next += 1;
    }
    held = held.filter(({ released }) => released > mark.at);
    if (mark.released > mark.at) held.push(mark);
    const budget = budgetAfter(policy, ends.filter((end) => end <= mark.at).length) + overshoot(policy);
    const weight = weightOf(
      policy,
      held.map(({ attempt }) => attempt),
    );
    if (weight > budget) return { at: mark.at, held: weight, budget };
  }
  return null;
}

/**
 * When the first, second, … lock of this key can have ended at the earliest: its failures cannot have been counted
 * before they were dated, nor in less time than the locks between them lasted.
 *
 * @param {import('./history.mjs').KeyHistory} key
 */
export function lockEnds({ population, policy, attempts }) {
  const dates = attempts
    .map((attempt) => failsFrom(policy, attempt))
    .filter((date) => date < NEVER)
    .sort((a, b) => a - b);
  const ends = [];
  let end = Number.NEGATIVE_INFINITY;
  for (;;) {
    const date = dates[budgetAfter(policy, ends.length) - 1];
    if (date === undefined) return ends;
    end = Math.max(end, date) + shortestLock(population, policy, ends.length + 1);
    if (end === NEVER) return ends;
    ends.push(end);
  }
}
