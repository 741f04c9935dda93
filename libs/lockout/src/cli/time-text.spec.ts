import { describe, expect, it } from '@jest/globals';
import { endText, relativeText, timeText } from './time-text.js';

const NOW = Date.UTC(2026, 0, 5, 9, 30);

describe('times for people', () => {
  it.each([
    [0, 'now'],
    [400, 'now'],
    [-499, 'now'],
    [500, 'in 1 s'],
    [14 * 60_000, 'in 14 min'],
    [-(3 * 3_600_000 + 20 * 60_000), '3 h 20 min ago'],
    // 59.6 s are not a minute ago.
    [-59_400, '59 s ago'],
  ])('%d ms from now is %s', (distance, text) => {
    expect(relativeText(NOW + distance, NOW)).toBe(text);
  });

  it('says both, and what is no time as it came', () => {
    expect(timeText('2026-01-05T09:44:00.000Z', NOW)).toBe('2026-01-05 09:44:00 UTC (in 14 min)');
    expect(timeText('soon', NOW)).toBe('soon');
    expect(timeText(null, NOW)).toBeNull();
    expect(endText(null, NOW)).toBe('until it is unlocked');
  });
});
