import { InvalidSubjectError } from './invalid-subject-error.js';

/** The realm of applications that have one population of accounts. */
export const DEFAULT_REALM = 'default';

/** Starts with a letter or digit, so that it is never `.` or `..` in a path. ASCII only: no `i` flag, no Kelvin sign. */
const REALM = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/;

/**
 * The name of a population of accounts, part of every key (pitfall 29). Lower-cased, because a realm is often read
 * from a host name: `Shop.example` and `shop.example` must not be two budgets.
 * @param realm 1 to 64 of `A-Z a-z 0-9 . _ : -`, the first a letter or digit. Default {@link DEFAULT_REALM}.
 * @throws {InvalidSubjectError} anything else, `null` and the empty string included.
 */
export function normaliseRealm(realm: unknown = DEFAULT_REALM): string {
  if (typeof realm !== 'string') {
    throw new InvalidSubjectError('realm', 'not-a-string', 'The realm must be a string.');
  }
  if (!REALM.test(realm)) {
    throw new InvalidSubjectError(
      'realm',
      'format',
      'The realm must be 1 to 64 letters, digits, ".", "_", ":" or "-", and start with a letter or digit.',
    );
  }
  return realm.toLowerCase();
}
