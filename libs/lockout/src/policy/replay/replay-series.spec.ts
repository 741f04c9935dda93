import { describe, expect, test } from '@jest/globals';
import { days, hours, minutes, seconds } from '../duration.js';
import { ReplaySeries } from './replay-series.js';

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('a log over time', () => {
  test('is nothing without attempts', () => {
    expect(new ReplaySeries().report()).toMatchObject({ from: 0, attempts: [], inForce: [] });
  });

  test('counts attempts, verified guesses, refusals and owners turned away by the second', () => {
    const series = new ReplaySeries();
    series.add(1500, false, false, true);
    series.add(1999, false, true, false);
    series.add(2000, true, true, false);
    series.add(4000, true, false, true);
    expect(series.report()).toMatchObject({
      from: 1000,
      widthMs: seconds(1),
      attempts: [2, 1, 0, 1],
      guesses: [1, 0, 0, 0],
      refused: [0, 1, 0, 1],
      turnedAway: [0, 1, 0, 0],
    });
  });

  test('averages the locks in force over each interval', () => {
    const series = new ReplaySeries();
    series.add(0, false, false, true);
    series.addLock(0, 1500);
    series.add(1250, false, false, true);
    series.addLock(1250, null);
    series.add(3999, false, false, true);
    series.addLock(3999, days(1));
    // 1; 0.5 + 0.75; 1; 1 and a thousandth.
    expect(series.report().inForce).toEqual([1, 1.25, 1, 1]);
  });

  test('widens its intervals instead of having more than 240, and loses nothing', () => {
    const series = new ReplaySeries();
    const lockedMs = hours(7) + 12_345;
    const steps = 5000;
    const stepMs = minutes(97) + 1;
    for (let n = 0; n < steps; n += 1) {
      series.add(n * stepMs, n % 3 === 0, n % 6 === 0, n % 2 === 1);
      if (n % 10 === 0 && n < steps / 2) series.addLock(n * stepMs, n * stepMs + lockedMs);
    }
    const report = series.report();
    expect(report.attempts.length).toBeLessThanOrEqual(240);
    expect(report.attempts.length).toBeGreaterThan(40);
    expect(sum(report.attempts)).toBe(steps);
    expect(sum(report.refused)).toBe(Math.ceil(steps / 3));
    expect(sum(report.turnedAway)).toBe(Math.ceil(steps / 6));
    // Averages are rounded to hundredths.
    expect(Math.abs(sum(report.inForce) * report.widthMs - (lockedMs * steps) / 20)).toBeLessThan(
      0.005 * report.inForce.length * report.widthMs,
    );
  });
});
