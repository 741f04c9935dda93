/** Everything that moves the cursor, changes colours or turns the writing direction. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/gu;
/** The same, except the line breaks that JSON is laid out with. */
const UNPRINTABLE_IN_JSON = /[^\P{C}\n]|[\p{Zl}\p{Zp}]/gu;

/** Text from elsewhere, safe to write to a terminal: controls and invisible characters are spelled out, the rest is cut. */
export function printable(text: string, maxLength = 60): string {
  const spelled = text.replaceAll(UNPRINTABLE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u{${code.toString(16)}}`;
  });
  return spelled.length > maxLength ? `${spelled.slice(0, maxLength - 1)}…` : spelled;
}

/** A value as JSON that reads back the same, and that does nothing to the terminal it is written to. */
export const printableJson = (value: unknown): string => printableLines(JSON.stringify(value, null, 2));

/** The same for text that is JSON already, line by line. */
export function printableLines(json: string): string {
  return json.replaceAll(UNPRINTABLE_IN_JSON, (character) =>
    Array.from({ length: character.length }, (_, unit) => {
      const code = character.charCodeAt(unit);
      return `\\u${code.toString(16).padStart(4, '0')}`;
    }).join(''),
  );
}
