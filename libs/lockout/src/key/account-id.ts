import { opaqueText } from './opaque-text.js';

/** Longest account id, in UTF-16 code units: a mail address (64 + 1 + 255) still fits. */
export const MAX_ACCOUNT_ID_LENGTH = 320;

/**
 * The id under which the application knows an account, taken exactly as it is: no case folding, no trimming, since
 * two ids that differ in anything are two accounts. Give the stored id (primary key), not the text that was typed:
 * databases find `alice` for `álice`, and each spelling would get its own budget (R19).
 * @param id string of 1 to {@link MAX_ACCOUNT_ID_LENGTH} UTF-16 code units.
 * @throws {InvalidSubjectError} not a string (numbers too: `1` and `'1'` must not be two accounts), blank, too long,
 * control characters, lone surrogates.
 */
export function normaliseAccountId(id: unknown): string {
  return opaqueText(id, {
    field: 'account',
    noun: 'account id',
    maxLength: MAX_ACCOUNT_ID_LENGTH,
    numberHint: 'Pass String(id).',
  });
}
