import escapeHtml from 'escape-html';
import { printable } from './printable.js';

/** HTML that is safe as it is: made by {@link html} or {@link trusted}, never from a string. */
export class Markup {
  /** Only for what this package wrote itself. */
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

type Part = string | number | null | Markup | readonly Markup[];

const render = (part: Part): string => {
  if (part === null) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'string' || typeof part === 'number') return escapeHtml(String(part));
  return part.map(({ text }) => text).join('\n');
};

/** A template whose values are escaped, unless they are markup themselves. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(strings.map((string, index) => string + render(parts[index] ?? null)).join(''));
}

/** A name from the log: cut where it is long, what cannot be seen spelled out, in its own writing direction. */
export const nameMarkup = (name: string): Markup => html`<bdi class="name">${printable(name, 80)}</bdi>`;

/** Data for a script of the page: JSON in which nothing can end the element. */
export const jsonMarkup = (value: unknown): Markup =>
  new Markup(JSON.stringify(value).replaceAll('<', '\\u003c'));
