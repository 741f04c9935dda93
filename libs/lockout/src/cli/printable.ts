/** Everything that moves the cursor, changes colours or turns the writing direction. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** Text of a log, safe to write to a terminal: controls and invisible characters are spelled out, the rest is cut. */
export function printable(text: string, maxLength = 60): string {
  const spelled = text.replaceAll(UNPRINTABLE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u{${code.toString(16)}}`;
  });
  return spelled.length > maxLength ? `${spelled.slice(0, maxLength - 1)}…` : spelled;
}
