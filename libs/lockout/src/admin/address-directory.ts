import type { LockoutEngine } from '../engine/lockout-engine.js';
import { canonicalAddress } from '../key/address.js';
import type { SubjectHash } from '../key/key.js';
import type { LockoutRecord } from '../store/record.js';

/** An address as such: its records are those that no account has a part in. */
export interface FoundAddress {
  readonly id: string;
  readonly realm: string;
  /** Null where no labels are kept. */
  readonly address: string | null;
  readonly hashes: readonly SubjectHash[];
  readonly records: readonly LockoutRecord[];
}

/** How a call names an address: by realm and text, or by its opaque id. */
export type AddressName = { readonly realm: string; readonly address: string } | { readonly id: string };

/** Finds addresses by their text, by opaque id, or from one of their records. */
export class AddressDirectory {
  constructor(private readonly engine: LockoutEngine) {}

  /** Null: nothing is recorded of it. */
  async find(name: AddressName): Promise<FoundAddress | null> {
    const [first] = await this.recordsOf(this.hashesOf(name));
    return first ? this.ofRecord(first) : null;
  }

  /**
   * As {@link find}, also an address of which nothing but accounts at it, or past events, are recorded: it has no records
   * of its own then. Null: it was never seen.
   */
  async look(name: AddressName): Promise<FoundAddress | null> {
    const found = await this.find(name);
    if (found) return found;
    const { store } = this.engine.options;
    const hashes = this.hashesOf(name);
    for (const hash of hashes) {
      const [facts] = [
        ...(await store.ofAddress(hash)),
        ...(await store.list({ address: hash, limit: 1 })).items,
      ].map((seen) => seen.facts);
      if (!facts) continue;
      const address = 'address' in name ? canonicalAddress(name.address) : facts.addressLabel;
      return { id: hashes[0] ?? hash, realm: facts.realm, address, hashes, records: [] };
    }
    return null;
  }

  /**
   * The address a record is about. The record's scope must have an address and no account.
   *
   * @param known All records of that address alone under the same hash, if they were read already.
   */
  async ofRecord({ facts }: LockoutRecord, known?: readonly LockoutRecord[]): Promise<FoundAddress> {
    const hash = facts.addressHash as SubjectHash;
    const records = known ?? (await this.recordsOf([hash]));
    const { realm } = facts;
    const address = records.find((record) => record.facts.addressLabel !== null)?.facts.addressLabel ?? null;
    const hashes = address === null ? [] : this.engine.accounts.addressHashes(address, realm);
    if (!hashes.includes(hash)) return { id: hash, realm, address, hashes: [hash], records };
    const all = hashes.length === 1 ? records : await this.recordsOf(hashes);
    return { id: hashes[0] ?? hash, realm, address, hashes, records: all };
  }

  async recordsOf(hashes: readonly SubjectHash[]): Promise<readonly LockoutRecord[]> {
    const found = await Promise.all(hashes.map((hash) => this.engine.options.store.ofAddress(hash)));
    return found.flat().filter(({ facts }) => facts.accountHash === null);
  }

  private hashesOf(name: AddressName): readonly SubjectHash[] {
    if ('id' in name) return [name.id as SubjectHash];
    return this.engine.accounts.addressHashes(name.address, name.realm);
  }

  /** Hashes of the address that reads like this; empty if it is none. For searching. */
  hashesLike(text: string, realm?: string): readonly SubjectHash[] {
    return this.engine.accounts.addressHashes(text, realm);
  }
}
