import type { LockoutPolicy, ThresholdPolicy } from 'nestjs-lockout/policy';
import type { Wording } from '../wording.js';

type Schedule = ThresholdPolicy['schedule'];

const isTable = (policy: LockoutPolicy): policy is Exclude<LockoutPolicy, ThresholdPolicy> =>
  policy.schedule.kind === 'table';

/** Ids of this page's sentences. */
const id = (name: string): string => `console.policies.words.${name}`;

export const partWord = (part: LockoutPolicy['scope'][number], { text }: Wording): string =>
  typeof part === 'string' ? text(`console.policies.part.${part}`) : part.custom;

/** `account and address`. */
export const scopeWords = ({ scope }: Pick<LockoutPolicy, 'scope'>, wording: Wording): string =>
  wording.list(scope.map((part) => partWord(part, wording)));

/** How long a lock lasts, and what becomes of the next ones. */
function lengthSentence(schedule: Schedule, { text, duration }: Wording): string {
  const growth = {
    by: 'by' in schedule ? schedule.by : '',
    capped: 'maximumMs' in schedule && schedule.maximumMs !== undefined ? 'yes' : 'no',
    maximum: 'maximumMs' in schedule && schedule.maximumMs !== undefined ? duration(schedule.maximumMs) : '',
  };
  switch (schedule.kind) {
    case 'fixed':
      return text(id('length.fixed'), { duration: duration(schedule.durationMs) });
    case 'exponential':
      return text(id('length.exponential'), {
        ...growth,
        first: duration(schedule.initialMs),
        factor: schedule.factor,
      });
    case 'linear':
      return text(id('length.linear'), {
        ...growth,
        first: duration(schedule.initialMs),
        step: duration(schedule.stepMs),
      });
    case 'multiples':
      return text(id('length.multiples'), { ...growth, step: duration(schedule.stepMs) });
    case 'indefinite':
      return text(id('length.indefinite'));
    default:
      return schedule satisfies never;
  }
}

function lockSentences(policy: LockoutPolicy, wording: Wording): readonly string[] {
  const { text, duration, list } = wording;
  if (isTable(policy)) {
    const rows = policy.schedule.rows.map(({ failures, lockMs }) =>
      text(id('row'), {
        failures,
        ends: lockMs === null ? 'no' : 'yes',
        duration: lockMs === null ? '' : duration(lockMs),
      }),
    );
    return [text(id('table'), { rows: list(rows) })];
  }
  const { threshold, locksOn, afterLock, schedule } = policy;
  return [
    text(id(`locks.${locksOn}`), { threshold, next: threshold + 1 }),
    lengthSentence(schedule, wording),
    text(id(`after.${afterLock}`), { threshold }),
  ];
}

function windowSentence({ window }: LockoutPolicy, { text, duration }: Wording): string {
  if (window.kind === 'none') return text(id('window.none'));
  const values = { duration: duration(window.durationMs) };
  const isLater = window.kind === 'idle' && window.anchor === 'later-of-failure-and-lock-end';
  return text(id(isLater ? 'window.idle-or-lock' : `window.${window.kind}`), values);
}

/** When lockouts in a row are forgotten, where anything rests on them. */
function escalationSentence(policy: LockoutPolicy, { text, duration }: Wording): string | null {
  const { escalationWindow, schedule, indefiniteAfterLockouts } = policy;
  const matters = indefiniteAfterLockouts !== null || ('by' in schedule && schedule.by === 'lockouts');
  if (!matters || escalationWindow === 'with-failures') return null;
  if (escalationWindow === 'never') return text(id('escalation.never'));
  return text(id('escalation.duration'), { duration: duration(escalationWindow.durationMs) });
}

/** What seldom differs: said only where it does. */
function furtherSentences(policy: LockoutPolicy, wording: Wording): readonly (string | null)[] {
  const { text, duration, list } = wording;
  const { indefiniteAfterLockouts, indefiniteAfterFailures, minIntervalMs, quickFailure, exempt } = policy;
  const weights = Object.entries(policy.weights).map(([method, weight]) => `${method} × ${weight}`);
  const exempted = [...exempt.accounts, ...exempt.addresses];
  return [
    indefiniteAfterLockouts === null
      ? null
      : text(id('endless.lockouts'), { count: indefiniteAfterLockouts }),
    indefiniteAfterFailures === null
      ? null
      : text(id('endless.failures'), { count: indefiniteAfterFailures }),
    minIntervalMs === 0 ? null : text(id('pause'), { duration: duration(minIntervalMs) }),
    quickFailure === null
      ? null
      : text(id('quick'), {
          within: duration(quickFailure.withinMs),
          duration: duration(quickFailure.lockMs),
        }),
    weights.length === 0 ? null : text(id('weights'), { list: list(weights) }),
    exempted.length === 0 ? null : text(id('exempt'), { list: list(exempted) }),
    policy.unknownAccounts === 'ignore' ? text(id('unknown.ignore')) : null,
    policy.retentionMs === null ? null : text(id('retention'), { duration: duration(policy.retentionMs) }),
  ];
}

/** Whether it refuses anybody at all, where it does not. */
export function modeSentence(
  { enabled, enforce }: Pick<LockoutPolicy, 'enabled' | 'enforce'>,
  { text }: Wording,
): string | null {
  if (!enabled) return text(id('disabled'));
  return enforce ? null : text(id('monitor'));
}

/** A policy in whole sentences, for people who have to agree to it. */
export function policyWords(policy: LockoutPolicy, wording: Wording): readonly string[] {
  const { text, list } = wording;
  const { counts, refuses } = policy;
  const sentences = [
    modeSentence(policy, wording),
    text(id('counts'), {
      methods: counts === 'all' ? 'all' : 'some',
      list: counts === 'all' ? '' : list(counts),
      scope: scopeWords(policy, wording),
    }),
    ...lockSentences(policy, wording),
    counts === 'all' ? null : text(id(`refuses.${refuses}`)),
    windowSentence(policy, wording),
    escalationSentence(policy, wording),
    text(id(`success.${policy.onSuccess}`)),
    text(id(`password-reset.${policy.onPasswordReset}`)),
    ...furtherSentences(policy, wording),
  ];
  return sentences.filter((sentence) => sentence !== null);
}
