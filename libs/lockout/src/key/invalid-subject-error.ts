/** Which part of an attempt was unusable. `subject`: what a key was to be made of. */
export type SubjectField =
  | 'account'
  | 'identifier'
  | 'credential'
  | 'address'
  | 'device'
  | 'custom'
  | 'realm'
  | 'subject';

/** What is wrong with it. `unprintable`: a control, invisible or broken character. `format`: outside its alphabet. */
export type SubjectProblem = 'not-a-string' | 'blank' | 'too-long' | 'unprintable' | 'format';

/**
 * What an attempt is about cannot be used. At the edge it is a 400 before any charge: no key counts (R20).
 * The message is made from the field and the problem only, so it never repeats what was sent.
 */
export class InvalidSubjectError extends Error {
  override readonly name = 'InvalidSubjectError';
  readonly code = 'LOCKOUT_BAD_INPUT';

  constructor(
    readonly field: SubjectField,
    readonly problem: SubjectProblem,
    message: string,
  ) {
    super(message);
  }
}
