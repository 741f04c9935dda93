import { resolveAccount } from '../key/account.js';
import type { LockoutKey, SubjectHash } from '../key/key.js';
import type { KeyRing } from '../key/key-ring.js';
import { normaliseRealm } from '../key/realm.js';
import type { Actor } from '../policy/input.js';
import { countsMethod, type Method } from '../policy/policy.js';
import { transition } from '../policy/transition.js';
import type { AuditLog } from '../store/audit-log.js';
import type { BatchApplier } from '../store/batch-applier.js';
import type { Directory } from '../store/directory.js';
import type { Operation } from '../store/operation.js';
import type { LockoutRecord } from '../store/record.js';
import type { AccountName } from './attempt-request.js';
import type { SlotBuilder } from './attempt-slots.js';
import type { AuditEntries } from './audit-entries.js';
import { type CatchingUp, onceCaughtUp } from './catching-up.js';
import { type Erased, eraseAccount, type HashedAccount } from './erasing.js';
import { type AttemptExplanation, type ExplanationRequest, explainAttempt } from './explanation.js';
import { type CounterStatus, counterStatus, hasManualLock } from './lock-status.js';
import { type LockoutEnd, lockoutEnd } from './lockout-end.js';
import { resetOperation } from './password-resetting.js';
import type { PolicySource } from './policy-book.js';
import { ifUnchanged, type SeenRecords } from './seen-records.js';
import { readSlot, writeSlot } from './slot.js';
import { SubjectNames } from './subject-names.js';
import { unlockEverything } from './unlock-everything.js';
import { type RecordFinder, unlockInRounds } from './unlock-rounds.js';
import { applyInput, type Unlocked } from './unlocking.js';

/** Everything the store knows about one account or address. */
export interface SubjectStatus {
  /** Epoch ms on the store's clock at which this was read. */
  readonly now: number;
  readonly counters: readonly CounterStatus[];
  /** Whether a lock is in force at any of them. */
  readonly locked: boolean;
}

export interface DeskParts extends CatchingUp {
  readonly applier: BatchApplier;
  readonly directory: Directory & AuditLog;
  readonly keys: KeyRing;
  readonly policies: PolicySource & CatchingUp['policies'];
  readonly slots: SlotBuilder;
  readonly entries: AuditEntries;
  /** Called with keys that were changed here: drop what is remembered, wake who waits. */
  readonly onChange: (keys: readonly LockoutKey[]) => void;
}

/**
 * What administrators and the application do to accounts and addresses. Every change is recorded with its actor.
 * All methods reject with LockoutUnavailableError when the store does not answer, and throw InvalidSubjectError for
 * names that cannot be a key.
 */
export class AccountDesk {
  private readonly names: SubjectNames;

  constructor(private readonly parts: DeskParts) {
    this.names = new SubjectNames(parts.keys);
  }

  /** Everything about one account: its counters at every address, and an administrator's lock. */
  status(name: AccountName): Promise<SubjectStatus> {
    return this.statusOf(() => this.recordsOfAccount(name));
  }

  /** The blocks of one address as such (not those of accounts at it). */
  addressStatus(address: string, realm?: string): Promise<SubjectStatus> {
    return this.statusOf(() => this.recordsOfAddress(address, realm));
  }

  /**
   * Lifts every lock of the account with its counts and escalation, or (with `address`) only what stands against the
   * account at that address. Not locked: `changed` is false and nothing is written.
   */
  unlock(name: AccountName, actor: Actor, options: { readonly address?: string } = {}): Promise<Unlocked> {
    return this.unlockMany([{ ...name, ...options }], actor);
  }

  /** As {@link unlock}, for several accounts: all or none. `notLocked` holds the indexes of those that are not locked. */
  unlockMany(
    targets: readonly (AccountName & { readonly address?: string })[],
    actor: Actor,
  ): Promise<Unlocked> {
    return this.unlockRecords(
      targets.map((target) => async () => {
        const records = await this.recordsOfAccount(target);
        if (target.address === undefined) return records;
        const hashes = this.addressHashes(target.address, target.realm);
        return records.filter(
          ({ facts }) => facts.addressHash !== null && hashes.includes(facts.addressHash),
        );
      }),
      actor,
    );
  }

  /** Lifts the blocks of addresses as such, all or none; locks of accounts stay. */
  unlockAddresses(addresses: readonly string[], actor: Actor, realm?: string): Promise<Unlocked> {
    return this.unlockRecords(
      addresses.map((address) => () => this.recordsOfAddress(address, realm)),
      actor,
    );
  }

  /**
   * Lifts every lock there is, of accounts and of addresses, an administrator's too; each is recorded with its actor.
   * `realm`: only there. Answers how many records were unlocked. Locks of policies that count by neither account nor
   * address are not listed anywhere and stay.
   */
  unlockEverything(actor: Actor, options: { readonly realm?: string } = {}): Promise<number> {
    const realm = options.realm === undefined ? undefined : normaliseRealm(options.realm);
    return onceCaughtUp(this.parts, () => unlockEverything(this.parts, actor, realm));
  }

  /** Lifts one record's lock, by its id. */
  unlockRecord(id: string, actor: Actor): Promise<Unlocked> {
    return this.unlockRecords(
      [async () => Array.from((await this.parts.applier.load([id as LockoutKey])).records.values())],
      actor,
    );
  }

  /**
   * What an attempt would meet now: every counter it would look at, also where nobody failed yet, through the same slots
   * that `begin` charges. Charges nothing.
   */
  explain(request: ExplanationRequest): Promise<AttemptExplanation> {
    return onceCaughtUp(this.parts, () => explainAttempt(this.parts, request));
  }

  /**
   * Refuses every method of the account until then (epoch ms) or until an administrator unlocks it (null). `seen`: rejects
   * with RecordsChangedError unless what was seen stands when the lock is set.
   */
  async lock(name: AccountName, until: number | null, actor: Actor, seen?: SeenRecords): Promise<void> {
    const slot = this.parts.slots.forManualLock(name);
    const operation: Operation<void> = {
      keys: [slot.key, ...slot.aliases],
      fold: (view, now) => {
        const before = readSlot(view, slot);
        writeSlot(view, slot, before, transition(slot.policy, before, { type: 'lock', until, actor }, now));
      },
    };
    await onceCaughtUp(this.parts, async () => {
      const { applier, policies } = this.parts;
      if (!seen) return applier.apply(operation);
      const watched = (await seen.find()).map(({ key }) => key);
      applier.forget([...operation.keys, ...watched]);
      return applier.apply(ifUnchanged(operation, policies, watched, seen.tags));
    });
    this.parts.onChange([slot.key]);
  }

  /** A password reset was completed: each policy clears what its `onPasswordReset` says. Returns what still stands. */
  async passwordReset(name: AccountName, actor?: Actor): Promise<SubjectStatus> {
    const by = actor ?? { by: 'owner', reason: 'password reset' };
    await onceCaughtUp(this.parts, async () => {
      const { applier, policies, onChange } = this.parts;
      const resetting = resetOperation(await this.recordsOfAccount(name), policies, by);
      applier.forget(resetting.keys);
      await applier.apply(resetting);
      onChange(resetting.keys);
    });
    return this.status(name);
  }

  /**
   * A sign-in of several factors is complete: what a final success of these methods clears is cleared (R11). `address`
   * (`req.ip`): for policies whose success clears only what the caller's address contributed. `brand`: through which the
   * person signed in, whose policies say what counts and what is cleared.
   */
  async completed(
    name: AccountName,
    methods: readonly Method[],
    options: { readonly address?: string; readonly brand?: string } = {},
  ): Promise<void> {
    const { address, brand } = options;
    const from = address === undefined ? undefined : this.names.addressTag(address, name.realm);
    await onceCaughtUp(this.parts, async () => {
      const here = address === undefined ? [] : this.addressHashes(address, name.realm);
      // A final success charges only the caller's own keys, so it clears no count of another address (P4).
      const records = (await this.recordsOfAccount(name)).filter(
        ({ facts }) => facts.addressHash === null || here.includes(facts.addressHash),
      );
      const keys = records.map((record) => record.key);
      this.parts.applier.forget(keys);
      await this.parts.applier.apply({
        keys,
        fold: (view, now) => {
          for (const key of keys) {
            const counter = view.get(key)?.facts.counter;
            const counting = this.parts.policies.forBrand(brand).filter((one) => one.counter === counter);
            for (const policy of counting) {
              const method = methods.find((used) => countsMethod(policy, used));
              if (method === undefined) continue;
              const input = { type: 'complete', method, ...(from === undefined ? {} : { from }) } as const;
              applyInput(view, this.parts.policies, key, input, now, policy);
            }
          }
        },
      });
      this.parts.onChange(keys);
    });
  }

  /**
   * Forgets an account, for privacy. Every counter of it is emptied, which an administrator's unlock does not if a policy
   * keeps something, and an administrator's lock lifted; its name, its hash, the addresses, devices and clients it was tried
   * from are taken out of the record for good. What happened when, in which realm and at which counter stays, so that
   * counts stay true. Deliveries of its events that still wait are dropped. The erasure is recorded (`administered`),
   * without the account.
   *
   * An attempt in flight settles nothing here any more; whoever tries again begins anew. What counts by address alone
   * counts on. Run again, it goes on where the store failed.
   *
   * @param whom By name; or, where only its hashes are known, by those.
   */
  erase(whom: AccountName | HashedAccount, actor: Actor): Promise<Erased> {
    const realm = normaliseRealm(whom.realm);
    const erasure =
      'hashes' in whom
        ? { realm, accounts: whom.hashes, label: whom.label }
        : { realm, accounts: this.accountHashes(whom), label: resolveAccount(whom.account).label };
    return onceCaughtUp(this.parts, () => eraseAccount(this.parts, erasure, actor));
  }

  /**
   * When the account's last lock ends or ended; survives forgetting and pruning. Where events are kept for a limited time
   * (`auditRetentionMs`), the end of a lock is known for as long after it; an erased account was never locked.
   */
  async lockoutEnd(name: AccountName): Promise<LockoutEnd> {
    const status = await this.status(name);
    return onceCaughtUp(this.parts, () => lockoutEnd(this.parts, this.accountHashes(name), status));
  }

  /** Keyed hashes under which records and events of the account are found: current secret first. */
  accountHashes(name: AccountName): readonly SubjectHash[] {
    return this.names.accountHashes(name);
  }

  /** The same for an address; empty if it is none. */
  addressHashes(address: string, realm?: string): readonly SubjectHash[] {
    return this.names.addressHashes(address, realm);
  }

  private async recordsOfAccount(name: AccountName): Promise<readonly LockoutRecord[]> {
    const found = await Promise.all(
      this.accountHashes(name).map((hash) => this.parts.directory.ofAccount(hash)),
    );
    return found.flat();
  }

  private async recordsOfAddress(address: string, realm?: string): Promise<readonly LockoutRecord[]> {
    const hashes = this.addressHashes(address, realm);
    const found = await Promise.all(hashes.map((hash) => this.parts.directory.ofAddress(hash)));
    return found.flat().filter(({ facts }) => facts.accountHash === null);
  }

  private statusOf(records: () => Promise<readonly LockoutRecord[]>): Promise<SubjectStatus> {
    return onceCaughtUp(this.parts, async () => {
      const found = await records();
      const { now } = await this.parts.applier.load([]);
      const asked = { method: null, manualLock: hasManualLock(found, now) };
      const counters = found.map((record) =>
        counterStatus(this.parts.policies.ofCounter(record.facts.counter), record, now, asked),
      );
      return { now, counters, locked: counters.some((counter) => counter.lock !== null) };
    });
  }

  /**
   * As {@link unlockMany}, for records that the caller finds itself, one function for each target; it is asked again
   * in each round. `seen`: rejects with RecordsChangedError unless what was seen stands when the locks are lifted.
   */
  unlockRecords(targets: readonly RecordFinder[], actor: Actor, seen?: SeenRecords): Promise<Unlocked> {
    return onceCaughtUp(this.parts, () => unlockInRounds(this.parts, targets, actor, seen));
  }
}
