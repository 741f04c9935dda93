import { durationText, momentText } from './moment-text.js';

const SECOND_MS = 1000;

/** `in 14 min`, `3 h 20 min ago`, `now`. */
export function relativeText(at: number, now: number): string {
  const seconds = Math.round(Math.abs(at - now) / SECOND_MS);
  if (seconds === 0) return 'now';
  const distance = durationText(seconds * SECOND_MS);
  return at > now ? `in ${distance}` : `${distance} ago`;
}

/** `2026-01-05 09:30:00 UTC (in 14 min)`. @param iso as the admin API writes it; null: nothing to say. */
export function timeText(iso: string | null | undefined, now: number): string | null {
  if (iso === null || iso === undefined) return null;
  const at = Date.parse(iso);
  return Number.isNaN(at) ? iso : `${momentText(at)} (${relativeText(at, now)})`;
}

/** The end of a lock. */
export const endText = (until: string | null, now: number): string =>
  timeText(until, now) ?? 'until it is unlocked';
