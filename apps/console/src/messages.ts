import { IntlMessageFormat } from 'intl-messageformat';
import type { AdminMessages, Sentence } from 'nestjs-lockout/admin';
import { get } from './api.js';
import { now } from './clock.js';
import { inSentence, spelled } from './foreign-text.js';
import { shortText } from './time-text.js';

export type MessageId = keyof AdminMessages;

/** A list stands in the sentence with commas. */
export type MessageValues = Readonly<Record<string, string | number | readonly string[]>>;

/** As the server tells moments in the values of its sentences. */
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;

let catalogue: Readonly<Record<string, string>> = {};
const formats = new Map<string, IntlMessageFormat>();

/** Fetches the texts, with those that the application replaced. Throws as `get`. */
export async function loadMessages(): Promise<void> {
  catalogue = await get<AdminMessages>('console/messages.json');
  formats.clear();
  document.documentElement.lang = locale();
}

/** The language that the texts are in, which is how numbers and times are written too. */
export function locale(): string {
  const named = catalogue['language'];
  return named !== undefined && Intl.DateTimeFormat.supportedLocalesOf([named]).length > 0 ? named : 'en';
}

/** The text of this id. An id that the catalogue lacks shows as itself rather than as nothing. */
export const t = (id: MessageId, values: MessageValues = {}): string => format(id, values) ?? id;

/** The text of an id that came from elsewhere (a reason's code, an event's type); null: there is none. */
export const textOf = (id: string, values: MessageValues = {}): string | null => format(id, values);

/** A sentence of the server's in the console's own way of telling times. */
export function sentenceText({ id, text, values }: Sentence): string {
  const told = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' && MOMENT.test(value) ? shortText(value, locale(), now.peek()) : value,
    ]),
  ) as MessageValues;
  return format(id, told) ?? spelled(text);
}

function format(id: string, values: MessageValues): string | null {
  const template = catalogue[id];
  if (template === undefined) return null;
  try {
    let parsed = formats.get(id);
    if (!parsed) {
      // Texts are shown as text: `<` in one is no tag.
      parsed = new IntlMessageFormat(template, locale(), undefined, { ignoreTag: true });
      formats.set(id, parsed);
    }
    return String(parsed.format(Object.fromEntries(Object.entries(values).map(withOwnDirection))));
  } catch {
    // A value that the server does not send (an older release): the template says more than nothing.
    return template;
  }
}

/** Names are somebody else's: they leave the sentence as it is, whichever way they are written. */
function withOwnDirection([name, value]: readonly [string, MessageValues[string]]): [
  string,
  string | number,
] {
  if (typeof value === 'number') return [name, value];
  return [name, typeof value === 'string' ? inSentence(value) : value.map(inSentence).join(', ')];
}
