import { describe, expect, it } from '@jest/globals';
import { backoffMs, triesWithin } from './backoff.js';

const HOUR = 3_600_000;

describe('the pause after a try', () => {
  const middle = (tries: number): number => backoffMs(tries, () => 0.5);

  it('doubles from one second up to an hour', () => {
    expect([1, 2, 3, 4, 12].map(middle)).toEqual([1_000, 2_000, 4_000, 8_000, 2_048_000]);
    expect([13, 14, 1_000].map(middle)).toEqual([HOUR, HOUR, HOUR]);
  });

  it('is spread by a quarter to and fro', () => {
    expect(backoffMs(3, () => 0)).toBe(3_000);
    expect(backoffMs(3, () => 0.999_999)).toBe(5_000);
  });
});

describe('giving up', () => {
  it('is counted in tries whose pauses fill the time', () => {
    // 1 s + 2 s + 4 s.
    expect(triesWithin(6_999)).toBe(3);
    expect(triesWithin(7_000)).toBe(4);
  });

  it('leaves at least one try', () => {
    expect(triesWithin(0)).toBe(1);
  });

  it('takes 83 tries in three days', () => {
    const tries = triesWithin(72 * HOUR);
    const spent = Array.from({ length: tries - 1 }, (_, n) => backoffMs(n + 1, () => 0.5));
    const sum = spent.reduce((total, ms) => total + ms, 0);
    expect(sum).toBeLessThanOrEqual(72 * HOUR);
    expect(sum + HOUR).toBeGreaterThan(72 * HOUR);
    expect(tries).toBe(83);
  });
});
