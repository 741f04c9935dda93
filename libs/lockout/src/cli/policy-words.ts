import {
  isTablePolicy,
  type LockoutPolicy,
  type Schedule,
  type ThresholdPolicy,
  type Window,
} from '../policy/index.js';
import { durationText } from './moment-text.js';
import { counted, listed, ordinal } from './plain-number.js';

const partWord = (part: LockoutPolicy['scope'][number]): string =>
  typeof part === 'string' ? part : part.custom;

/** How a timed lock is said, and what becomes of the next ones. */
function scheduleWords(schedule: Schedule): string {
  const growth = (first: number, next: string, maximumMs: number | undefined) =>
    `for ${durationText(first)}, ${next}${maximumMs === undefined ? '' : `, at most ${durationText(maximumMs)}`}`;
  const each = 'by' in schedule && schedule.by === 'failures' ? 'failure' : 'lock';
  switch (schedule.kind) {
    case 'fixed':
      return `for ${durationText(schedule.durationMs)}`;
    case 'exponential':
      return growth(
        schedule.initialMs,
        `${schedule.factor} times as long with each further ${each}`,
        schedule.maximumMs,
      );
    case 'linear':
      return growth(
        schedule.initialMs,
        `${durationText(schedule.stepMs)} more with each further ${each}`,
        schedule.maximumMs,
      );
    case 'multiples':
      return growth(
        schedule.stepMs,
        schedule.by === 'failures'
          ? 'as much again at each multiple of the threshold'
          : 'as much again with each further lock',
        schedule.maximumMs,
      );
    case 'indefinite':
      return 'until it is lifted';
    default:
      return schedule satisfies never;
  }
}

function lockWords(policy: LockoutPolicy): string {
  if (isTablePolicy(policy)) {
    const rows = policy.schedule.rows.map(
      ({ failures, lockMs }) =>
        `the ${ordinal(failures)} failure for ${lockMs === null ? 'as long as nobody lifts it' : durationText(lockMs)}`,
    );
    return `Locks at ${listed(rows)}; each further failure locks like the last of these.`;
  }
  const which =
    policy.locksOn === 'reaching'
      ? `The ${ordinal(policy.threshold)} failure locks`
      : `${counted(policy.threshold, 'failure is', 'failures are')} allowed; the ${ordinal(policy.threshold + 1)} locks`;
  return `${which} ${scheduleWords(policy.schedule)}.`;
}

const AFTER_LOCK: Readonly<Record<ThresholdPolicy['afterLock'], string>> = {
  'relock-on-next-failure': 'After a lock the next failure locks again.',
  'relock-at-each-multiple': 'After a lock the next multiple of the threshold locks again.',
  'fresh-budget': 'After a lock there is a full budget again.',
  'fresh-budget-at-end': 'After a lock there is a full budget again, counted from its end.',
};

function windowWords(window: Window): string {
  switch (window.kind) {
    case 'none':
      return 'Failures are not forgotten with time.';
    case 'idle': {
      const from =
        window.anchor === 'later-of-failure-and-lock-end' ? 'last failure or lock' : 'last failure';
      return `All failures are forgotten ${durationText(window.durationMs)} after the ${from}.`;
    }
    case 'fixed':
      return `All failures are forgotten ${durationText(window.durationMs)} after the first.`;
    case 'sliding':
      return `Each failure is forgotten after ${durationText(window.durationMs)}.`;
    default:
      return window satisfies never;
  }
}

const ON_SUCCESS: Readonly<Record<LockoutPolicy['onSuccess'], string>> = {
  clear: 'A success clears the count.',
  refund: 'A success clears nothing.',
  'clear-own-address': 'A success clears only what its own address contributed.',
};

/** A policy in plain sentences, for people who have to agree to it. */
export function policyWords(policy: LockoutPolicy): readonly string[] {
  const { counts, refuses, window, minIntervalMs, quickFailure, exempt } = policy;
  const methods = counts === 'all' ? 'of every method' : `by ${listed(counts)}`;
  const weights = Object.entries(policy.weights).map(([method, weight]) => `${method} weighs ${weight}`);
  const others =
    refuses === 'all' ? 'While locked, every method is refused.' : 'While locked, other methods still work.';
  const extras: readonly (string | false)[] = [
    counts !== 'all' && others,
    !isTablePolicy(policy) && AFTER_LOCK[policy.afterLock],
    policy.indefiniteAfterLockouts !== null &&
      `After ${counted(policy.indefiniteAfterLockouts, 'lock')} in a row the next one has no end.`,
    policy.indefiniteAfterFailures !== null &&
      `The ${ordinal(policy.indefiniteAfterFailures)} consecutive failure in all locks until it is lifted.`,
    minIntervalMs > 0 && `After a failure every attempt is refused for ${durationText(minIntervalMs)}.`,
    quickFailure !== null &&
      `A failure within ${durationText(quickFailure.withinMs)} of the one before locks for ${durationText(quickFailure.lockMs)}.`,
    weights.length > 0 && `A failure of ${listed(weights)}.`,
    exempt.accounts.length + exempt.addresses.length > 0 &&
      `Never counts or refuses ${listed([...exempt.accounts, ...exempt.addresses])}.`,
    policy.unknownAccounts === 'ignore' && 'Names that nobody has are not counted.',
    !policy.enabled && 'It is off: it neither counts nor refuses.',
    policy.enabled && !policy.enforce && 'It only watches: its locks refuse nothing.',
  ];
  return [
    `Counts failures ${methods}, by ${listed(policy.scope.map(partWord))}.`,
    lockWords(policy),
    windowWords(window),
    ON_SUCCESS[policy.onSuccess],
    ...extras.filter((words): words is string => words !== false),
  ];
}
