import { describe, expect, test } from '@jest/globals';
import { definePolicy, minutes, type PolicyInput } from './index.js';
import { PolicyError } from './policy-error.js';

const problemsOf = (input: Partial<PolicyInput>): readonly string[] => {
  try {
    const schedule = { kind: 'exponential', initialMs: minutes(5), factor: 2, by: 'lockouts' } as const;
    definePolicy({ name: 'login', threshold: 5, schedule, ...input } as PolicyInput);
    return [];
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return error.problems.map(({ path, message }) => `${path} ${message}`);
  }
};

describe('OW-14 a limited number that is required', () => {
  const [range, required] = [{ min: 1, max: minutes(60) }, true];

  test.each([
    ['with what it belongs to', { quickFailure: null }, 'quickFailure.lockMs'],
    ['with what it belongs to, by default', {}, 'notify.from'],
    ['beside what it belongs with', { notify: { from: 1 } }, 'notify.successAfter'],
    ['by itself', { retentionMs: null }, 'retentionMs'],
    ['by leaving it out', {}, 'schedule.maximumMs'],
  ])('cannot be switched off %s', (_, fields, path) => {
    expect(problemsOf({ ...fields, limits: { [path]: { ...range, required } } })).toEqual([
      `${path} must not be switched off`,
    ]);
    expect(problemsOf({ ...fields, limits: { [path]: range } })).toEqual([]);
  });

  test('says no more of a field that has a problem of its own', () => {
    const schedule = { kind: 'fixed', durationMs: 'long' } as never;
    const problems = problemsOf({ schedule, limits: { 'schedule.durationMs': { ...range, required } } });
    expect(problems).toEqual(['schedule.durationMs must be a number, not "long"']);
    const notify = { from: 1, successAfter: 'many' as never };
    expect(problemsOf({ notify, limits: { 'notify.successAfter': { ...range, required } } })).toEqual([
      'notify.successAfter must be a number, not "many"',
    ]);
  });
});
