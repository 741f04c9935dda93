import type { DurationMs } from './duration.js';

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
  ['millisecond', 1],
] as const;

/** So many of a unit, as `Intl` names units. */
export interface DurationPart {
  readonly unit: (typeof UNITS)[number][0];
  readonly count: number;
}

/**
 * How a duration is told: by its two largest units, without what is 0 of them, never rounded up. Up to two days, hours say
 * more: locks of "24 h" are what products call them. Empty for no time.
 */
export function durationParts(durationMs: DurationMs): readonly DurationPart[] {
  const first = UNITS.findIndex(([unit, size]) => durationMs >= (unit === 'day' ? 2 * size : size));
  if (first < 0) return [];
  let rest = durationMs;
  const parts = UNITS.slice(first, first + 2).map(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return { unit, count };
  });
  return parts.filter(({ count }) => count > 0);
}
