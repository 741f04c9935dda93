import { IntlMessageFormat } from 'intl-messageformat';

/** How a place of a template is used: `number` wants a count, `time` a moment. */
export type PlaceUse = 'text' | 'number' | 'time';

/** Element types of a template's syntax tree that are places for values, by the names of ICU message format. */
const PLACE = { text: 1, number: 2, date: 3, time: 4, select: 5, plural: 6 } as const;

interface TemplateElement {
  readonly type: number;
  /** The place's name, or literal text. */
  readonly value?: string;
  readonly options?: Readonly<Record<string, { readonly value: readonly TemplateElement[] }>>;
}

/** A template, read. Throws for one that cannot be. */
export const readTemplate = (template: string, locale: string): IntlMessageFormat =>
  new IntlMessageFormat(template, locale, undefined, { ignoreTag: true });

/** The places of a template, or why it is none. */
export function placesIn(template: string, locale: string): ReadonlyMap<string, PlaceUse> | string {
  try {
    const tree: unknown = readTemplate(template, locale).getAst();
    const places = new Map<string, PlaceUse>();
    collect(tree as readonly TemplateElement[], places);
    return places;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function collect(elements: readonly TemplateElement[], places: Map<string, PlaceUse>): void {
  for (const { type, value = '', options = {} } of elements) {
    if (type === PLACE.number || type === PLACE.plural) places.set(value, 'number');
    else if (type === PLACE.date || type === PLACE.time) places.set(value, 'time');
    else if (type === PLACE.text || type === PLACE.select) places.set(value, places.get(value) ?? 'text');
    for (const option of Object.values(options)) collect(option.value, places);
  }
}
