import type { LockoutKey, SubjectHash } from '../key/key.js';
import { type ColumnValue, integer, MAX_NAME, text, toHex } from './codec.js';
import { hashBytes } from './hash-bytes.js';
import { storedText } from './stored-text.js';
import type { UnlockLink } from './unlock-links.js';

/** What an unlock link's row holds, in the order in which values are bound and read. */
export const UNLOCK_LINK_FIELDS = ['digest', 'key', 'since', 'realm', 'accountHash', 'expiresAt'] as const;

export type UnlockLinkField = (typeof UNLOCK_LINK_FIELDS)[number];

/** The values of a link, in the order of {@link UNLOCK_LINK_FIELDS}. Throws StoreError (`data`) for what no row can hold. */
export function encodeUnlockLink(link: UnlockLink): ColumnValue[] {
  return [
    linkDigest(link.digest),
    hashBytes('key of an unlock link', link.key),
    integer('since', link.since),
    storedText('realm', link.realm, MAX_NAME),
    hashBytes('account of an unlock link', link.accountHash),
    integer('expiresAt', link.expiresAt),
  ];
}

/** Throws StoreError (`data`) for what is no digest. */
export const linkDigest = (digest: string): Buffer => hashBytes('digest of an unlock link', digest);

/** Reads a row of {@link UNLOCK_LINK_FIELDS}. Throws StoreError (`data`) for one that cannot have been written here. */
export function decodeUnlockLink(row: readonly unknown[]): UnlockLink {
  const [digest, key, since, realm, accountHash, expiresAt] = row;
  return {
    digest: toHex('digest', digest),
    key: toHex('key', key) as LockoutKey,
    since: integer('since', since),
    realm: text('realm', realm),
    accountHash: toHex('accountHash', accountHash) as SubjectHash,
    expiresAt: integer('expiresAt', expiresAt),
  };
}
