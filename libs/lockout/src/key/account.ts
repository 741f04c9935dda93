import { normaliseAccountId } from './account-id.js';
import { normaliseIdentifier } from './identifier.js';
import { InvalidSubjectError } from './invalid-subject-error.js';

/**
 * Who is being signed in to, as the application resolved it: the account's id, or the identifier that was typed if no
 * account has it. Build it from a lookup, never from the request body as it came.
 */
export type AccountRef = string | { readonly unknown: string };

/** An account as it goes into a key. */
export interface Account {
  /** `id:…` or `unknown:…`: a name nobody has is never the account whose id reads the same. */
  readonly subject: string;
  /** The account id, or the normalised identifier: what administrators see where labels are kept. */
  readonly label: string;
  /** Whether the application has such an account. */
  readonly known: boolean;
}

/**
 * Checks and normalises what the application's resolver answered.
 * @throws {InvalidSubjectError} neither a usable account id nor exactly `{ unknown: identifier }`.
 */
export function resolveAccount(ref: unknown): Account {
  if (typeof ref === 'object' && ref !== null) {
    const identifier = normaliseIdentifier(unknownIdentifier(ref));
    return { subject: `unknown:${identifier}`, label: identifier, known: false };
  }
  const id = normaliseAccountId(ref);
  return { subject: `id:${id}`, label: id, known: true };
}

/** Other properties mean that something else came in: an entity, a parsed body, an array. */
function unknownIdentifier(ref: object): unknown {
  const entries = Object.entries(ref);
  const [first] = entries;
  if (entries.length === 1 && first?.[0] === 'unknown') return first[1];
  throw new InvalidSubjectError(
    'account',
    'not-a-string',
    'The account must be an account id (a string) or { unknown: identifier }.',
  );
}
