import { describe, expect, test } from '@jest/globals';
import { problemsIn } from '../testing/policy-problems.js';

const fixed = { kind: 'fixed', durationMs: 1000 };
const base = { name: 'login', threshold: 5, schedule: fixed };
const sliding = { kind: 'sliding', durationMs: 9 };
const DURATION = 'whole milliseconds, e.g. minutes(5) = 300000';
const LONGEST = '1 to 3153600000000';
const COUNT = '1 to 1000000';

describe('what a person is told about windows and schedules, word for word', () => {
  test.each<[string, unknown, string[]]>([
    [
      'numbers out of range',
      {
        ...base,
        threshold: 0,
        schedule: { kind: 'fixed', durationMs: 0 },
        window: { kind: 'idle', durationMs: -1 },
        escalationWindow: { durationMs: 0 },
        indefiniteAfterLockouts: 0,
        indefiniteAfterFailures: 1_000_001,
        weights: { otp: 129 },
        minIntervalMs: -1,
        quickFailure: { withinMs: 0, lockMs: 3_153_600_000_001 },
        attemptTimeoutMs: 86_400_001,
        abandonAllowance: -1,
        retentionMs: 0,
        notify: { from: 0 },
      },
      [
        `window.durationMs: is out of range: -1 (${DURATION}, ${LONGEST})`,
        `escalationWindow.durationMs: is out of range: 0 (${DURATION}, ${LONGEST})`,
        `indefiniteAfterLockouts: is out of range: 0 (a number of lockouts, or null, ${COUNT})`,
        `indefiniteAfterFailures: is out of range: 1000001 (a number of failures, or null, ${COUNT})`,
        'weights.otp: is out of range: 129 (a whole number, 1 to 128)',
        `minIntervalMs: is out of range: -1 (${DURATION}, 0 to 3153600000000)`,
        `quickFailure.withinMs: is out of range: 0 (${DURATION}, ${LONGEST})`,
        `quickFailure.lockMs: is out of range: 3153600000001 (${DURATION}, ${LONGEST})`,
        `attemptTimeoutMs: is out of range: 86400001 (${DURATION}, 1 to 86400000)`,
        `retentionMs: is out of range: 0 (${DURATION}, or null, ${LONGEST})`,
        `notify.from: is out of range: 0 (the first failure to tell of, ${COUNT})`,
        `schedule.durationMs: is out of range: 0 (${DURATION}, ${LONGEST})`,
        `threshold: is out of range: 0 (the failure that locks, ${COUNT})`,
        'abandonAllowance: is out of range: -1 (refunds per window, 0 to 1000000)',
      ],
    ],
    [
      'kinds',
      { ...base, window: { kind: 'daily', durationMs: 1 }, schedule: { kind: 'random', durationMs: 1 } },
      [
        'window.kind: must not be "daily" (one of "none", "idle", "fixed", "sliding")',
        'schedule.kind: must not be "random" (one of "fixed", "exponential", "linear", "multiples", "table", "indefinite")',
      ],
    ],
    [
      'kinds that are missing',
      { ...base, window: {}, schedule: {} },
      [
        'window.kind: is missing (one of "none", "idle", "fixed", "sliding")',
        'schedule.kind: is missing (one of "fixed", "exponential", "linear", "multiples", "table", "indefinite")',
      ],
    ],
    [
      'a sliding threshold',
      { ...base, threshold: 128, locksOn: 'exceeding', window: sliding },
      [
        'threshold: needs 129 failures to be remembered one by one (at most 128 with a sliding window; use an idle or fixed one for more)',
      ],
    ],
    [
      'an exponential schedule',
      { ...base, schedule: { kind: 'exponential', initialMs: 10, factor: 0.9, by: 'days', maximumMs: 9 } },
      [
        'schedule.factor: is out of range: 0.9 (a number, 1 to 1000)',
        'schedule.by: must not be "days" (one of "failures", "lockouts")',
        'schedule.initialMs: is longer than maximumMs: 10 > 9 (at most maximumMs (9))',
      ],
    ],
    [
      'a linear schedule',
      { ...base, schedule: { kind: 'linear', initialMs: 10, stepMs: -1, by: 'failures', maximumMs: 9 } },
      [
        `schedule.stepMs: is out of range: -1 (${DURATION}, 0 to 3153600000000)`,
        'schedule.initialMs: is longer than maximumMs: 10 > 9 (at most maximumMs (9))',
      ],
    ],
    [
      'multiples',
      { ...base, schedule: { kind: 'multiples', stepMs: 10, maximumMs: 9 } },
      [
        'schedule.by: is missing (one of "failures", "lockouts")',
        'schedule.stepMs: is longer than maximumMs: 10 > 9 (at most maximumMs (9))',
      ],
    ],
    [
      'a maximum of the wrong kind',
      { ...base, schedule: { kind: 'multiples', stepMs: 10, by: 'lockouts', maximumMs: '9' } },
      [`schedule.maximumMs: must be a number, not "9" (${DURATION}, ${LONGEST})`],
    ],
    [
      'window details',
      { ...base, window: { kind: 'fixed', durationMs: 5, end: 'open', anchor: 'last-failure' } },
      [
        'window.end: must not be "open" (one of "exclusive", "inclusive")',
        'window.anchor: is not a field here (known fields: durationMs, end, kind)',
      ],
    ],
    [
      'an anchor',
      { ...base, window: { kind: 'idle', durationMs: 5, anchor: 'first' } },
      ['window.anchor: must not be "first" (one of "last-failure", "later-of-failure-and-lock-end")'],
    ],
    [
      'one problem is told once: of a broken window nothing else is asked',
      { ...base, threshold: 129, onSuccess: 'clear-own-address', window: { kind: 'sliding' } },
      [`window.durationMs: is missing (${DURATION}, ${LONGEST})`],
    ],
    [
      'nor of a broken duration whether its maximum is longer',
      { ...base, schedule: { kind: 'multiples', stepMs: 0, by: 'lockouts', maximumMs: 5 } },
      [`schedule.stepMs: is out of range: 0 (${DURATION}, ${LONGEST})`],
    ],
  ])('%s', (_, value, problems) => {
    expect(problemsIn(value)).toEqual(problems);
  });
});
