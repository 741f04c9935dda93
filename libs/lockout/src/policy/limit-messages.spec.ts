import { describe, expect, test } from '@jest/globals';
import { problemsIn } from '../testing/policy-problems.js';

const fixed = { kind: 'fixed', durationMs: 1000 };
const base = { name: 'login', threshold: 5, schedule: fixed };
const LIMITS = 'e.g. { "schedule.initialMs": { min: minutes(1), max: minutes(60) } }';

describe('what a person is told about limits, word for word', () => {
  test.each<[string, unknown, string[]]>([
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
