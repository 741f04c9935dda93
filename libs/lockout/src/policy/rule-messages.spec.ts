import { describe, expect, test } from '@jest/globals';
import { problemsIn } from '../testing/policy-problems.js';

const fixed = { kind: 'fixed', durationMs: 1000 };
const base = { name: 'login', threshold: 5, schedule: fixed };
const sliding = { kind: 'sliding', durationMs: 9 };
const DURATION = 'whole milliseconds, e.g. minutes(5) = 300000';
const LIMITS = 'e.g. { "schedule.initialMs": { min: minutes(1), max: minutes(60) } }';
const LONGEST = '1 to 3153600000000';
const COUNT = '1 to 1000000';

describe('what a person is told about windows, schedules and limits, word for word', () => {
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
      'a sliding table',
      { name: 't', window: sliding, schedule: { kind: 'table', rows: [{ failures: 129, lockMs: 5 }] } },
      [
        'schedule.rows[0].failures: needs 129 failures to be remembered one by one (at most 128 with a sliding window; use an idle or fixed one for more)',
      ],
    ],
    [
      'a table with a threshold',
      {
        name: 't',
        threshold: 5,
        locksOn: 'reaching',
        afterLock: 'fresh-budget',
        schedule: { kind: 'table', rows: [{ failures: 1, lockMs: 5 }] },
      },
      [
        'threshold: does not go with a table (remove it: the rows say which failures lock)',
        'locksOn: does not go with a table (remove it: the rows say which failures lock)',
        'afterLock: does not go with a table (remove it: the rows say which failures lock)',
      ],
    ],
    [
      'a table without rows',
      { name: 't', schedule: { kind: 'table' } },
      ['schedule.rows: is missing ([{ failures: 5, lockMs: minutes(5) }, …])'],
    ],
    [
      'an empty table',
      { name: 't', schedule: { kind: 'table', rows: [] } },
      ['schedule.rows: has 0 rows (1 to 64 rows)'],
    ],
    [
      '65 rows',
      {
        name: 't',
        schedule: {
          kind: 'table',
          rows: Array.from({ length: 65 }, (_, n) => ({ failures: n + 1, lockMs: 1 })),
        },
      },
      ['schedule.rows: has 65 rows (1 to 64 rows)'],
    ],
    [
      'rows',
      {
        name: 't',
        schedule: { kind: 'table', rows: [7, { failures: 0, lockMs: -1 }, { failures: 1, lockMs: 1, x: 1 }] },
      },
      [
        'schedule.rows[0]: must be an object, not 7 ({ failures: 5, lockMs: minutes(5) }, or lockMs: null for until unlocked)',
        `schedule.rows[1].failures: is out of range: 0 (the failure that locks, ${COUNT})`,
        `schedule.rows[1].lockMs: is out of range: -1 (${DURATION}, or null, ${LONGEST})`,
        'schedule.rows[2].x: is not a field here (known fields: failures, lockMs)',
      ],
    ],
    [
      'rows in the wrong order',
      {
        name: 't',
        schedule: {
          kind: 'table',
          rows: [
            { failures: 3, lockMs: null },
            { failures: 3, lockMs: 5 },
            { failures: 4, lockMs: 5 },
          ],
        },
      },
      [
        'schedule.rows[1].failures: does not ascend: 3 (more than the 3 of the row before)',
        'schedule.rows[1]: is never reached: the row before locks until unlocked (make the indefinite row the last one)',
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
      'limits of nothing',
      { ...base, limits: { treshold: { min: 1, max: 4 }, 'schedule.kind': { min: 1, max: 2 } } },
      [
        `limits.treshold: names no number of this policy (${LIMITS})`,
        `limits.schedule.kind: names no number of this policy (${LIMITS})`,
      ],
    ],
    [
      'limits that are upside down',
      { ...base, limits: { threshold: { min: 6, max: 4 } } },
      ['limits.threshold.min: is above max: 6 > 4 (min at most max)'],
    ],
    [
      'limits of the wrong kind',
      {
        ...base,
        limits: { threshold: { min: 'a', max: 9, integer: 1, multipleOf: 0, x: 1 }, retentionMs: 5 },
      },
      [
        'limits.threshold.min: must be a number, not "a" (a number, -9007199254740991 to 9007199254740991)',
        'limits.threshold.integer: must be true or false, not 1 (true or false)',
        'limits.threshold.multipleOf: is out of range: 0 (a whole number, 1 to 9007199254740991)',
        'limits.threshold.x: is not a field here (known fields: integer, max, min, multipleOf, required)',
        'limits.retentionMs: must be an object, not 5 ({ min, max })',
      ],
    ],
    [
      'numbers outside their limits',
      {
        ...base,
        minIntervalMs: 7,
        retentionMs: 1001,
        limits: {
          threshold: { min: 6, max: 9 },
          'schedule.durationMs': { min: 1, max: 999, integer: true },
          minIntervalMs: { min: 1, max: 100, multipleOf: 5 },
          retentionMs: { min: 1, max: 9000, integer: true, multipleOf: 1000 },
        },
      },
      [
        'threshold: is outside its limits: 5 (from 6 to 9)',
        'schedule.durationMs: is outside its limits: 1000 (a whole number from 1 to 999)',
        'minIntervalMs: is not a whole step: 7 (from 1 to 100, in steps of 5)',
        'retentionMs: is not a whole step: 1001 (a whole number from 1 to 9000, in steps of 1000)',
      ],
    ],
    [
      'one problem is told once: of a broken window nothing else is asked',
      { ...base, threshold: 129, onSuccess: 'clear-own-address', window: { kind: 'sliding' } },
      [`window.durationMs: is missing (${DURATION}, ${LONGEST})`],
    ],
    [
      'nor of a broken row which rows it goes between',
      {
        name: 't',
        schedule: {
          kind: 'table',
          rows: [
            { failures: 3, lockMs: 1 },
            { failures: 3, lockMs: 0 },
            { failures: 0, lockMs: null },
            { failures: 2, lockMs: 1 },
          ],
        },
      },
      [
        `schedule.rows[1].lockMs: is out of range: 0 (${DURATION}, or null, ${LONGEST})`,
        `schedule.rows[2].failures: is out of range: 0 (the failure that locks, ${COUNT})`,
      ],
    ],
    [
      'nor of a broken count whether its row ends the table',
      {
        name: 't',
        schedule: {
          kind: 'table',
          rows: [
            { failures: 0, lockMs: null },
            { failures: 2, lockMs: 1 },
          ],
        },
      },
      [`schedule.rows[0].failures: is out of range: 0 (the failure that locks, ${COUNT})`],
    ],
    [
      'nor of a broken lock whether its count ascends',
      {
        name: 't',
        schedule: {
          kind: 'table',
          rows: [
            { failures: 3, lockMs: 1 },
            { failures: 3, lockMs: 0 },
          ],
        },
      },
      [`schedule.rows[1].lockMs: is out of range: 0 (${DURATION}, or null, ${LONGEST})`],
    ],
    [
      'nor of a broken duration whether its maximum is longer',
      { ...base, schedule: { kind: 'multiples', stepMs: 0, by: 'lockouts', maximumMs: 5 } },
      [`schedule.stepMs: is out of range: 0 (${DURATION}, ${LONGEST})`],
    ],
    [
      'limits deep inside a number that is off',
      { ...base, limits: { 'retentionMs.deep': { min: 1, max: 2 } } },
      [],
    ],
    [
      'a number that must not be off',
      {
        ...base,
        limits: {
          retentionMs: { min: 1, max: 5, required: true },
          minIntervalMs: { min: 0, max: 5, required: true },
          notify: { min: 1, max: 5 },
        },
      },
      ['retentionMs: must not be switched off (from 1 to 5)'],
    ],
    [
      'a factor between whole numbers',
      {
        ...base,
        schedule: { kind: 'exponential', initialMs: 1, factor: 1.5, by: 'lockouts' },
        limits: { 'schedule.factor': { min: 1, max: 2, integer: true } },
      },
      ['schedule.factor: is not a whole step: 1.5 (a whole number from 1 to 2)'],
    ],
  ])('%s', (_, value, problems) => {
    expect(problemsIn(value)).toEqual(problems);
  });
});
