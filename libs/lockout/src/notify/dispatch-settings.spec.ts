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

  it('are refused where a sink may take as long as the lease: two processes would deliver the same', () => {
    expect(settingProblems({ leaseMs: 500, timeoutMs: 500 })).toEqual([
      expect.stringContaining('leaseMs (500) must be longer than timeoutMs (500)'),
    ]);
    expect(settingProblems({ leaseMs: 501, timeoutMs: 500 })).toEqual([]);
  });
});
