import { resolveAccount } from '../key/account.js';
import { canonicalAddress } from '../key/address.js';
import type { SubjectHash } from '../key/key.js';
import type { KeyRing } from '../key/key-ring.js';
import { normaliseRealm } from '../key/realm.js';
import type { AccountName } from './attempt-request.js';

/** How accounts and addresses are found in the store: by keyed hashes, under the current secret and previous ones. */
export class SubjectNames {
  constructor(private readonly keys: KeyRing) {}

  /** Current secret first. Throws InvalidSubjectError. */
  accountHashes(name: AccountName): readonly SubjectHash[] {
    const realm = normaliseRealm(name.realm);
    const { subject } = resolveAccount(name.account);
    return [this.keys.accountHash(realm, subject), ...this.keys.previousAccountHashes(realm, subject)];
  }

  /** The same for an address; empty if it is none. */
  addressHashes(address: string, realm?: string): readonly SubjectHash[] {
    const canonical = canonicalAddress(address);
    if (canonical === null) return [];
    const name = normaliseRealm(realm);
    return [this.keys.addressHash(name, canonical), ...this.keys.previousAddressHashes(name, canonical)];
  }

  /** Tells an address's part of a count; undefined if it is none. */
  addressTag(address: string, realm?: string): string | undefined {
    const canonical = canonicalAddress(address);
    return canonical === null ? undefined : this.keys.tag(normaliseRealm(realm), canonical);
  }
}
