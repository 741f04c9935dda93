import { describe, expect, it } from '@jest/globals';
import type { OverviewSlice } from 'nestjs-lockout/admin';
import { busiest, columnsOf, rowsOf, total } from './activity.js';

const MINUTE = 60_000;
const START = Date.parse('2030-01-31T12:00:00.000Z');

const slice = (index: number, counts: Partial<OverviewSlice> = {}): OverviewSlice => ({
  at: new Date(START + index * 5 * MINUTE).toISOString(),
  locked: 0,
  unlocked: 0,
  expired: 0,
  failed: 0,
  refused: 0,
  ...counts,
});

describe('activity over time', () => {
  it('draws locks above zero and what ended below, together', () => {
    const { seconds, locked, ended } = columnsOf([
      slice(0, { locked: 3, unlocked: 1, expired: 4 }),
      slice(1),
    ]);
    expect(seconds).toEqual([START / 1000, START / 1000 + 300]);
    expect(locked).toEqual([3, 0]);
    expect(ended).toEqual([-5, 0]);
  });

  it('names the busiest slice, the first of equals, and none where nothing happened', () => {
    const slices = [slice(0), slice(1, { refused: 7 }), slice(2, { refused: 7 })];
    expect(busiest(slices, 'refused')).toBe(slices[1]?.at);
    expect(busiest(slices, 'locked')).toBeNull();
  });

  it('takes six hours of slices together into rows of a quarter of an hour, and loses nothing', () => {
    const slices = Array.from({ length: 72 }, (_, index) => slice(index, { locked: 1, refused: index }));
    const rows = rowsOf(slices);
    expect(rows).toHaveLength(24);
    expect(rows[0]).toMatchObject({ at: slices[0]?.at, locked: 3, refused: 0 + 1 + 2 });
    expect(rows[1]?.at).toBe(slices[3]?.at);
    expect(total(rows, 'refused')).toBe(total(slices, 'refused'));
  });

  it('leaves an hour as it is', () => {
    const slices = Array.from({ length: 12 }, (_, index) => slice(index, { failed: index }));
    expect(rowsOf(slices)).toEqual(slices);
  });
});
