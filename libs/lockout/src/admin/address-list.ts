import type { LockoutEngine } from '../engine/lockout-engine.js';
import type { Page } from '../store/directory.js';
import { type AddressItem, addressItem } from './account-view.js';
import { AddressDirectory } from './address-directory.js';
import type { Permission } from './permission.js';
import { type ListQuery, listSubjects } from './subject-list.js';

/** One page of addresses, each with all its locks. */
export function listAddresses(
  engine: LockoutEngine,
  permission: Permission,
  query: ListQuery,
): Promise<Page<AddressItem>> {
  const directory = new AddressDirectory(engine);
  return listSubjects(
    engine,
    permission,
    {
      of: 'address',
      hashesLike: (text, realm) => directory.hashesLike(text, realm),
      ofRecord: (record, records) => directory.ofRecord(record, records),
      itemOf: (found, now) => addressItem(engine, permission, found, now),
    },
    query,
  );
}
