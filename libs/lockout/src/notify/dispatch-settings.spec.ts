import { describe, expect, it } from '@jest/globals';
import { resolveSettings, settingProblems } from './dispatch-settings.js';

describe('settings of delivery', () => {
  it('have defaults that fit each other', () => {
    expect(resolveSettings({})).toEqual({
      pollMs: 1_000,
      leaseMs: 30_000,
      timeoutMs: 10_000,
      batch: 64,
      giveUpAfterMs: 259_200_000,
    });
    expect(settingProblems({})).toEqual([]);
  });

  it('are refused out of their range, all at once', () => {
    expect(settingProblems({ pollMs: 9, batch: 0, giveUpAfterMs: 1.5 })).toEqual([
      'pollMs must be a whole number from 10 to 3600000; it is 9.',
      'batch must be a whole number from 1 to 1000; it is 0.',
      'giveUpAfterMs must be a whole number from 1000 to 2592000000; it is 1.5.',
    ]);
  });

  it.each([
    [500, 1_000],
    [5_000, 10_000],
    [5_001, 10_001],
    [30_000, 35_000],
  ])(
    'are refused where a lease has no room for a delivery of %d ms and the claim before it',
    (timeoutMs, leastMs) => {
      expect(settingProblems({ leaseMs: leastMs - 1, timeoutMs })).toEqual([
        expect.stringContaining(
          `leaseMs (${leastMs - 1}) must be at least ${leastMs} with timeoutMs ${timeoutMs}`,
        ),
      ]);
      expect(settingProblems({ leaseMs: leastMs, timeoutMs })).toEqual([]);
    },
  );
});
