import { type Account, resolveAccount } from '../key/account.js';
import { canonicalAddress, overflowNetwork } from '../key/address.js';
import type { AddressSet } from '../key/address-set.js';
import { normaliseCustomPart, normaliseDevice } from '../key/device.js';
import type { KeyRing } from '../key/key-ring.js';
import { normaliseRealm } from '../key/realm.js';
import { scopeName, subjectParts } from '../key/scope.js';
import type { EventOrigin } from '../policy/event.js';
import { MANUAL_POLICY } from '../policy/manual.js';
import { NEWCOMER_POLICY } from '../policy/newcomers.js';
import { countsMethod, type LockoutPolicy, refusesMethod } from '../policy/policy.js';
import type { AccountName, AttemptRequest } from './attempt-request.js';
import type { Newcomers } from './newcomers.js';
import { originOf } from './origin.js';
import type { PolicySource } from './policy-book.js';
import type { Slot } from './slot.js';

/** A slot of an attempt; a new name beyond its address's cap uses `overflow` instead (R22). */
export interface AttemptSlot extends Slot {
  /** Whether the attempt is charged here, or only refused by a lock. */
  readonly counted: boolean;
  readonly overflow: Slot | null;
}

export interface AttemptSlots {
  readonly slots: readonly AttemptSlot[];
  /** Only for unknown accounts with an address. */
  readonly newcomers: Newcomers | null;
  /** Tag of the caller's address, for policies whose success clears only its part. */
  readonly from: string | undefined;
  /** For the events of its failures; undefined where no labels are kept (P10). */
  readonly origin: EventOrigin | undefined;
}

export interface SlotSettings {
  readonly keys: KeyRing;
  readonly policies: PolicySource;
  /** Whether plain accounts and addresses are stored for administrators (P10). */
  readonly labels: boolean;
  /** New unknown accounts per address and window. */
  readonly newcomersPerAddress: number;
  /** The exempt addresses of a policy, parsed once. */
  readonly exemptAddresses: (policy: LockoutPolicy) => AddressSet;
}

/** Which policy a slot follows: the one at this place among its brand's; `place` null: always this one. */
interface Governed {
  readonly policy: LockoutPolicy;
  readonly brand: string | undefined;
  readonly place: number | null;
}

const fixed = (policy: LockoutPolicy): Governed => ({ policy, brand: undefined, place: null });

/** Turns accounts and attempts into slots: the one place where keys are built. */
export class SlotBuilder {
  constructor(private readonly settings: SlotSettings) {}

  /** Throws InvalidSubjectError for accounts, realms or devices that cannot be a key. */
  forAttempt(request: AttemptRequest): AttemptSlots {
    const realm = normaliseRealm(request.realm);
    const account = resolveAccount(request.account);
    const address = request.address == null ? null : canonicalAddress(request.address);
    const device = request.device == null ? null : normaliseDevice(request.device);
    const custom = Object.fromEntries(
      Object.entries(request.custom ?? {}).map(([name, part]) => [name, normaliseCustomPart(part)]),
    );
    // Stands in for a new name beyond its address's cap.
    const crowded = account.known
      ? null
      : { ...account, subject: `overflow:${address === null ? 'none' : overflowNetwork(address)}` };
    const slots: AttemptSlot[] = [];
    const { brand } = request;
    for (const [place, policy] of this.settings.policies.forBrand(brand).entries()) {
      if (!this.watches(policy, request, account)) continue;
      const subject = { account, address, device, custom };
      const parts = subjectParts(policy.scope, subject);
      if (!parts) continue;
      const overflowParts =
        crowded && policy.scope.includes('account')
          ? subjectParts(policy.scope, { ...subject, account: crowded })
          : null;
      const governed: Governed = { policy, brand, place };
      slots.push(
        Object.assign(this.slot(governed, realm, parts, account, address), {
          counted: countsMethod(policy, request.method),
          overflow: overflowParts ? this.slot(governed, realm, overflowParts, null, address) : null,
        }),
      );
    }
    slots.push(Object.assign(this.manual(realm, account), { counted: false, overflow: null }));
    const crowd = slots.some((slot) => slot.counted && slot.overflow);
    return {
      slots,
      newcomers: crowd
        ? {
            slot: this.slot(fixed(NEWCOMER_POLICY), realm, [address ?? 'none'], null, address),
            max: this.settings.newcomersPerAddress,
          }
        : null,
      from: address === null ? undefined : this.settings.keys.tag(realm, address),
      origin: this.settings.labels ? originOf(account.label, address, device, request.userAgent) : undefined,
    };
  }

  /** The administrator's lock on an account (R15). */
  forManualLock(name: AccountName): Slot {
    return this.manual(normaliseRealm(name.realm), resolveAccount(name.account));
  }

  private manual(realm: string, account: Account): Slot {
    return this.slot(fixed(MANUAL_POLICY), realm, [account.subject], account, null);
  }

  private watches(policy: LockoutPolicy, request: AttemptRequest, account: Account): boolean {
    if (!policy.enabled || !refusesMethod(policy, request.method)) return false;
    if (!account.known && policy.unknownAccounts === 'ignore' && policy.scope.includes('account'))
      return false;
    if (account.known && policy.exempt.accounts.includes(account.label)) return false;
    return request.address == null || !this.settings.exemptAddresses(policy).has(request.address);
  }

  /** Reads its policy anew each time: a save governs attempts in flight too. Scope and counter no save can change. */
  private slot(
    { policy, brand, place }: Governed,
    realm: string,
    subject: readonly string[],
    account: Account | null,
    address: string | null,
  ): Slot {
    const { keys, labels, policies } = this.settings;
    const scope = scopeName(policy.scope);
    const byAccount = account !== null && policy.scope.includes('account');
    // An overflow counter is about the address, whatever the scope: it has to be found by something (R18).
    const byAddress = address !== null && (account === null || policy.scope.includes('address'));
    const name = { realm, counter: policy.counter, scope, subject };
    return {
      get policy() {
        return place === null ? policy : (policies.forBrand(brand)[place] ?? policy);
      },
      get readers() {
        return policies.allOfCounter(policy.counter);
      },
      key: keys.key(name),
      aliases: keys.previousKeys(name),
      facts: {
        realm,
        counter: policy.counter,
        scope,
        accountHash: byAccount ? keys.accountHash(realm, account.subject) : null,
        addressHash: byAddress ? keys.addressHash(realm, address) : null,
        accountLabel: byAccount && labels ? account.label : null,
        addressLabel: byAddress && labels ? address : null,
      },
    };
  }
}
