import { type AccountRef, resolveAccount } from '../key/account.js';
import { InvalidSubjectError } from '../key/invalid-subject-error.js';
import type { SubjectHash } from '../key/key.js';
import type { RecordFacts } from '../store/record.js';

/** Knows how an account's name is hashed: `engine.accounts`. */
export interface AccountNames {
  accountHashes(name: { readonly realm: string; readonly account: AccountRef }): readonly SubjectHash[];
}

/**
 * Whom facts are about, as the application named them; null: nobody, or it cannot be told. Labels of an account and of a
 * name that nobody has may read the same: their hashes tell them apart.
 */
export function namedAccount(
  { realm, accountHash, accountLabel }: RecordFacts,
  names: AccountNames,
): AccountRef | null {
  if (accountHash === null || accountLabel === null) return null;
  const candidates: readonly AccountRef[] = [accountLabel, { unknown: accountLabel }];
  const isMeant = (account: AccountRef): boolean =>
    isName(account) && names.accountHashes({ realm, account }).includes(accountHash);
  return candidates.find(isMeant) ?? null;
}

/** Whether it can be one: an id may hold characters that nobody's name may, and the other way round. */
function isName(account: AccountRef): boolean {
  try {
    resolveAccount(account);
    return true;
  } catch (error) {
    if (error instanceof InvalidSubjectError) return false;
    throw error;
  }
}
