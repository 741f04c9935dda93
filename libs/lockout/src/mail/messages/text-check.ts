import { GERMAN } from './de.js';
import { ENGLISH } from './en.js';
import type { MailMessageId, MailMessages } from './mail-messages.js';
import { type PlaceUse, placesIn } from './template-places.js';

/** Every text of the mails by locale and id, in the languages that the library writes: what the option `texts` replaces. */
export const MAIL_MESSAGES: Readonly<Record<string, MailMessages>> = Object.freeze({
  en: ENGLISH,
  de: GERMAN,
});

/** Places that every text has, beside those of its English. */
const EVERYWHERE: readonly string[] = [
  ...['product', 'named', 'name', 'known'],
  ...['account', 'realm', 'support', 'supported'],
];

/** The tag in its canonical form (`pt-br` → `pt-BR`); null: it is none. */
export function canonicalLocale(tag: unknown): string | null {
  try {
    return typeof tag === 'string' ? (Intl.getCanonicalLocales(tag)[0] ?? null) : null;
  } catch {
    return null;
  }
}

/** `zh-Hant-TW` → `zh-Hant-TW`, `zh-Hant`, `zh`. */
export const localeChain = (locale: string): readonly string[] => {
  const parts = locale.split('-');
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('-'));
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is wrong with the texts of an application, everything at once. */
export function textProblems(texts: unknown): readonly string[] {
  if (texts === undefined) return [];
  if (!isObject(texts)) {
    return ['texts must be an object: texts by locale and id, such as { de: { "lock.subject": "…" } }.'];
  }
  return Object.entries(texts).flatMap(([tag, messages]) => {
    const locale = canonicalLocale(tag);
    if (locale === null) return [`texts has "${tag}", which is no locale such as "de" or "pt-BR".`];
    if (!isObject(messages)) return [`texts["${tag}"] must be an object: templates by id.`];
    const given = Object.entries(messages).filter(([, template]) => template !== undefined);
    return [
      ...given.flatMap(([id, template]) =>
        templateProblems(id, template, locale).map((problem) => `texts["${tag}"]["${id}"] ${problem}`),
      ),
      ...missingProblems(tag, locale, texts),
    ];
  });
}

/** Texts of two languages in one mail read like a forgery. */
function missingProblems(tag: string, locale: string, texts: Readonly<Record<string, unknown>>) {
  if (localeChain(locale).some((part) => Object.hasOwn(MAIL_MESSAGES, part))) return [];
  const sources = Object.entries(texts).filter(([other, messages]) => {
    const name = canonicalLocale(other);
    return name !== null && localeChain(locale).includes(name) && isObject(messages);
  });
  const missing = Object.keys(ENGLISH).filter(
    (id) => !sources.some(([, messages]) => (messages as Record<string, unknown>)[id] !== undefined),
  );
  if (missing.length === 0) return [];
  return [`texts["${tag}"] lacks ${missing.join(', ')}: a language of your own needs every text.`];
}

function templateProblems(id: string, template: unknown, locale: string): readonly string[] {
  if (!Object.hasOwn(ENGLISH, id)) return ['is no text: see MAIL_MESSAGES for all there are.'];
  if (typeof template !== 'string')
    return [`must be a text; it is ${template === null ? 'null' : `a ${typeof template}`}.`];
  const places = placesIn(template, locale);
  if (typeof places === 'string') return [`cannot be read: ${places}.`];
  const expected = placesIn(ENGLISH[id as MailMessageId], 'en') as ReadonlyMap<string, PlaceUse>;
  return Array.from(places).flatMap(([name, use]) => {
    const known = expected.get(name) ?? (EVERYWHERE.includes(name) ? 'text' : undefined);
    if (known === undefined) {
      const names = Array.from(new Set([...expected.keys(), ...EVERYWHERE]), (one) => `{${one}}`).join(', ');
      return [`has a place {${name}} that nothing fills; there are ${names}.`];
    }
    if (use === 'time') return [`must take {${name}} as it is: it is filled with text.`];
    if (use === 'number' && known !== 'number') return [`must take {${name}} as it is: it is no number.`];
    return [];
  });
}
