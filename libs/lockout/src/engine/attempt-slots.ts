import { type Account, resolveAccount } from '../key/account.js';
import { canonicalAddress, overflowNetwork } from '../key/address.js';
import type { AddressSet } from '../key/address-set.js';
import { normaliseCustomPart, normaliseDevice } from '../key/device.js';
import type { LockoutKey, SubjectHash } from '../key/key.js';
import type { KeyRing } from '../key/key-ring.js';
import { normaliseRealm } from '../key/realm.js';
import { missingParts, scopeName, subjectParts } from '../key/scope.js';
import type { EventOrigin } from '../policy/event.js';
import { MANUAL_POLICY } from '../policy/manual.js';
import { NEWCOMER_POLICY } from '../policy/newcomers.js';
import { countsMethod, type LockoutPolicy, type Method, refusesMethod } from '../policy/policy.js';
import { MAX_LABEL } from '../store/codec.js';
import type { AccountName, AttemptRequest } from './attempt-request.js';
import { type AttemptSlot, fixed, type Governed, LiveSlot } from './live-slot.js';
import type { Newcomers } from './newcomers.js';
import { originOf } from './origin.js';
import type { PolicySource } from './policy-book.js';
import { Recent } from './recent.js';
import { keysOfSlots, type Slot } from './slot.js';

export interface AttemptSlots {
  readonly slots: readonly AttemptSlot[];
  /** Only for unknown accounts with an address. */
  readonly newcomers: Newcomers | null;
  /** Every record that is looked at. */
  readonly keys: readonly LockoutKey[];
  /** The same, and those that a new name may be counted at. */
  readonly chargeKeys: readonly LockoutKey[];
  /** Tag of the caller's address; only where the success of a policy clears no more than its part. */
  readonly from: string | undefined;
  /** For the events of its failures; undefined where no labels are kept (P10). */
  readonly origin: EventOrigin | undefined;
}

/** What is known of an attempt that somebody asks about. `method` null: whichever. */
export interface KnownAttempt extends Omit<AttemptRequest, 'account' | 'method'> {
  readonly account: AttemptRequest['account'] | null;
  readonly method: Method | null;
}

/** A policy that would watch an attempt if more were known of it. */
export interface UnseenPolicy {
  readonly policy: string;
  /** The parts of its scope that are not known: `address`, `custom:tenant`. */
  readonly parts: readonly string[];
}

/** The slots of what is known of an attempt. */
export interface KnownSlots extends AttemptSlots {
  readonly unseen: readonly UnseenPolicy[];
}

export interface SlotSettings {
  readonly keys: KeyRing;
  /** `generation` changes with them. */
  readonly policies: PolicySource & { readonly generation: number };
  /** Whether plain accounts and addresses are stored for administrators (P10). */
  readonly labels: boolean;
  /** New unknown accounts per address and window. */
  readonly newcomersPerAddress: number;
  /** The exempt addresses of a policy, parsed once. */
  readonly exemptAddresses: (policy: LockoutPolicy) => AddressSet;
  /** Attempts whose slots are kept in memory, by account, address and the rest: their hashes are most of their cost. */
  readonly remembered: number;
}

interface Hashes {
  readonly account: SubjectHash | null;
  readonly address: SubjectHash | null;
}

/** Who tries and from where, each part in the one spelling that goes into keys. */
interface Subjects {
  readonly realm: string;
  readonly account: Account | null;
  readonly address: string | null;
  readonly device: string | null;
}

interface Remembered extends KnownSlots {
  readonly subjects: Subjects;
}

/** Turns accounts and attempts into slots: the one place where keys are built. */
export class SlotBuilder {
  private readonly recent: Recent<Remembered>;
  private generation = -1;

  constructor(private readonly settings: SlotSettings) {
    this.recent = new Recent(settings.remembered);
  }

  /** Throws InvalidSubjectError for accounts, realms or devices that cannot be a key. */
  forAttempt(request: AttemptRequest): AttemptSlots {
    const { policies, labels } = this.settings;
    if (this.generation !== policies.generation) {
      this.recent.clear();
      this.generation = policies.generation;
    }
    const name = nameOf(request);
    let slots = name === null ? undefined : this.recent.get(name);
    if (!slots) {
      slots = this.build(request, resolveAccount(request.account));
      if (name !== null) this.recent.set(name, slots);
    }
    const { account, address, device } = slots.subjects;
    if (!labels || account === null) return slots;
    return { ...slots, origin: originOf(account.label, address, device, request.userAgent) };
  }

  /** The same slots as far as they can be told from what is known. Throws InvalidSubjectError likewise. */
  forKnown(known: KnownAttempt): KnownSlots {
    return this.build(known, known.account === null ? null : resolveAccount(known.account));
  }

  private build(request: KnownAttempt, account: Account | null): Remembered {
    const realm = normaliseRealm(request.realm);
    const address = request.address == null ? null : canonicalAddress(request.address);
    const device = request.device == null ? null : normaliseDevice(request.device);
    const custom = Object.fromEntries(
      Object.entries(request.custom ?? {}).map(([name, part]) => [name, normaliseCustomPart(part)]),
    );
    // Stands in for a new name beyond its address's cap.
    const crowded =
      account === null || account.known
        ? null
        : { ...account, subject: `overflow:${address === null ? 'none' : overflowNetwork(address)}` };
    const hashes = this.hashesOf(realm, account, address);
    const slots: AttemptSlot[] = [];
    const unseen: UnseenPolicy[] = [];
    const { brand } = request;
    let tagged = false;
    for (const [place, policy] of this.settings.policies.forBrand(brand).entries()) {
      if (!this.watches(policy, request, account)) continue;
      const subject = { account, address, device, custom };
      const parts = subjectParts(policy.scope, subject);
      if (!parts) {
        unseen.push({ policy: policy.name, parts: missingParts(policy.scope, subject) });
        continue;
      }
      const overflowParts =
        crowded && policy.scope.includes('account')
          ? subjectParts(policy.scope, { ...subject, account: crowded })
          : null;
      const governed: Governed = { policy, brand, place };
      tagged ||= policy.onSuccess === 'clear-own-address';
      const overflow = overflowParts
        ? this.slot(governed, realm, overflowParts, null, address, hashes)
        : null;
      const counted = request.method === null || countsMethod(policy, request.method);
      // Whoever has no account is found by what is in the scope, and by nothing else.
      const at = account !== null || policy.scope.includes('address') ? address : null;
      slots.push(this.slot(governed, realm, parts, account, at, hashes, counted, overflow));
    }
    if (account !== null) slots.push(this.manual(realm, account, hashes));
    const crowd = slots.some((slot) => slot.counted && slot.overflow);
    const newcomers = crowd
      ? {
          slot: this.slot(fixed(NEWCOMER_POLICY), realm, [address ?? 'none'], null, address, hashes),
          max: this.settings.newcomersPerAddress,
        }
      : null;
    const overflows = slots.flatMap((slot) => slot.overflow ?? []);
    return {
      slots,
      newcomers,
      keys: keysOfSlots(slots),
      chargeKeys: keysOfSlots([...slots, ...overflows, ...(newcomers ? [newcomers.slot] : [])]),
      from: tagged && address !== null ? this.settings.keys.tag(realm, address) : undefined,
      origin: undefined,
      unseen,
      subjects: { realm, account, address, device },
    };
  }

  /** The administrator's lock on an account (R15). */
  forManualLock(name: AccountName): Slot {
    const realm = normaliseRealm(name.realm);
    const account = resolveAccount(name.account);
    return this.manual(realm, account, this.hashesOf(realm, account, null));
  }

  private manual(realm: string, account: Account, hashes: Hashes): AttemptSlot {
    return this.slot(fixed(MANUAL_POLICY), realm, [account.subject], account, null, hashes);
  }

  /** What its records are found by, worked out once for all of an attempt's. */
  private hashesOf(realm: string, account: Account | null, address: string | null): Hashes {
    const { keys } = this.settings;
    return {
      account: account === null ? null : keys.accountHash(realm, account.subject),
      address: address === null ? null : keys.addressHash(realm, address),
    };
  }

  private watches(policy: LockoutPolicy, request: KnownAttempt, account: Account | null): boolean {
    if (!policy.enabled || (request.method !== null && !refusesMethod(policy, request.method))) return false;
    if (account?.known === false && policy.unknownAccounts === 'ignore' && policy.scope.includes('account'))
      return false;
    if (account?.known && policy.exempt.accounts.includes(account.label)) return false;
    return request.address == null || !this.settings.exemptAddresses(policy).has(request.address);
  }

  private slot(
    governed: Governed,
    realm: string,
    subject: readonly string[],
    account: Account | null,
    address: string | null,
    hashes: Hashes,
    counted = false,
    overflow: Slot | null = null,
  ): AttemptSlot {
    const { keys, labels, policies } = this.settings;
    const { scope: parts, counter } = governed.policy;
    const scope = scopeName(parts);
    const byAccount = account !== null && parts.includes('account');
    // An overflow counter is about the address, whatever the scope: it has to be found by something (R18).
    const byAddress = address !== null && (account === null || parts.includes('address'));
    const name = { realm, counter, scope, subject };
    const facts = {
      realm,
      counter,
      scope,
      accountHash: byAccount ? hashes.account : null,
      addressHash: byAddress ? hashes.address : null,
      accountLabel: byAccount && labels ? account.label : null,
      addressLabel: byAddress && labels ? address : null,
    };
    return new LiveSlot(
      policies,
      governed,
      keys.key(name),
      keys.previousKeys(name),
      facts,
      counted,
      overflow,
    );
  }
}

/**
 * Everything that the slots are made of, as one text that no other request has; null: they are built anew. Only what an
 * application knows, and no longer than names are, or whoever makes names up would fill this process's memory.
 */
function nameOf({ account, method, realm, brand, address, device, custom }: AttemptRequest): string | null {
  if (typeof account !== 'string' || custom !== undefined) return null;
  let name = '';
  for (const part of [account, method, realm, brand, address ?? undefined, device ?? undefined] as const) {
    if (part === undefined) name += ' -';
    else if (typeof part === 'string' && part.length <= MAX_LABEL) name += ` ${part.length}:${part}`;
    else return null;
  }
  return name;
}
