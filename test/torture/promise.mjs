import { deadlineOf, failsFrom, isConfirmedFailure, weightOf } from './history.mjs';
import { longestLock, shortestLock } from './lock-length.mjs';
import { EARLY_MS, LAG_MS, LATE_MS, STRAY_MS } from './tolerance.mjs';

const NEVER = Number.POSITIVE_INFINITY;

/**
 * @typedef {object} KnownLock Somebody was told of it.
 * @property {number} known from when on, ms
 * @property {number} since not set before
 * @property {number} until ms of the run; Infinity: until unlocked
 * @property {import('./history.mjs').Tried} by
 */

/**
 * The locks of one key that its attempts were told of.
 *
 * @param {import('./history.mjs').KeyHistory} key
 * @param {(epochMs: number) => number} momentOf
 * @returns {KnownLock[]}
 */
export function knownLocks({ policy, attempts }, momentOf) {
  const untilOf = (until) => (until === null ? NEVER : momentOf(until));
  const locks = [];
  for (const by of attempts) {
    for (const { policy: name, until } of by.locked) {
      if (name === policy.name)
        locks.push({ known: by.settled, since: by.judged, until: untilOf(until), by, own: true });
    }
    for (const [refusal, known, asked] of [
      [by.refusal, by.refused, by.asked],
      [by.settleRefusal, by.settled, by.judged],
    ]) {
      if (refusal?.reason !== 'locked' || refusal.policy !== policy.name) continue;
      // A refusal may come from memory, for as long as a record counts as fresh.
      locks.push({ known, since: asked - LATE_MS, until: untilOf(refusal.until), by, own: false });
    }
  }
  return locks.sort((a, b) => a.known - b.known);
}

/** @param {import('./history.mjs').Unlock[]} unlocks @param {KnownLock} lock @param {number} before */
const isPardoned = (unlocks, lock, before) =>
  unlocks.some((unlock) => unlock.to >= lock.since && unlock.from <= before);

/**
 * P2. No attempt that began after somebody was told of a lock was admitted before that lock's end, and none that settled
 * under it signed in (R6).
 *
 * @param {import('./history.mjs').KeyHistory} key
 * @param {readonly KnownLock[]} locks by the moment they were known
 */
export function brokenPromise({ attempts, unlocks }, locks) {
  if (locks.length === 0) return null;
  const standing = latest(locks);
  for (const attempt of attempts) {
    if (attempt.admitted < NEVER) {
      const lock = standing(attempt.asked);
      if (lock && attempt.admitted < lock.until - EARLY_MS) {
        const broken = unlocks.length === 0 || !isPardoned(unlocks, lock, attempt.admitted);
        if (broken) return { what: 'admitted', attempt, lock };
      }
    }
    if (attempt.verdict === 'success' && attempt.written && attempt.settleRefusal === null) {
      const lock = standing(attempt.judged);
      if (lock && attempt.settled < lock.until - EARLY_MS && !isPardoned(unlocks, lock, attempt.settled))
        return { what: 'signed in', attempt, lock };
    }
  }
  return null;
}

/** Of the locks known by a moment, the one that ends last. @param {readonly KnownLock[]} locks */
function latest(locks) {
  const best = [];
  for (const lock of locks) {
    const before = best[best.length - 1];
    best.push(before && before.until >= lock.until ? before : lock);
  }
  return (moment) => {
    let low = 0;
    let high = locks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (locks[middle].known <= moment) low = middle + 1;
      else high = middle;
    }
    return best[low - 1] ?? null;
  };
}

/**
 * A lock lasts as long as its policy says, counted from a failure that was there: whatever the wall clock of the process
 * that set it.
 *
 * @param {import('./history.mjs').KeyHistory} key
 * @param {readonly KnownLock[]} locks
 */
export function wrongLength({ population, policy, attempts }, locks) {
  if (locks.length === 0) return null;
  const longest = longestLock(policy);
  const shortest = shortestLock({ ...population, onlyFailures: false }, policy, 1);
  const presumed = Math.min(
    ...attempts.map((attempt) =>
      // Settled in time by its own verdict, it was dated by that.
      isConfirmedFailure(attempt) && attempt.settled < deadlineOf(policy, attempt)
        ? NEVER
        : failsFrom(policy, attempt),
    ),
  );
  for (const lock of locks) {
    if (lock.until > lock.known + longest + EARLY_MS) return { what: 'too long', lock, longest };
    if (!lock.own) continue;
    const earliest = Math.min(presumed, failsFrom(policy, lock.by), lock.by.judged - LAG_MS);
    if (lock.until < earliest + shortest - EARLY_MS) return { what: 'too short', lock, shortest };
  }
  return null;
}

/**
 * No refusal without a cause: a lock takes failures that can have been counted by then, `exhausted` takes attempts that
 * can have been in flight, and neither outlives its end.
 *
 * @param {import('./history.mjs').KeyHistory} key
 * @param {(epochMs: number) => number} momentOf
 * @param {number} firstLock failures that lock first
 */
export function refusalWithoutCause(key, momentOf, firstLock) {
  const { population, policy, attempts } = key;
  const refusals = attempts.flatMap((attempt) =>
    [
      { attempt, refusal: attempt.refusal, from: attempt.asked, to: attempt.refused },
      { attempt, refusal: attempt.settleRefusal, from: attempt.judged, to: attempt.settled },
    ].filter(({ refusal }) => refusal?.policy === policy.name),
  );
  if (refusals.length === 0) return null;
  // A heavy failure is as many as it weighs.
  const dates = attempts
    .flatMap((attempt) => Array(weightOf(policy, [attempt])).fill(failsFrom(policy, attempt)))
    .filter((date) => date < NEVER)
    .sort((a, b) => a - b);
  const spans = attempts.map((attempt) => chargedDuring(policy, population, attempt)).filter(Boolean);
  for (const { attempt, refusal, from, to } of refusals) {
    const failures = countUpTo(dates, to);
    if (refusal.reason === 'locked') {
      if (failures < firstLock) return { attempt, why: `${failures} failures can have been counted` };
      if (refusal.until !== null && momentOf(refusal.until) + LATE_MS < from)
        return { attempt, why: 'the lock was over' };
    } else {
      const inFlight = spans.filter((span) => span.attempt !== attempt && span.from <= to && span.to >= from);
      if (inFlight.length === 0) return { attempt, why: 'no other attempt was in flight' };
      if (
        weightOf(
          policy,
          inFlight.map(({ attempt: other }) => other),
        ) +
          failures <
        firstLock
      )
        return {
          attempt,
          why: `${failures} failures can have been counted, ${inFlight.length} attempts in flight`,
        };
    }
  }
  return null;
}

/** When a charge of this attempt can have stood; null: it made none. */
function chargedDuring(policy, population, attempt) {
  const { refusal, refused, admitted, asked, settled, written, gone } = attempt;
  // Refused at several keys at once: what it won at one was taken back before it was told.
  if (refusal) return population.policies.length > 1 ? { attempt, from: asked, to: refused } : null;
  if (admitted < NEVER && written) return { attempt, from: asked, to: settled };
  const deadline = Math.min(gone, Math.max(asked, admitted === NEVER ? attempt.unavailable : admitted));
  return {
    attempt,
    from: asked,
    to: Math.max(deadline, asked) + policy.attemptTimeoutMs + LAG_MS + STRAY_MS,
  };
}

function countUpTo(sorted, limit) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
