import { describe, expect, test } from '@jest/globals';
import { rule, table } from '../../testing/single-key.js';
import { hours, minutes } from '../duration.js';
import type { LockoutPolicy, ThresholdPolicy } from '../policy.js';
import { AT_ONCE } from './attack.js';
import { guessRate, guessRates } from './guess-rate.js';

const NEVER = Number.POSITIVE_INFINITY;
const fixed = (durationMs: number, fields: Partial<ThresholdPolicy> = {}): LockoutPolicy =>
  rule({ schedule: { kind: 'fixed', durationMs }, ...fields });
const perAddress = { scope: ['account', 'address'] } as Partial<ThresholdPolicy>;
const quarter = { window: { kind: 'idle', durationMs: minutes(15) } } as const;
const WAITING = { locks: 0, until: 'everything-faded', spacingMs: 0 };
const forever = { schedule: { kind: 'indefinite' } } as const;

describe('guesses of one address', () => {
  test('are those of both policies played together, not the lesser of each alone', () => {
    const idle = (durationMs: number) => ({ window: { kind: 'idle', durationMs } }) as const;
    const near = fixed(minutes(8), { ...perAddress, ...idle(minutes(27)), threshold: 1 });
    const wide = fixed(minutes(53), { ...idle(minutes(19)), threshold: 3 });
    const { alone, crowd } = guessRates([near, wide], 1);
    expect(guessRate([near, wide])).toEqual(alone);
    expect(alone.perDay).toBeLessThan(crowd.perDay);
    expect(guessRate([near, wide], 1000)).toEqual(guessRates([near, wide], 1000).crowd);
  });
});

describe('guesses in all their numbers', () => {
  test('of one who guesses at once, of one who waits, and of one who is locked out', () => {
    expect(guessRate([fixed(hours(1))])).toEqual({
      perHour: 3,
      perDay: 26,
      perYear: 2 + 365 * 24,
      inAll: NEVER,
      tactic: AT_ONCE,
      exact: true,
    });
    expect(guessRate([fixed(hours(1), quarter)])).toEqual({
      perHour: 8,
      perDay: 192,
      perYear: 192 * 365,
      inAll: NEVER,
      tactic: WAITING,
      exact: true,
    });
    expect(guessRate([rule(forever)])).toEqual({
      perHour: 3,
      perDay: 3,
      perYear: 3,
      inAll: 3,
      tactic: AT_ONCE,
      exact: true,
    });
  });

  test('from 1,000 addresses a thousand times as many where all is counted by address', () => {
    const { alone, crowd } = guessRates([rule({ ...forever, ...perAddress })], 1000);
    expect(alone).toMatchObject({ perHour: 3, inAll: 3 });
    expect(crowd).toEqual({
      perHour: 3000,
      perDay: 3000,
      perYear: 3000,
      inAll: 3000,
      tactic: AT_ONCE,
      exact: true,
    });
    expect(guessRates([rule(forever)], 1000)).toEqual({ alone, crowd: alone });
  });

  test('and else of both the fewer, number by number', () => {
    const near = rule({ name: 'near', ...forever, ...perAddress });
    const wide = fixed(hours(1), quarter);
    const expected = {
      // By the account …
      perHour: 8,
      perDay: 192,
      // … and by the addresses.
      perYear: 3000,
      inAll: 3000,
      tactic: AT_ONCE,
      exact: true,
    };
    expect(guessRates([near, wide], 1000)).toEqual({
      alone: { perHour: 3, perDay: 3, perYear: 3, inAll: 3, tactic: AT_ONCE, exact: true },
      crowd: expected,
    });
    expect(guessRate([wide, near], 1000)).toEqual(expected);
    const many = guessRate([wide, rule({ name: 'near', threshold: 200, ...forever, ...perAddress })], 1000);
    expect(many).toMatchObject({ perYear: 192 * 365, inAll: 200_000, tactic: WAITING });
  });

  test('of the methods the one that allows the most, number by number', () => {
    const hourly = fixed(hours(1), { name: 'hourly', counts: ['otp'], ...quarter });
    const locked = rule({ name: 'locked', counts: ['password'], threshold: 150, ...forever });
    const expected = {
      perHour: 150,
      perDay: 192,
      perYear: 192 * 365,
      inAll: NEVER,
      tactic: WAITING,
      exact: true,
    };
    expect(guessRate([hourly, locked])).toEqual(expected);
    expect(guessRate([locked, hourly])).toEqual(expected);
  });

  test('those from one address and those from many are compared each by themselves', () => {
    const near = fixed(hours(1), { name: 'near', counts: ['otp'], ...perAddress });
    const wide = fixed(hours(1), { counts: ['password'], threshold: 20 });
    expect(guessRates([near, wide], 10)).toMatchObject({
      alone: { perHour: 20 },
      crowd: { perHour: 30 },
    });
  });
});

describe('a fixed window', () => {
  const window = { kind: 'fixed', durationMs: hours(1) } as const;

  test('is straddled: its last millisecond and the first of the next', () => {
    const perHour = (fields: Partial<ThresholdPolicy>) =>
      guessRate([fixed(hours(1), { window, ...fields })]).perHour;
    expect(perHour({ threshold: 20 })).toBe(18 + 19);
    expect(perHour({ threshold: 20, window: { ...window, end: 'inclusive' } })).toBe(18 + 19);
    expect(perHour({ threshold: 20, window: { kind: 'idle', durationMs: hours(1) } })).toBe(20);
  });

  test('is straddled on both sides where an hour is longer than it', () => {
    const brief = { kind: 'fixed', durationMs: hours(1) - 500 } as const;
    expect(guessRate([fixed(hours(1), { threshold: 20, window: brief })]).perHour).toBe(18 + 19 + 19);
  });

  test('is not where its first failure locks', () => {
    expect(guessRate([fixed(hours(1), { threshold: 1, window })]).perHour).toBe(1);
  });

  test('also beside another policy', () => {
    const slow = fixed(hours(1), { name: 'slow', threshold: 25, window });
    const near = fixed(hours(1), { window, threshold: 20 });
    expect(guessRate([near, slow]).perHour).toBe(18 + 19);
    expect(guessRate([slow, near]).perHour).toBe(18 + 19);
  });
});

test('only what refuses, and does not count by what an attacker chooses, limits', () => {
  const device = fixed(hours(9), {
    name: 'device',
    scope: ['account', 'device'],
  } as Partial<ThresholdPolicy>);
  const off = fixed(hours(9), { name: 'off', enabled: false });
  expect(guessRate([device, off, fixed(hours(1))]).perDay).toBe(26);
  expect(guessRate([device]).perDay).toBe(NEVER);
  expect(guessRate([off]).exact).toBe(true);
  expect(guessRate([table([[2, hours(1)]])]).perDay).toBe(25);
});
