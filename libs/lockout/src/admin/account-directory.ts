import type { AccountName } from '../engine/attempt-request.js';
import type { LockoutEngine } from '../engine/lockout-engine.js';
import { type AccountRef, resolveAccount } from '../key/account.js';
import { InvalidSubjectError } from '../key/invalid-subject-error.js';
import type { SubjectHash } from '../key/key.js';
import type { LockoutRecord } from '../store/record.js';
import type { AdminAccount } from './admin-options.js';

/** An account with all its records, whatever policy and address. */
export interface FoundAccount extends AdminAccount {
  /** How the engine calls it; null: its name is not kept, so it can be unlocked but not newly locked. */
  readonly ref: AccountRef | null;
  /** What finds it: under the current secret, then under previous ones. */
  readonly hashes: readonly SubjectHash[];
  readonly records: readonly LockoutRecord[];
}

/** How a call names an account: by realm and name, or by its opaque id. */
export type AccountAddress =
  | {
      readonly realm: string;
      readonly account: string;
      /**
       * `true`: a name that no account has. `false`: an account id. Absent: the account of that id, or, if nothing is
       * recorded of it, the name nobody has that reads the same.
       */
      readonly unknown?: boolean;
    }
  | { readonly id: string };

/** Finds accounts by name, by opaque id, or from one of their records. */
export class AccountDirectory {
  constructor(private readonly engine: LockoutEngine) {}

  /**
   * Without records: a name that nothing is recorded of. Null: an id that finds nothing.
   * Throws InvalidSubjectError for a name that cannot be one.
   */
  async find(address: AccountAddress): Promise<FoundAccount | null> {
    if ('id' in address) {
      const records = await this.engine.options.store.ofAccount(address.id as SubjectHash);
      return records[0] ? this.ofRecord(records[0]) : null;
    }
    const { realm, account, unknown } = address;
    if (unknown === true) return this.named({ realm, account: { unknown: account } });
    const known = await this.named({ realm, account });
    if (unknown === false || known.records.length > 0) return known;
    const nobody = await this.nobodyNamed(realm, account);
    return nobody && nobody.records.length > 0 ? nobody : known;
  }

  /**
   * The account a record is about. The record's scope must have an account.
   *
   * @param known All records under the same hash, if they were read already.
   */
  async ofRecord({ facts }: LockoutRecord, known?: readonly LockoutRecord[]): Promise<FoundAccount> {
    const hash = facts.accountHash as SubjectHash;
    const records = known ?? (await this.engine.options.store.ofAccount(hash));
    const label = records.find((record) => record.facts.accountLabel !== null)?.facts.accountLabel;
    return this.called(label ?? null, { hash, realm: facts.realm, records });
  }

  /** The account of an id that no record has any more, as its latest event tells. Null: none tells. */
  async ofEvents(id: string): Promise<FoundAccount | null> {
    const hash = id as SubjectHash;
    const { items } = await this.engine.options.store.list({ account: hash, limit: 1 });
    const [latest] = items;
    if (!latest) return null;
    const { realm, accountLabel } = latest.facts;
    return this.called(accountLabel, { hash, realm, records: [] });
  }

  /**
   * Everything that a name without a flag may mean: the account of that id, then the name nobody has, if it can be one.
   * Throws InvalidSubjectError for a name that can be neither.
   */
  async readings(realm: string, account: string): Promise<readonly FoundAccount[]> {
    const known = await this.named({ realm, account });
    const nobody = await this.nobodyNamed(realm, account);
    return nobody ? [known, nobody] : [known];
  }

  /** Its records as they are now. */
  async recordsOf(hashes: readonly SubjectHash[]): Promise<readonly LockoutRecord[]> {
    const found = await Promise.all(hashes.map((hash) => this.engine.options.store.ofAccount(hash)));
    return found.flat();
  }

  /** Hashes of what reads like this text: the account of that id, and the name nobody has. For searching. */
  hashesLike(text: string, realm?: string): readonly SubjectHash[] {
    const scope = realm === undefined ? {} : { realm };
    return [text, { unknown: text }].flatMap((account) => this.hashesOf({ ...scope, account }));
  }

  /** By its name if the label is that, and then under every secret; else by its hash alone. */
  private async called(
    label: string | null,
    { hash, realm, records }: { hash: SubjectHash; realm: string; records: readonly LockoutRecord[] },
  ): Promise<FoundAccount> {
    for (const ref of label === null ? [] : [label, { unknown: label }]) {
      const name: AccountName = { realm, account: ref };
      const hashes = this.hashesOf(name);
      if (!hashes.includes(hash)) continue;
      // While secrets rotate an account may have records under several.
      return hashes.length === 1 ? this.describe(name, hashes, records) : this.named(name);
    }
    return { id: hash, realm, account: label, known: null, ref: null, hashes: [hash], records };
  }

  private async nobodyNamed(realm: string, identifier: string): Promise<FoundAccount | null> {
    try {
      return await this.named({ realm, account: { unknown: identifier } });
    } catch (error) {
      // An account id may hold characters that nobody's name may.
      if (error instanceof InvalidSubjectError) return null;
      throw error;
    }
  }

  private async named(name: AccountName): Promise<FoundAccount> {
    const hashes = this.engine.accounts.accountHashes(name);
    return this.describe(name, hashes, await this.recordsOf(hashes));
  }

  private describe(
    { realm = '', account }: AccountName,
    hashes: readonly SubjectHash[],
    records: readonly LockoutRecord[],
  ): FoundAccount {
    // As the record calls it: a name that nobody has is kept normalised, however it was typed.
    const { label, known } = resolveAccount(account);
    return {
      id: hashes[0] ?? '',
      realm,
      account: label,
      known,
      ref: account,
      hashes,
      records,
    };
  }

  /** Empty for a name that cannot be one. */
  private hashesOf(name: AccountName): readonly SubjectHash[] {
    try {
      return this.engine.accounts.accountHashes(name);
    } catch (error) {
      if (error instanceof InvalidSubjectError) return [];
      throw error;
    }
  }
}
