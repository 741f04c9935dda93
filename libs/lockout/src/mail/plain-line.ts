/** What could forge a header or a line, turn the writing direction, or hide: controls, separators, format and broken characters. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]+/gu;
const SPACES = /\s+/gu;

/** Longest text from elsewhere in a mail, in characters. */
const MAX_LENGTH = 200;

/** Text from elsewhere as one line that reads as it is written, cut where it is long. */
export function plainLine(text: string, maxLength = MAX_LENGTH): string {
  // Cut first, so that a long one costs nothing; the cut may halve a character, which goes.
  const line = text
    .slice(0, 2 * maxLength + 2)
    .replaceAll(UNPRINTABLE, ' ')
    .replaceAll(SPACES, ' ')
    .trim();
  const characters = Array.from(line);
  return characters.length > maxLength ? `${characters.slice(0, maxLength - 1).join('')}…` : line;
}

/** Whether a text of the application is one printable line already. */
export const isPlainLine = (text: unknown, maxLength = MAX_LENGTH): text is string =>
  typeof text === 'string' && text !== '' && text === plainLine(text, maxLength);
