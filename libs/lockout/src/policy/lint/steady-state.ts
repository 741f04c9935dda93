import { MAX_DURATION_MS } from '../duration.js';
import { isTablePolicy, type LockoutPolicy, type Schedule } from '../policy.js';
import type { LockoutState } from '../state.js';
import { remember } from '../window.js';

/** From where on counters change nothing any more. */
interface Saturation {
  /** Counts above it behave like it, … */
  readonly failures: number;
  /** … or, where multiples lock, like the one so many below. */
  readonly every: number;
  readonly escalation: number;
}

/** Growth steps after which a schedule is at its longest; too many rather than too few. */
function stepsOfGrowth(schedule: Exclude<Schedule, { kind: 'fixed' | 'indefinite' }>): number {
  const maximumMs = Math.min(schedule.maximumMs ?? MAX_DURATION_MS, MAX_DURATION_MS);
  switch (schedule.kind) {
    case 'exponential':
      return schedule.factor === 1
        ? 0
        : Math.ceil(Math.log(maximumMs / schedule.initialMs) / Math.log(schedule.factor)) + 2;
    case 'linear':
      return Math.ceil(maximumMs / schedule.stepMs) + 2;
    case 'multiples':
      return Math.ceil(maximumMs / schedule.stepMs) + 2;
    default:
      return schedule satisfies never;
  }
}

function saturationOf(policy: LockoutPolicy): Saturation {
  const never = Number.POSITIVE_INFINITY;
  const escalationOf = (growth: number): number => (policy.indefiniteAfterLockouts === null ? growth : never);
  if (isTablePolicy(policy)) {
    const last = policy.schedule.rows.at(-1)?.failures ?? 1;
    return { failures: last, every: 1, escalation: escalationOf(1) };
  }
  const { schedule, threshold } = policy;
  const growth = 'by' in schedule ? stepsOfGrowth(schedule) : 0;
  const byFailures = 'by' in schedule && schedule.by === 'failures';
  const perStep = schedule.kind === 'multiples' ? threshold : 1;
  return {
    failures: threshold + 1 + (byFailures ? growth * perStep : 0),
    every: policy.afterLock === 'relock-at-each-multiple' ? threshold : 1,
    escalation: escalationOf(byFailures ? 1 : growth + 1),
  };
}

/** How long ago anything can have been that the rule still asks for when it was. */
function reachOf({
  window,
  retentionMs,
  escalationWindow,
  minIntervalMs,
  quickFailure,
}: LockoutPolicy): number {
  return Math.max(
    window.kind === 'none' ? 0 : window.durationMs,
    retentionMs ?? 0,
    typeof escalationWindow === 'object' ? escalationWindow.durationMs : 0,
    minIntervalMs,
    quickFailure?.withinMs ?? 0,
  );
}

/** Whether a lock came of the standing count: the order of two moments, however long ago they were. */
const isAnswered = ({ failures, lastLockEndedAt, windowStartedAt }: LockoutState): boolean =>
  failures > 0 && lastLockEndedAt !== null && (windowStartedAt === null || lastLockEndedAt > windowStartedAt);

/**
 * A text that is equal for two states (each at its own moment) exactly when the rule will treat them alike from then on:
 * moments are told relative to now, and counters that have outgrown everything the policy says are cut off.
 */
export function steadyShape(policy: LockoutPolicy): (state: LockoutState, now: number) => string {
  const saturation = saturationOf(policy);
  const sliding = policy.window.kind === 'sliding';
  // One more: the end of an inclusive window still belongs to it.
  const longAgo = -reachOf(policy) - 1;
  return (given, now) => {
    const state = remember(policy, given, now);
    const ago = (moment: number | null) => (moment === null ? longAgo : Math.max(longAgo, moment - now));
    const { failures, every } = saturation;
    const count =
      sliding || state.failures <= failures
        ? state.failures
        : failures + ((state.failures - failures) % every);
    const { lock } = state;
    return JSON.stringify([
      count,
      sliding ? state.times.map(ago) : 0,
      policy.window.kind === 'fixed' && state.failures > 0 ? ago(state.windowStartedAt) : 0,
      ago(state.lastFailureAt),
      policy.indefiniteAfterFailures === null ? 0 : state.consecutive,
      Math.min(state.escalation, saturation.escalation),
      lock ? (lock.until === null ? 'for good' : ago(lock.until)) : 0,
      ago(state.lastLockEndedAt),
      isAnswered(state),
    ]);
  };
}
