import { IntlMessageFormat } from 'intl-messageformat';
import { ADMIN_MESSAGES } from 'nestjs-lockout/admin';
import { durationParts } from './policies/duration-amount.js';
import type { Wording } from './wording.js';

const templates: ReadonlyMap<string, string> = new Map(Object.entries(ADMIN_MESSAGES));

/** For tests: the catalogue's own texts in English. An id that it lacks is an error, and so is a value that is missing. */
export const CATALOGUE_WORDING: Wording = {
  text: (id, values = {}) => {
    const template = templates.get(id);
    if (template === undefined) throw new Error(`The catalogue has no ${id}.`);
    return String(
      new IntlMessageFormat(template, 'en', undefined, { ignoreTag: true }).format({ ...values }),
    );
  },
  duration: (durationMs) =>
    durationParts(durationMs)
      .map(({ count, unit }) => `${count} ${count === 1 ? unit.slice(0, -1) : unit}`)
      .join(' '),
  moment: (iso) => iso.slice(11, 19),
  list: (items) => new Intl.ListFormat('en', { style: 'long', type: 'conjunction' }).format(items),
};
