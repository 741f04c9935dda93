/** Marks that turn the text after them around, or end what keeps text to itself. No name needs them. */
const TURNING = /[\u202a-\u202e\u2066-\u2069]/g;

/** Letters that are written from right to left, and marks that count as one. */
const FROM_RIGHT =
  /[\u0590-\u08ff\u200f\u061c\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

const FIRST_STRONG_ISOLATE = '\u2068';
const POP_ISOLATE = '\u2069';

/**
 * A name, reason or other text that somebody else chose, as it is shown by itself: what would turn text around is spelled
 * out, so that `⟨right-to-left override⟩gnp.exe` reads neither as another name nor turns what stands beside it.
 */
export const spelled = (text: string): string =>
  text.replace(TURNING, (mark) => `\\u{${(mark.codePointAt(0) ?? 0).toString(16)}}`);

/** The same, as it stands in a sentence: what is written from right to left keeps to itself. */
export function inSentence(text: string): string {
  const shown = spelled(text);
  return FROM_RIGHT.test(shown) ? FIRST_STRONG_ISOLATE + shown + POP_ISOLATE : shown;
}
