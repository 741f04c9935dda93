import { describe, expect, it } from '@jest/globals';
import { durationText, momentText } from './moment-text.js';

describe('times as they are told', () => {
  it.each([
    [0, '0 s'],
    [400, '400 ms'],
    [1000, '1 s'],
    [30_500, '30 s 500 ms'],
    [300_000, '5 min'],
    [4_800_000, '1 h 20 min'],
    [86_400_000, '24 h'],
    [172_800_000, '2 d'],
    [7 * 86_400_000 + 3_600_000, '7 d 1 h'],
    [100 * 365 * 86_400_000, '36,500 d'],
  ])('%i ms is %s', (durationMs, text) => {
    expect(durationText(durationMs)).toBe(text);
  });

  it('moments are in UTC, and the last one of all is no fault', () => {
    expect(momentText(Date.UTC(2026, 0, 5, 9, 30))).toBe('2026-01-05 09:30:00 UTC');
    expect(momentText(8.64e15)).toBe('+275760-09-13 00:00 UTC');
    expect(momentText(9e15)).toBe('beyond all dates');
  });
});
