import type { DurationPart } from './duration-parts.js';

/** "4 min 12 sec", in the language of the texts. Pure. */
export const durationText = (parts: readonly DurationPart[], locale: string): string =>
  parts
    .map(({ unit, count }) =>
      new Intl.NumberFormat(locale, {
        style: 'unit',
        unit,
        unitDisplay: unit === 'day' ? 'long' : 'short',
      }).format(count),
    )
    .join(' ');

/** Date and time in the operator's own time zone, to the second. */
export const absoluteText = (iso: string, locale: string): string =>
  new Intl.DateTimeFormat(locale, {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(iso));

/** The time of the day where it is today's, else the date and the time. */
export function shortText(iso: string, locale: string, nowMs: number): string {
  const moment = new Date(iso);
  const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  if (moment.toDateString() === new Date(nowMs).toDateString()) {
    return new Intl.DateTimeFormat(locale, { ...time, second: '2-digit' }).format(moment);
  }
  const isThisYear = moment.getFullYear() === new Date(nowMs).getFullYear();
  return new Intl.DateTimeFormat(locale, {
    ...(isThisYear ? {} : { year: 'numeric' }),
    month: 'short',
    day: 'numeric',
    ...time,
  }).format(moment);
}
