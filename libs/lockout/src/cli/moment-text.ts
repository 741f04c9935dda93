import { durationParts } from '../policy/duration-parts.js';

const UNITS = { day: 'd', hour: 'h', minute: 'min', second: 's', millisecond: 'ms' } as const;

/** `30 s`, `1 h 20 min`, `24 h`, `7 d`: as {@link durationParts} divides. */
export function durationText(durationMs: number): string {
  const parts = durationParts(durationMs).map(
    ({ unit, count }) => `${count.toLocaleString('en')} ${UNITS[unit]}`,
  );
  return parts.length === 0 ? '0 s' : parts.join(' ');
}

/** `2026-01-05 09:30:00 UTC`. */
export function momentText(at: number): string {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return 'beyond all dates';
  return `${time.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
