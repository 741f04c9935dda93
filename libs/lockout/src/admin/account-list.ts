import type { LockoutEngine } from '../engine/lockout-engine.js';
import type { Page } from '../store/directory.js';
import { AccountDirectory } from './account-directory.js';
import { type AccountItem, accountItem } from './account-view.js';
import type { Permission } from './permission.js';
import { type ListQuery, listSubjects } from './subject-list.js';

/** One page of accounts, each with all its locks. */
export function listAccounts(
  engine: LockoutEngine,
  permission: Permission,
  query: ListQuery,
): Promise<Page<AccountItem>> {
  const directory = new AccountDirectory(engine);
  return listSubjects(
    engine,
    permission,
    {
      of: 'account',
      hashesLike: (text, realm) => directory.hashesLike(text, realm),
      ofRecord: (record, records) => directory.ofRecord(record, records),
      itemOf: (found, now) => accountItem(engine, permission, found, now),
    },
    query,
  );
}
