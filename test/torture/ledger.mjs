import { failsFrom, isConfirmedFailure, weightOf } from './history.mjs';
import { firstBudget } from './lock-length.mjs';
import { releases } from './release.mjs';

const NEVER = Number.POSITIVE_INFINITY;
/** No run is as long, ms. */
const LONG_MS = 3_600_000;

/**
 * What the store holds of a key when everything is over accounts for everything it confirmed, and for every attempt whose
 * process was killed while it verified; and for nothing that cannot have been.
 *
 * @param {import('./history.mjs').KeyHistory} key
 * @param {{ failureSeq: number, failures: number, lock: object | null, lastLockEndedAt: number | null, pending: readonly { weight: number }[] } | null} state
 */
export function wrongLedger({ population, policy, attempts, unlocks }, state) {
  // What was in flight when an administrator unlocked is nobody's any more (R7).
  const counted = attempts.filter(
    (attempt) => !unlocks.some(({ from, to }) => attempt.asked <= to && attempt.settled >= from),
  );
  const confirmed = weightOf(policy, counted.filter(isConfirmedFailure));
  const open = weightOf(
    policy,
    counted.filter(
      ({ admitted, verdict, written }) =>
        admitted < NEVER && !written && (verdict === null || verdict === 'none' || verdict === 'failure'),
    ),
  );
  const possible = weightOf(
    policy,
    attempts.filter((attempt) => failsFrom(policy, attempt) < NEVER),
  );
  const { failureSeq = 0, failures = 0, lock = null, lastLockEndedAt = null, pending = [] } = state ?? {};
  const inFlight = pending.reduce((sum, { weight }) => sum + weight, 0);
  if (failureSeq < confirmed)
    return `${confirmed} failures were confirmed, and the store has counted ${failureSeq}`;
  if (failureSeq + inFlight < confirmed + open)
    return (
      `${confirmed} failures were confirmed and ${open} admitted attempts never settled: ` +
      `the store has counted ${failureSeq} and has ${inFlight} in flight`
    );
  if (failureSeq > possible)
    return `the store has counted ${failureSeq} failures, and only ${possible} attempts can have failed`;
  if (population.onlyFailures && confirmed >= firstBudget(policy) && !lock && lastLockEndedAt === null)
    return `${confirmed} failures were confirmed, and the store knows of no lock`;
  const standing = surelyStanding({ population, policy, attempts, unlocks }, state);
  if (failures < standing)
    return `${standing} failures were confirmed that nothing can have cleared, and ${failures} stand`;
  return null;
}

/** Confirmed failures that nothing can have cleared or forgotten; none where a lock may have begun a budget anew. */
function surelyStanding(key, state) {
  const { policy, attempts } = key;
  const { durationMs = NEVER } = policy.window ?? {};
  const isFresh = /^fresh-budget/.test(policy.afterLock ?? '');
  const wasLocked = !state || state.lock !== null || state.lastLockEndedAt !== null;
  if (durationMs < LONG_MS || (isFresh && wasLocked)) return 0;
  const releasedAt = releases(key);
  return weightOf(
    policy,
    attempts.filter((attempt) => isConfirmedFailure(attempt) && releasedAt(attempt) > LONG_MS),
  );
}
