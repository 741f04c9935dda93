import { IntlMessageFormat } from 'intl-messageformat';
import { ADMIN_MESSAGES, type AdminMessageId, type AdminMessages } from './messages.js';

/** Element types of a template's syntax tree that are places for values, by the names of ICU message format. */
const PLACE = { text: 1, number: 2, date: 3, time: 4, select: 5, plural: 6, tag: 8 } as const;

interface TemplateElement {
  readonly type: number;
  /** The place's name, or literal text. */
  readonly value?: string;
  readonly options?: Readonly<Record<string, { readonly value: readonly TemplateElement[] }>>;
  readonly children?: readonly TemplateElement[];
}

/** How each place of a template is used: `number` wants a count. */
type Places = ReadonlyMap<string, 'text' | 'number' | 'time'>;

/** The default catalogue with the application's templates in their places. Expects checked ones. */
export const withMessages = (messages: Partial<AdminMessages> = {}): AdminMessages =>
  Object.freeze({ ...ADMIN_MESSAGES, ...definedOf(messages) });

/** What is wrong with an application's templates, everything at once: each with its id and its fix. */
export function messageProblems(messages: unknown): readonly string[] {
  if (messages === undefined) return [];
  if (typeof messages !== 'object' || messages === null || Array.isArray(messages)) {
    return ['messages must be an object: templates by id, such as { "explain.locked": "…" }.'];
  }
  const given = Object.entries(messages).filter(([, template]) => template !== undefined);
  const language = given.find(([id]) => id === 'language')?.[1];
  const locale = typeof language === 'string' && isLanguage(language) ? language : ADMIN_MESSAGES.language;
  return given.flatMap(([id, template]) =>
    problemsOf(id, template, locale).map((text) => `messages["${id}"] ${text}`),
  );
}

function problemsOf(id: string, template: unknown, language: string): readonly string[] {
  if (!Object.hasOwn(ADMIN_MESSAGES, id)) return ['is no message: see ADMIN_MESSAGES for all there are.'];
  if (typeof template !== 'string')
    return [`must be a text; it is ${template === null ? 'null' : `a ${typeof template}`}.`];
  if (id === 'language')
    return isLanguage(template)
      ? []
      : [`must be a language tag such as "en" or "de-AT"; it is "${template}".`];
  const places = placesIn(template, language);
  if (typeof places === 'string') return [`cannot be read: ${places}.`];
  const expected = placesIn(ADMIN_MESSAGES[id as AdminMessageId], ADMIN_MESSAGES.language) as Places;
  return Array.from(places).flatMap(([name, use]) => {
    const known = expected.get(name);
    if (known === undefined) {
      const names = Array.from(expected.keys(), (one) => `{${one}}`).join(', ');
      return [`has a place {${name}} that nothing fills; ${names ? `there are ${names}` : 'it has none'}.`];
    }
    if (use === 'time') return [`must take {${name}} as it is: it is filled with text.`];
    if (use === 'number' && known !== 'number') return [`must take {${name}} as it is: it is no number.`];
    return [];
  });
}

/** The places of a template, or why it is none. */
function placesIn(template: string, language: string): Places | string {
  try {
    const tree: unknown = new IntlMessageFormat(template, language, undefined, { ignoreTag: true }).getAst();
    const places = new Map<string, 'text' | 'number' | 'time'>();
    collect(tree as readonly TemplateElement[], places);
    return places;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function collect(
  elements: readonly TemplateElement[],
  places: Map<string, 'text' | 'number' | 'time'>,
): void {
  for (const { type, value = '', options = {}, children = [] } of elements) {
    if (type === PLACE.number || type === PLACE.plural) places.set(value, 'number');
    else if (type === PLACE.date || type === PLACE.time) places.set(value, 'time');
    else if (type === PLACE.text || type === PLACE.select) places.set(value, places.get(value) ?? 'text');
    for (const option of Object.values(options)) collect(option.value, places);
    collect(children, places);
  }
}

/** Without what is explicitly undefined, or it would take the default's place. */
const definedOf = (messages: Partial<AdminMessages>): Partial<AdminMessages> =>
  Object.fromEntries(Object.entries(messages).filter(([, template]) => template !== undefined));

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}
