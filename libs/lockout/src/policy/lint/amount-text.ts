import type { DurationMs } from '../duration.js';

const UNITS = [
  ['days', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
  ['ms', 1],
] as const;

/** `5 min`, `1 min 30 s`, `24 h`, `3 days 12 h`: the two largest units, never rounded up. */
export function durationText(durationMs: DurationMs): string {
  if (durationMs === Number.POSITIVE_INFINITY) return 'until unlocked';
  // Up to two days, hours say more: locks of "24 h" are what products call them.
  const first = UNITS.findIndex(([unit, size]) => durationMs >= (unit === 'days' ? 2 * size : size));
  if (first < 0) return '0 ms';
  let rest = durationMs;
  const parts: string[] = [];
  for (const [unit, size] of UNITS.slice(first, first + 2)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${unit}`);
  }
  return parts.join(' ');
}

/** `105,120`, `0.25`, `unlimited`: whole from 10 on, two digits below. */
export function countText(count: number): string {
  if (count === Number.POSITIVE_INFINITY) return 'unlimited';
  return count >= 10 ? Math.round(count).toLocaleString('en-US') : String(Number(count.toPrecision(2)));
}

/** `1 request`, `5 requests`. */
export const amountText = (count: number, noun: string): string =>
  `${countText(count)} ${noun}${count === 1 ? '' : 's'}`;
