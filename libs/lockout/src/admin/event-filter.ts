import type { LockoutEngine } from '../engine/lockout-engine.js';
import type { SubjectHash } from '../key/key.js';
import { DEFAULT_REALM } from '../key/realm.js';
import type { LockoutEventType } from '../policy/event.js';
import { AccountDirectory } from './account-directory.js';

/** Which events a call asks for, as it names them. */
export interface EventFilterQuery {
  readonly realm?: string | undefined;
  readonly account?: string | undefined;
  /** Whether `account` is a name that no account has; absent: whichever is found. */
  readonly unknown?: boolean | undefined;
  readonly address?: string | undefined;
  readonly type?: LockoutEventType | undefined;
}

/** The same as the record of events is asked. */
export interface EventFilter {
  /** Events of this realm only; absent: of all. */
  readonly realm?: string;
  /** As a store takes it: none, or this one. */
  readonly realms?: readonly string[];
  readonly accounts?: readonly SubjectHash[];
  readonly addresses?: readonly SubjectHash[];
  readonly type?: LockoutEventType;
}

/** The realm that is asked about: names of accounts and addresses belong to one. Undefined: all. */
export const realmAsked = ({ realm, account, address }: EventFilterQuery): string | undefined =>
  account === undefined && address === undefined ? realm : (realm ?? DEFAULT_REALM);

/** Throws InvalidSubjectError for a name that cannot be one. */
export async function eventFilter(engine: LockoutEngine, query: EventFilterQuery): Promise<EventFilter> {
  const { account, unknown, address, type } = query;
  const realm = realmAsked(query);
  const name = {
    realm: realm ?? DEFAULT_REALM,
    account: account ?? '',
    ...(unknown === undefined ? {} : { unknown }),
  };
  const found = account === undefined ? null : await new AccountDirectory(engine).find(name);
  return {
    ...(realm === undefined ? {} : { realm, realms: [realm] }),
    ...(account === undefined ? {} : { accounts: found?.hashes ?? [] }),
    ...(address === undefined ? {} : { addresses: engine.accounts.addressHashes(address, realm) }),
    ...(type === undefined ? {} : { type }),
  };
}
