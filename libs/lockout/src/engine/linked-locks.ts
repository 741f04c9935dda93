import { InvalidSubjectError } from '../key/invalid-subject-error.js';
import type { LockoutKey, SubjectHash } from '../key/key.js';
import type { KeyRing } from '../key/key-ring.js';
import { standingState } from '../policy/foretelling.js';
import type { Actor } from '../policy/input.js';
import { MANUAL_POLICY } from '../policy/manual.js';
import type { Lock } from '../policy/state.js';
import { transition } from '../policy/transition.js';
import type { BatchApplier } from '../store/batch-applier.js';
import type { Directory } from '../store/directory.js';
import type { Operation } from '../store/operation.js';
import type { LockoutRecord, RecordFacts } from '../store/record.js';
import type { UnlockLink } from '../store/unlock-links.js';
import type { PolicySource } from './policy-book.js';
import { SubjectNames } from './subject-names.js';
import { applyInput } from './unlocking.js';

/** Which lock a link is bound to. */
type LockName = Pick<UnlockLink, 'key' | 'since' | 'accountHash'>;

/** The lock of a link, still in force, and the store's clock. */
export interface StandingLock {
  readonly lock: Lock;
  readonly now: number;
}

export interface LinkedLocksParts {
  readonly applier: BatchApplier;
  readonly directory: Directory;
  readonly keys: KeyRing;
  readonly policies: PolicySource;
  /** Called with keys that were changed here: drop what is remembered, wake who waits (P6). */
  readonly onChange: (keys: readonly LockoutKey[]) => void;
}

/** Finds and lifts the locks that links are bound to: each by its record and the moment at which it began (R45). */
export class LinkedLocks {
  private readonly names: SubjectNames;

  constructor(private readonly parts: LinkedLocksParts) {
    this.names = new SubjectNames(parts.keys);
  }

  /** The lock, if it is in force and a link may lift it; else null. */
  async find(name: LockName, actor: Actor): Promise<StandingLock | null> {
    const { now, records } = await this.parts.applier.load(await this.keysOf(name));
    for (const record of records.values()) {
      const lock = this.openable(record, name.since, actor, now);
      if (lock) return { lock, now };
    }
    return null;
  }

  /** Lifts the lock, with its count and escalation, in one swap. What its record was about; null: there is no such lock. */
  async lift(name: LockName, actor: Actor): Promise<RecordFacts | null> {
    const { applier, policies, onChange } = this.parts;
    const { since } = name;
    const keys = await this.keysOf(name);
    const lifting: Operation<RecordFacts | null> = {
      keys,
      atomic: true,
      fold: (view, now) => {
        let lifted: RecordFacts | null = null;
        for (const key of keys) {
          const record = view.get(key);
          if (!record || !this.openable(record, since, actor, now)) continue;
          applyInput(view, policies, key, { type: 'unlock', via: 'link', actor, since }, now);
          lifted = record.facts;
        }
        return lifted;
      },
    };
    applier.forget(keys);
    const lifted = await applier.apply(lifting);
    onChange(keys);
    return lifted;
  }

  /** Every policy that counts there has its say, brands' overrides too: the strictest of them decides. */
  private openable(
    { state, facts }: Pick<LockoutRecord, 'state' | 'facts'>,
    since: number,
    actor: Actor,
    now: number,
  ): Lock | null {
    const readers = this.parts.policies.allOfCounter(facts.counter);
    const governing = readers.length > 0 ? readers : [MANUAL_POLICY];
    const [lock = null] = governing.map((policy) => standingState(policy, state, now).lock);
    // One that only watches keeps nobody out.
    if (!lock || lock.since !== since || lock.cause === 'monitor') return null;
    const input = { type: 'unlock', via: 'link', actor, since } as const;
    const opens = governing.every((policy) => transition(policy, state, input, now).state.lock === null);
    return opens ? lock : null;
  }

  /**
   * The keys under which the lock may stand: its own, and that to which the record went when the secrets were rotated
   * (R21). Which that is only the plain account tells.
   */
  private async keysOf({ key, accountHash }: LockName): Promise<readonly LockoutKey[]> {
    const { applier, directory } = this.parts;
    const facts = (await applier.load([key])).records.get(key)?.facts;
    const hashes = facts ? this.hashesOf(facts) : [];
    // A label that was cut, or of a name that nobody has, is not the account.
    if (!facts || !hashes.includes(accountHash)) return [key];
    const others = hashes.filter((hash) => hash !== accountHash);
    const found = await Promise.all(others.map((hash) => directory.ofAccount(hash)));
    const same = found.flat().filter((record) => isSameCounter(record.facts, facts));
    return [...new Set([key, ...same.map((record) => record.key)])];
  }

  /** What the account of a record is called under every secret; empty where that is not known. */
  private hashesOf({ realm, accountLabel }: RecordFacts): readonly SubjectHash[] {
    if (accountLabel === null) return [];
    try {
      return this.names.accountHashes({ realm, account: accountLabel });
    } catch (error) {
      if (error instanceof InvalidSubjectError) return [];
      throw error;
    }
  }
}

const isSameCounter = (a: RecordFacts, b: RecordFacts): boolean =>
  a.counter === b.counter && a.scope === b.scope && a.addressLabel === b.addressLabel;
