import { describe, expect, test } from '@jest/globals';
import { rule, table } from '../../testing/single-key.js';
import { days, hours, minutes } from '../duration.js';
import type { LockoutPolicy, ThresholdPolicy } from '../policy.js';
import { holdingCost } from './holding-cost.js';

const NEVER = Number.POSITIVE_INFINITY;
const fixed = (durationMs: number, fields: Partial<ThresholdPolicy> = {}): LockoutPolicy =>
  rule({ schedule: { kind: 'fixed', durationMs }, ...fields });

describe('the rounds of keeping somebody locked', () => {
  test('are those that locks come to in the end', () => {
    const rows = table([
      [2, hours(1)],
      [3, hours(6)],
      [5, hours(12)],
    ]);
    // 2 at 0, 1 at 1 h, 2 at 7 h, 1 at 19 h; then 1 every 12 h.
    expect(holdingCost([rows])).toEqual({
      requestsToLock: 2,
      requestsInAll: NEVER,
      requestsFirstDay: 6,
      requestsPerDay: 2,
      roundRequests: 1,
      roundMs: hours(12),
    });
  });

  test('may take more than one lock', () => {
    // The long lock outlasts the window: 2 for an hour, 1 for six, and anew.
    const rows = table(
      [
        [2, hours(1)],
        [3, hours(6)],
      ],
      { window: { kind: 'idle', durationMs: hours(5) } },
    );
    expect(holdingCost([rows])).toMatchObject({
      requestsFirstDay: 3 * 3 + 3,
      roundRequests: 3,
      roundMs: hours(7),
      requestsPerDay: (3 * 24) / 7,
    });
  });

  test('end with a lock that does not', () => {
    const rows = table([
      [2, hours(1)],
      [4, null],
    ]);
    // The round is the lock that is never lifted, and what led to it.
    expect(holdingCost([rows])).toEqual({
      requestsToLock: 2,
      requestsInAll: 4,
      requestsFirstDay: 4,
      requestsPerDay: 0,
      roundRequests: 2,
      roundMs: NEVER,
    });
  });

  test('are, where locks grow past a year, the last lock that was seen', () => {
    const schedule = { kind: 'exponential', initialMs: days(1), factor: 10, by: 'failures' } as const;
    // 3 at 0, 1 after a day, 1 after eleven; the third lock is 100 days, the fourth 1,000 and past the year.
    expect(holdingCost([rule({ schedule })])).toEqual({
      requestsToLock: 3,
      requestsInAll: NEVER,
      requestsFirstDay: 3,
      requestsPerDay: 1 / 1000,
      roundRequests: 1,
      roundMs: days(1000),
    });
  });

  test('with a pause between failures, those too that lock nothing', () => {
    const schedule = { kind: 'exponential', initialMs: days(1), factor: 10, by: 'lockouts' } as const;
    const spaced = rule({
      schedule,
      minIntervalMs: minutes(1),
      afterLock: 'fresh-budget',
      escalationWindow: 'never',
    });
    expect(holdingCost([spaced])).toMatchObject({ requestsToLock: 3, roundRequests: 3, roundMs: days(1000) });
  });
});

describe('who is cheapest to keep locked', () => {
  test('is who costs the fewest requests in the long run, whatever the first day', () => {
    const otp = fixed(hours(1), { name: 'otp', counts: ['otp'] });
    const password = fixed(hours(2), { counts: ['password'], threshold: 20 });
    for (const policies of [
      [otp, password],
      [password, otp],
    ])
      expect(holdingCost(policies)).toMatchObject({
        requestsPerDay: 12,
        requestsToLock: 20,
        requestsFirstDay: 31,
      });
  });

  test('and where that is the same, on the first day', () => {
    const otp = fixed(hours(1), { name: 'otp', counts: ['otp'], threshold: 4 });
    const password = fixed(hours(1), { counts: ['password'] });
    for (const policies of [
      [otp, password],
      [password, otp],
    ])
      expect(holdingCost(policies)).toMatchObject({ requestsToLock: 3, requestsFirstDay: 26 });
  });
});

test('nobody can be kept locked by pauses', () => {
  expect(holdingCost([rule({ minIntervalMs: 100, window: { kind: 'idle', durationMs: 100 } })])).toBeNull();
  expect(holdingCost([])).toBeNull();
  expect(holdingCost([rule({ scope: ['account', 'address'] })])).toBeNull();
  expect(holdingCost([rule({ enabled: false })])).toBeNull();
});
