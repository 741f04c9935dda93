import { describe, expect, it } from '@jest/globals';
import { readTime } from './log-time.js';

const NOON = Date.UTC(2026, 0, 31, 12);

describe('the time of a line', () => {
  it.each([
    ['2026-01-31T12:00:00Z', NOON],
    ['2026-01-31T12:00:00.250Z', NOON + 250],
    ['2026-01-31 12:00:00,250', NOON + 250],
    ['2026-01-31T14:30:00+02:30', NOON],
    ['2026-01-31 14:00:00 +0200', NOON],
    ['2026-01-31 12:00', NOON],
    ['2026-01-31', NOON - 12 * 3_600_000],
    [String(NOON / 1000), NOON],
    [`${NOON / 1000}.25`, NOON + 250],
    [String(NOON), NOON],
  ])('reads %s', (text, at) => {
    expect(readTime(text)).toBe(at);
  });

  it.each([
    [''],
    ['yesterday'],
    // Two days, by who reads it.
    ['01/02/2026'],
    ['2026-13-01T00:00:00Z'],
    ['2026-01-31T25:00:00Z'],
    ['12'],
    ['-5'],
    ['1e12'],
    ['2026'],
  ])('does not guess at %j', (text) => {
    expect(readTime(text)).toBeNull();
  });
});
