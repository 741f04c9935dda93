import { describe, expect, test } from '@jest/globals';
import { rule } from '../../testing/single-key.js';
import { days, minutes } from '../duration.js';
import type { ThresholdPolicy } from '../policy.js';
import { guessRate } from './guess-rate.js';

const linear = (stepMs: number, fields: Partial<ThresholdPolicy> = {}) =>
  rule({ schedule: { kind: 'linear', initialMs: stepMs, stepMs, by: 'lockouts' }, ...fields });
const daily = { threshold: 1, schedule: { kind: 'fixed', durationMs: days(1) } } as const;

describe('an attack that comes to no cycle', () => {
  test('is told exactly if it was followed for a year', () => {
    // Lock n comes after n (n − 1) ÷ 2 minutes: 1,025 of them.
    expect(guessRate([linear(minutes(1))])).toMatchObject({ perYear: 2 + 1025, exact: true });
  });

  test('and else from above', () => {
    const creeping = guessRate([linear(1)]);
    // n locks last n² ÷ 2 ms: 13,145 in a day, 251,140 in a year.
    expect(creeping.exact).toBe(false);
    expect(creeping.perDay).toBeGreaterThanOrEqual(13_145);
    expect(creeping.perYear).toBeGreaterThanOrEqual(251_140);
    // From the second half on, 1 about every 3 s.
    expect(creeping.perYear).toBeLessThan(365 * 30_000);
  });

  test('which is said, too, of all that it is compared with', () => {
    const other = rule({ name: 'daily', counts: ['password'], ...daily });
    expect(guessRate([linear(1, { counts: ['otp'] }), other])).toMatchObject({ exact: false });
    const near = rule({ name: 'near', scope: ['account', 'address'], ...daily } as Partial<ThresholdPolicy>);
    expect(guessRate([linear(1), near], 5)).toMatchObject({ perYear: 5 * 365, exact: false });
  });
});
