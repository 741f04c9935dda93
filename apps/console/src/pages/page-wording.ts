import { now } from '../clock.js';
import { locale, textOf } from '../messages.js';
import { shortText } from '../time-text.js';
import { durationParts, type Unit } from './policies/duration-amount.js';
import type { Wording } from './wording.js';

const NAMES: Readonly<Record<Unit, string>> = {
  days: 'day',
  hours: 'hour',
  minutes: 'minute',
  seconds: 'second',
  milliseconds: 'millisecond',
};

/** `1 hour 30 minutes`: exact, unlike what is left of a lock; a policy means what it says. */
export const exactDuration = (durationMs: number): string =>
  durationParts(durationMs)
    .map(({ count, unit }) =>
      new Intl.NumberFormat(locale(), { style: 'unit', unit: NAMES[unit], unitDisplay: 'long' }).format(
        count,
      ),
    )
    .join(' ');

/** Texts of the catalogue, in the reader's language. */
export const WORDING: Wording = {
  text: (id, values) => textOf(id, values) ?? id,
  duration: exactDuration,
  moment: (iso) => shortText(iso, locale(), now.value),
  list: (items) => new Intl.ListFormat(locale(), { style: 'long', type: 'conjunction' }).format(items),
};
