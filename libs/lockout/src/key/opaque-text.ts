import { InvalidSubjectError, type SubjectField } from './invalid-subject-error.js';

/** Controls and lone surrogates: nothing that a person or a program names something with. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;

export interface OpaqueTextRules {
  readonly field: SubjectField;
  /** How messages call it: `account id`. */
  readonly noun: string;
  /** In UTF-16 code units. */
  readonly maxLength: number;
  /** Appended to the message when a number was given. */
  readonly numberHint?: string;
}

/**
 * Text that is compared exactly and never rewritten. Everything in a key passes here or through the identifier's
 * normaliser, so that nothing blank or lossy under UTF-8 gets into one.
 * @throws {InvalidSubjectError} not a string, blank, too long, control characters, lone surrogates.
 */
export function opaqueText(value: unknown, { field, noun, maxLength, numberHint }: OpaqueTextRules): string {
  if (typeof value !== 'string') {
    const hint =
      numberHint && (typeof value === 'number' || typeof value === 'bigint') ? ` ${numberHint}` : '';
    throw new InvalidSubjectError(field, 'not-a-string', `The ${noun} must be a string.${hint}`);
  }
  // Written so that NaN as maxLength refuses everything instead of allowing everything.
  if (!(value.length <= maxLength)) {
    throw new InvalidSubjectError(field, 'too-long', `The ${noun} is longer than ${maxLength} characters.`);
  }
  if (value.trim() === '') throw new InvalidSubjectError(field, 'blank', `The ${noun} is blank.`);
  if (UNPRINTABLE.test(value)) {
    throw new InvalidSubjectError(field, 'unprintable', `The ${noun} contains control or broken characters.`);
  }
  return value;
}
