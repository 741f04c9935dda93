import { describe, expect, test } from '@jest/globals';
import { days, hours, minutes, seconds } from '../duration.js';
import { ReplaySeries } from './replay-series.js';

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('a log over time', () => {
  test('is nothing without attempts', () => {
    const lists = { attempts: [], guesses: [], refused: [], turnedAway: [], inForce: [] };
    expect(new ReplaySeries().report()).toEqual({ from: 0, widthMs: seconds(1), ...lists });
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

  test('starts at the interval of the first attempt and ends with that of the last', () => {
    const series = new ReplaySeries();
    const start = days(19_000) + 7_300;
    series.add(start, false, false, true);
    series.addLock(start, start + 3_500);
    series.addLock(start, start + 500);
    series.add(start + seconds(239), true, true, false);
    const report = series.report();
    expect([report.from, report.widthMs, report.attempts.length]).toEqual([
      days(19_000) + 7_000,
      seconds(1),
      240,
    ]);
    // 0.7 of the first second each, the short one 0.2 less; then one; then 0.8 of the fourth.
    expect(report.inForce.slice(0, 6)).toEqual([1.2, 1, 1, 0.8, 0, 0]);
    expect([report.attempts.at(-1), report.guesses.at(-1), report.turnedAway.at(-1)]).toEqual([1, 0, 1]);
  });

  test.each([
    [240, seconds(5)],
    [240 * 5, seconds(10)],
    [240 * 10, seconds(30)],
    [240 * 30, minutes(1)],
    [240 * 60, minutes(5)],
    [240 * 300, minutes(10)],
    [240 * 600, minutes(30)],
    [240 * 1800, hours(1)],
    [240 * 3600, hours(2)],
    [240 * 7200, hours(6)],
    [240 * 6 * 3600, hours(12)],
    [240 * 12 * 3600, days(1)],
    [240 * 24 * 3600, days(2)],
    [480 * 24 * 3600, days(4)],
  ])('a log of %d seconds needs intervals of %d ms', (length, widthMs) => {
    const series = new ReplaySeries();
    // A multiple of each width.
    const start = days(19_000);
    series.add(start, false, false, true);
    series.addLock(start, null);
    series.add(start + 250, true, true, false);
    series.add(start + seconds(length) - 1, true, false, true);
    const before = series.report();
    expect(before.widthMs).toBeLessThan(widthMs);
    series.add(start + seconds(length), true, false, true);
    const { attempts, guesses, refused, turnedAway, inForce, ...report } = series.report();
    expect(report).toEqual({ from: start, widthMs });
    expect([attempts[0], guesses[0], refused[0], turnedAway[0]]).toEqual([2, 1, 1, 1]);
    expect([sum(attempts), sum(guesses), sum(refused), sum(turnedAway)]).toEqual([4, 1, 3, 1]);
    expect(inForce).toEqual(Array(Math.floor(seconds(length) / widthMs) + 1).fill(1));
  });

  test('never has fewer than no locks in force', () => {
    const series = new ReplaySeries();
    series.add(0, false, false, true);
    for (const until of [100, 200, 300, 700]) series.addLock(0, until);
    series.add(seconds(3), false, false, true);
    expect(series.report().inForce).toEqual([1.3, 0, 0, 0]);
  });
});
