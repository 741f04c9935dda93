import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { amountOf, durationOf, durationParts, numberOf, UNIT_MS, UNITS } from './duration-amount.js';

const HUNDRED_YEARS_MS = 100 * 365 * UNIT_MS.days;

describe('durations as they are entered', () => {
  it('shows the largest unit of which it is a whole number', () => {
    expect(amountOf(90_000)).toEqual({ amount: '90', unit: 'seconds' });
    expect(amountOf(900_000)).toEqual({ amount: '15', unit: 'minutes' });
    expect(amountOf(1500)).toEqual({ amount: '1500', unit: 'milliseconds' });
    expect(amountOf(0)).toEqual({ amount: '0', unit: 'seconds' });
  });

  it('says 24 hours, and days from two on', () => {
    expect(amountOf(UNIT_MS.days)).toEqual({ amount: '24', unit: 'hours' });
    expect(amountOf(36 * UNIT_MS.hours)).toEqual({ amount: '36', unit: 'hours' });
    expect(amountOf(2 * UNIT_MS.days)).toEqual({ amount: '2', unit: 'days' });
  });

  it('takes fractions that come to whole milliseconds', () => {
    expect(durationOf({ amount: '1.5', unit: 'hours' })).toBe(5_400_000);
    expect(durationOf({ amount: '1.1', unit: 'minutes' })).toBe(66_000);
    expect(durationOf({ amount: ' 2. ', unit: 'seconds' })).toBe(2000);
    expect(durationOf({ amount: '0.5', unit: 'milliseconds' })).toBeNull();
  });

  it.each(['', ' ', 'x', '1,5', '-1', '1e3', 'Infinity', '5 min', '0x10'])(
    'takes no %j for a number',
    (typed) => {
      expect(numberOf(typed)).toBeNull();
      expect(durationOf({ amount: typed, unit: 'minutes' })).toBeNull();
    },
  );

  it('comes back as it was, whatever it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: HUNDRED_YEARS_MS }), (durationMs) => {
        expect(durationOf(amountOf(durationMs))).toBe(durationMs);
      }),
    );
  });

  it('is cut into parts that sum to it, each below the next larger unit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: HUNDRED_YEARS_MS }), (durationMs) => {
        const parts = durationParts(durationMs);
        expect(parts.reduce((sum, { count, unit }) => sum + count * UNIT_MS[unit], 0)).toBe(durationMs);
        const places = parts.map(({ unit }) => UNITS.indexOf(unit));
        expect(places).toEqual([...places].sort((a, b) => a - b));
        if (durationMs > 0) expect(parts.every(({ count }) => count > 0)).toBe(true);
      }),
    );
  });
});
