import { describe, expect, test } from '@jest/globals';
import { problemsIn } from '../testing/policy-problems.js';

const DURATION = 'whole milliseconds, e.g. minutes(5) = 300000';
const LONGEST = '1 to 3153600000000';
const COUNT = '1 to 1000000';

const table = (rows: readonly unknown[], fields = {}) => ({
  name: 't',
  schedule: { kind: 'table', rows },
  ...fields,
});

describe('what a person is told about tables, word for word', () => {
  test.each<[string, unknown, string[]]>([
    [
      'a sliding table',
      table([{ failures: 129, lockMs: 5 }], { window: { kind: 'sliding', durationMs: 9 } }),
      [
        'schedule.rows[0].failures: needs 129 failures to be remembered one by one (at most 128 with a sliding window; use an idle or fixed one for more)',
      ],
    ],
    [
      'a table with a threshold',
      table([{ failures: 1, lockMs: 5 }], {
        threshold: 5,
        locksOn: 'reaching',
        afterLock: 'fresh-budget',
      }),
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
    ['an empty table', table([]), ['schedule.rows: has 0 rows (1 to 64 rows)']],
    [
      '65 rows',
      table(Array.from({ length: 65 }, (_, n) => ({ failures: n + 1, lockMs: 1 }))),
      ['schedule.rows: has 65 rows (1 to 64 rows)'],
    ],
    [
      'rows',
      table([7, { failures: 0, lockMs: -1 }, { failures: 1, lockMs: 1, x: 1 }]),
      [
        'schedule.rows[0]: must be an object, not 7 ({ failures: 5, lockMs: minutes(5) }, or lockMs: null for until unlocked)',
        `schedule.rows[1].failures: is out of range: 0 (the failure that locks, ${COUNT})`,
        `schedule.rows[1].lockMs: is out of range: -1 (${DURATION}, or null, ${LONGEST})`,
        'schedule.rows[2].x: is not a field here (known fields: failures, lockMs)',
      ],
    ],
    [
      'rows in the wrong order',
      table([
        { failures: 3, lockMs: null },
        { failures: 3, lockMs: 5 },
        { failures: 4, lockMs: 5 },
      ]),
      [
        'schedule.rows[1].failures: does not ascend: 3 (more than the 3 of the row before)',
        'schedule.rows[1]: is never reached: the row before locks until unlocked (make the indefinite row the last one)',
      ],
    ],
    [
      'of a broken row it is not asked which rows it goes between',
      table([
        { failures: 3, lockMs: 1 },
        { failures: 3, lockMs: 0 },
        { failures: 0, lockMs: null },
        { failures: 2, lockMs: 1 },
      ]),
      [
        `schedule.rows[1].lockMs: is out of range: 0 (${DURATION}, or null, ${LONGEST})`,
        `schedule.rows[2].failures: is out of range: 0 (the failure that locks, ${COUNT})`,
      ],
    ],
    [
      'nor of a broken count whether its row ends the table',
      table([
        { failures: 0, lockMs: null },
        { failures: 2, lockMs: 1 },
      ]),
      [`schedule.rows[0].failures: is out of range: 0 (the failure that locks, ${COUNT})`],
    ],
    [
      'nor of a broken lock whether its count ascends',
      table([
        { failures: 3, lockMs: 1 },
        { failures: 3, lockMs: 0 },
      ]),
      [`schedule.rows[1].lockMs: is out of range: 0 (${DURATION}, or null, ${LONGEST})`],
    ],
  ])('%s', (_, value, problems) => {
    expect(problemsIn(value)).toEqual(problems);
  });
});
