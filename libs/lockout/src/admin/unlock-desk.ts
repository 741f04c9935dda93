import type { LockoutEngine } from '../engine/lockout-engine.js';
import type { SeenRecords } from '../engine/seen-records.js';
import type { LockoutKey } from '../key/key.js';
import type { LockoutRecord } from '../store/record.js';
import { type AccountAddress, AccountDirectory, type FoundAccount } from './account-directory.js';
import { AddressDirectory, type AddressName } from './address-directory.js';
import { requireSeen, unlessChanged } from './if-match.js';
import { lockViews } from './lock-view.js';
import type { Permission } from './permission.js';
import { Problem } from './problem.js';
import { storeNow } from './store-now.js';
import { NOT_LOCKED } from './summary-sentences.js';

/** One thing to unlock. */
interface Target {
  /** How answers call it. */
  readonly name: { readonly account: string } | { readonly address: string } | { readonly id: string };
  readonly realm: string;
  /** Whose eligibility is asked; null: an address, which has none. */
  readonly account: FoundAccount | null;
  /** Whether anything at all is recorded of it. */
  readonly exists: boolean;
  /** As they were found. */
  readonly records: readonly LockoutRecord[];
  /** As it is now. */
  readonly find: () => Promise<readonly LockoutRecord[]>;
  /** All records of the account or address that it belongs to, as they are now: what `ETag` was made of. */
  readonly whole: () => Promise<readonly LockoutRecord[]>;
}

export interface UnlockAnswer {
  /** `false`: it was not locked, and nothing was written. */
  readonly changed: boolean;
}

/** An account to unlock, or (with `address`) only what stands against it at that address. */
export type AccountToUnlock = AccountAddress & { readonly address?: string };

/**
 * Lifts locks for administrators. In this order: permission (403), existence (404), what the administrator has seen (412),
 * eligibility by the application's hook (409), then one swap of all or nothing, in which "is it locked" and "is it as it
 * was seen" are decided again. `tags`: what `If-Match` allows; null: anything.
 */
export class UnlockDesk {
  private readonly accounts: AccountDirectory;
  private readonly addresses: AddressDirectory;

  constructor(
    private readonly engine: LockoutEngine,
    private readonly permission: Permission,
  ) {
    this.accounts = new AccountDirectory(engine);
    this.addresses = new AddressDirectory(engine);
  }

  async account(
    account: AccountToUnlock,
    reason: string,
    tags: readonly string[] | null = null,
  ): Promise<UnlockAnswer> {
    return this.one(await this.accountTarget(account), reason, tags);
  }

  /** All or none: 409 names every account that is not locked or not eligible. */
  async accountsTogether(accounts: readonly AccountToUnlock[], reason: string): Promise<UnlockAnswer> {
    return this.together(await Promise.all(accounts.map((account) => this.accountTarget(account))), reason);
  }

  async addressesTogether(addresses: readonly AddressName[], reason: string): Promise<UnlockAnswer> {
    return this.together(await Promise.all(addresses.map((name) => this.addressTarget(name))), reason);
  }

  async record(id: string, reason: string, tags: readonly string[] | null = null): Promise<UnlockAnswer> {
    return this.one(await this.recordTarget(id), reason, tags);
  }

  async recordsTogether(ids: readonly string[], reason: string): Promise<UnlockAnswer> {
    return this.together(await Promise.all(ids.map((id) => this.recordTarget(id))), reason);
  }

  private async one(target: Target, reason: string, tags: readonly string[] | null): Promise<UnlockAnswer> {
    await this.permission.require('unlock', [target.realm]);
    if (!target.exists) throw new Problem(404, 'Nothing is recorded under this name.');
    if (tags) requireSeen(tags, await target.whole());
    const bars = await this.barsTo([target]);
    if (bars.some(({ reason: why }) => why === NOT_LOCKED)) return { changed: false };
    if (bars.length > 0) throw await this.refused([target], bars);
    const { changed } = await unlessChanged(() =>
      this.lift([target], reason, tags ? { tags, find: target.whole } : undefined),
    );
    return { changed };
  }

  private async together(targets: readonly Target[], reason: string): Promise<UnlockAnswer> {
    await this.permission.require(
      'unlock',
      targets.map((target) => target.realm),
    );
    const bars = await this.barsTo(targets);
    if (bars.length > 0) throw await this.refused(targets, bars);
    const { notLocked } = await this.lift(targets, reason);
    if (notLocked.length === 0) return { changed: true };
    throw await this.refused(
      targets,
      notLocked.flatMap((index) => barOf(targets[index], NOT_LOCKED)),
    );
  }

  /** What keeps them from being unlocked now, every one named. The application's hooks are awaited here (R33). */
  private async barsTo(targets: readonly Target[]): Promise<readonly Bar[]> {
    const now = await storeNow(this.engine);
    const bars = await Promise.all(
      targets.map(async (target) => {
        if (lockViews(this.engine, target.records, now).length === 0) return barOf(target, NOT_LOCKED);
        const ineligible = target.account && (await this.permission.ineligibility(target.account));
        return ineligible === null ? [] : barOf(target, ineligible);
      }),
    );
    return bars.flat();
  }

  /** Points to support whom eligibility stops; who is just not locked needs none (CS-18). */
  private async refused(targets: readonly Target[], errors: readonly Bar[]): Promise<Problem> {
    const isBarred = ({ name }: Target): boolean =>
      errors.some(({ reason, ...barred }) => reason !== NOT_LOCKED && isSameName(barred, name));
    const barred = targets.find(isBarred);
    const support = barred ? await this.permission.support(barred.realm) : {};
    return new Problem(409, 'Nothing was unlocked: not everything that was named can be.', {
      errors,
      ...support,
    });
  }

  private async lift(targets: readonly Target[], reason: string, seen?: SeenRecords) {
    const actor = await this.permission.actor(reason);
    return this.engine.accounts.unlockRecords(
      targets.map(({ find }) => find),
      actor,
      seen,
    );
  }

  private async accountTarget({ address, ...name }: AccountToUnlock): Promise<Target> {
    const account = await this.accounts.find(name);
    if (!account) throw new Problem(404, 'No account has this id.');
    const { realm } = account;
    const at = address === undefined ? null : this.engine.accounts.addressHashes(address, realm);
    const atAddress = ({ facts }: LockoutRecord): boolean =>
      at === null || (facts.addressHash !== null && at.includes(facts.addressHash));
    return {
      name: { account: account.account ?? account.id },
      realm,
      account,
      // Known, but not at that address: not locked there, rather than unknown.
      exists: account.records.length > 0,
      records: account.records.filter(atAddress),
      find: async () => (await this.accounts.recordsOf(account.hashes)).filter(atAddress),
      whole: () => this.accounts.recordsOf(account.hashes),
    };
  }

  private async addressTarget(name: AddressName): Promise<Target> {
    const found = await this.addresses.find(name);
    if (!found && 'id' in name) throw new Problem(404, 'No address has this id.');
    const realm = found?.realm ?? ('realm' in name ? name.realm : '');
    const label = 'address' in name ? name.address : (found?.address ?? name.id);
    const find = async () => (found ? this.addresses.recordsOf(found.hashes) : []);
    return {
      name: { address: label },
      realm,
      account: null,
      exists: found !== null,
      records: found?.records ?? [],
      find,
      whole: find,
    };
  }

  private async recordTarget(id: string): Promise<Target> {
    const find = async () => {
      const { records } = await this.engine.options.store.load([id as LockoutKey]);
      return Array.from(records.values());
    };
    const records = await find();
    const [record] = records;
    if (!record) throw new Problem(404, 'No record has this id.');
    const { realm, accountHash } = record.facts;
    const account = accountHash === null ? null : await this.accounts.ofRecord(record);
    const whole = async () => {
      if (account) return this.accounts.recordsOf(account.hashes);
      if (record.facts.addressHash === null) return find();
      return this.addresses.recordsOf((await this.addresses.ofRecord(record)).hashes);
    };
    return { name: { id }, realm, account, exists: true, records, find, whole };
  }
}

type Bar = Target['name'] & { readonly reason: string };

const barOf = (target: Target | undefined, reason: string): Bar[] =>
  target ? [{ ...target.name, reason }] : [];

const isSameName = (a: object, b: object): boolean => JSON.stringify(a) === JSON.stringify(b);
