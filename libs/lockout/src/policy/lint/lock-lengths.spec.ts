import { expect, test } from '@jest/globals';
import { definePolicy } from '../define-policy.js';
import type { LockoutPolicy, PolicyInput, Schedule, TableRow } from '../policy.js';
import { canBeIndefinite, longestLockMs } from './lock-lengths.js';

const withSchedule = (schedule: Schedule, fields: Partial<PolicyInput> = {}): LockoutPolicy =>
  definePolicy({ name: 'p', threshold: 5, schedule, ...fields } as PolicyInput);
const table = (...lockMs: readonly (number | null)[]): LockoutPolicy => {
  const rows = lockMs.map((each, index): TableRow => ({ failures: index + 5, lockMs: each }));
  return definePolicy({ name: 't', schedule: { kind: 'table', rows } });
};
const fixed = { kind: 'fixed', durationMs: 1000 } as const;
const growth = { initialMs: 10, stepMs: 5, by: 'lockouts' } as const;

test.each<[string, LockoutPolicy, number | null]>([
  ['a fixed one', withSchedule(fixed), 1000],
  ['a table’s longest row, wherever it stands', table(10, 300, 20), 300],
  ['a table’s longest timed row', table(10, null), 10],
  ['a table without timed rows', table(null), null],
  ['an indefinite one', withSchedule({ kind: 'indefinite' }), null],
  ['linear', withSchedule({ kind: 'linear', ...growth, maximumMs: 70 }), 70],
  ['linear without a maximum', withSchedule({ kind: 'linear', ...growth }), Number.POSITIVE_INFINITY],
  ['multiples', withSchedule({ kind: 'multiples', stepMs: 5, by: 'failures', maximumMs: 60 }), 60],
  [
    'exponential',
    withSchedule({ kind: 'exponential', initialMs: 10, factor: 2, by: 'failures', maximumMs: 50 }),
    50,
  ],
  [
    'exponential without a maximum',
    withSchedule({ kind: 'exponential', initialMs: 10, factor: 2, by: 'failures' }),
    Number.POSITIVE_INFINITY,
  ],
  [
    'exponential that does not grow',
    withSchedule({ kind: 'exponential', initialMs: 10, factor: 1, by: 'failures' }),
    10,
  ],
])('the longest lock: %s', (_, policy, longest) => {
  expect(longestLockMs(policy)).toBe(longest);
});

test.each<[string, LockoutPolicy, boolean]>([
  ['a fixed schedule', withSchedule(fixed), false],
  ['an indefinite one', withSchedule({ kind: 'indefinite' }), true],
  ['a table of timed rows', table(10, 20), false],
  ['a table with one that is not', table(10, null), true],
  ['a cap on failures in a row', withSchedule(fixed, { indefiniteAfterFailures: 9 }), true],
  ['a cap on lockouts', withSchedule(fixed, { indefiniteAfterLockouts: 2 }), true],
])('whether a lock can be without end: %s', (_, policy, can) => {
  expect(canBeIndefinite(policy)).toBe(can);
});
