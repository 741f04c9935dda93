import { describe, expect, it } from '@jest/globals';
import { type Act, fits, MOST_STEPS, methodsOf, START_MS, stepsOf } from './scenario.js';

const wrong = (times: number): Act => ({
  kind: 'attempts',
  outcome: 'failure',
  times,
  everyMs: 1000,
  method: 'password',
});

describe('a story as timed steps', () => {
  it('gives each attempt its interval, so that the next act begins after it', () => {
    const { steps, end } = stepsOf([wrong(2), { kind: 'wait', forMs: 500 }, wrong(1)]);
    expect(steps.map(({ step }) => step.at - START_MS)).toEqual([0, 1000, 2500, 2500]);
    expect(end - START_MS).toBe(3500);
  });

  it('does not go back in time for a moment that is past', () => {
    const { steps } = stepsOf([wrong(5), { kind: 'until', at: START_MS + 1 }]);
    expect(steps.at(-1)).toMatchObject({ step: { at: START_MS + 5000 }, waitedMs: 0 });
  });

  it('is never longer than what the server plays', () => {
    expect(fits([wrong(MOST_STEPS - 1)], wrong(1))).toBe(true);
    expect(fits([wrong(MOST_STEPS - 1)], wrong(2))).toBe(false);
  });

  it('offers the methods that the policy names', () => {
    expect(methodsOf({ counts: 'all', weights: {} })).toEqual({ named: ['password'], hasOthers: false });
    expect(methodsOf({ counts: ['totp'], weights: { totp: 2 } })).toEqual({
      named: ['totp'],
      hasOthers: true,
    });
  });
});
