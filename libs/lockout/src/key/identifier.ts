import { InvalidSubjectError } from './invalid-subject-error.js';

/** Longest identifier, in UTF-16 code units: a mail address (64 + 1 + 255). */
export const MAX_IDENTIFIER_LENGTH = 320;

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;

/**
 * Characters that change a name without changing how it looks, and that some collations skip: controls (Cc), format
 * characters and bidi marks (Cf), lone surrogates (Cs), line and paragraph separators, default-ignorables
 * (zero-width, soft hyphen, fillers, variation selectors, tags) and noncharacters.
 */
const REFUSED =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/u;

export interface IdentifierOptions {
  /** In UTF-16 code units, of the text as typed and of its normal form. Default {@link MAX_IDENTIFIER_LENGTH}. */
  readonly maxLength?: number;
}

/**
 * The one spelling under which attempts at a name that no account has are counted (R19): NFKC, lower case, NFKC
 * again, trimmed; final sigma `ς` becomes `σ`. Normalising twice changes nothing.
 *
 * Folds together: case, full-width and other compatibility forms, ligatures, composed and decomposed accents.
 * Keeps apart: accents (`álice`, `alice`), look-alikes of other scripts (Cyrillic `а`), inner spaces, and what only
 * full case folding would join: `ß` and `ss` (but `ẞ` is `ß`), `İ` (an i with a dot above) and `ı` and `i`.
 * Sigma is the exception because lower case spells it by its neighbours, so `ΟΔΟΣ` typed in capitals and typed letter
 * by letter would be two names. Independent of locale.
 *
 * That some names stay apart which a database's collation may join is why known accounts are counted by id.
 * @param text what was typed, 1 to `maxLength` UTF-16 code units.
 * @throws {InvalidSubjectError} not a string; blank; too long before or after normalising; contains controls,
 * invisible characters or lone surrogates.
 */
export function normaliseIdentifier(text: unknown, options: IdentifierOptions = {}): string {
  const { maxLength = MAX_IDENTIFIER_LENGTH } = options;
  if (typeof text !== 'string') {
    throw new InvalidSubjectError('identifier', 'not-a-string', 'The identifier must be a string.');
  }
  // First, so that nothing below ever sees a long text.
  assertLength(text, maxLength);
  const normal = PRINTABLE_ASCII.test(text) ? text.toLowerCase().trim() : fold(text);
  // NFKC lengthens: one ligature can become 18 letters.
  assertLength(normal, maxLength);
  if (normal === '') throw new InvalidSubjectError('identifier', 'blank', 'The identifier is blank.');
  return normal;
}

function fold(text: string): string {
  assertVisible(text);
  return text.normalize('NFKC').toLowerCase().normalize('NFKC').replaceAll('ς', 'σ').trim();
}

function assertLength(text: string, maxLength: number): void {
  // Written so that NaN as maxLength refuses everything instead of allowing everything.
  if (text.length <= maxLength) return;
  throw new InvalidSubjectError(
    'identifier',
    'too-long',
    `The identifier is longer than ${maxLength} characters.`,
  );
}

function assertVisible(text: string): void {
  if (!REFUSED.test(text)) return;
  throw new InvalidSubjectError(
    'identifier',
    'unprintable',
    'The identifier contains control, invisible or broken characters.',
  );
}
