import type { DurationMs } from '../duration.js';
import { durationParts } from '../duration-parts.js';

const UNITS = { day: 'days', hour: 'h', minute: 'min', second: 's', millisecond: 'ms' } as const;

/** `5 min`, `1 min 30 s`, `24 h`, `3 days 12 h`: as {@link durationParts} divides. */
export function durationText(durationMs: DurationMs): string {
  if (durationMs === Number.POSITIVE_INFINITY) return 'until unlocked';
  const parts = durationParts(durationMs).map(({ unit, count }) => `${count} ${UNITS[unit]}`);
  return parts.length === 0 ? '0 ms' : parts.join(' ');
}

/** `105,120`, `0.25`, `unlimited`: whole from 10 on, two digits below. */
export function countText(count: number): string {
  if (count === Number.POSITIVE_INFINITY) return 'unlimited';
  return count >= 10 ? Math.round(count).toLocaleString('en-US') : String(Number(count.toPrecision(2)));
}

/** `1 request`, `5 requests`. */
export const amountText = (count: number, noun: string): string =>
  `${countText(count)} ${noun}${count === 1 ? '' : 's'}`;
