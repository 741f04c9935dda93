import type { AccountDetail, AccountItem, AddressItem } from '../../admin/account-view.js';
import type { AddressDetail } from '../../admin/address-view.js';
import type { DeliveriesAnswer } from '../../admin/delivery-desk.js';
import type { DeliveryPage } from '../../admin/delivery-view.js';
import type { EraseAnswer } from '../../admin/erase-account.js';
import type { EventView } from '../../admin/event-view.js';
import type { Explanation } from '../../admin/explain.js';
import type { LockAnswer } from '../../admin/manual-lock.js';
import type { PolicyBody, PolicyItem, RevisionView } from '../../admin/policy-view.js';
import type { UnlockAnswer } from '../../admin/unlock-desk.js';
import type { Actor } from '../../policy/index.js';
import type { Page } from '../../store/directory.js';
import type { PolicyTarget } from '../../store/policy-store.js';

/** An account as it was typed: a name in a realm, or an id as `list` shows it. */
export type AccountChoice =
  | { readonly realm: string; readonly account: string; readonly unknown?: true }
  | { readonly id: string };

/** An address as it was typed: in a realm, or by its id. */
export type AddressChoice = { readonly realm: string; readonly address: string } | { readonly id: string };

/** One page of a list, as the query of the admin API says it. */
export interface ListChoice {
  readonly state: 'locked' | 'any';
  readonly q?: string;
  readonly realm?: string;
  readonly sort?: string;
  readonly cursor?: string;
  readonly limit?: string;
}

export interface EventChoice {
  readonly realm?: string;
  readonly account?: string;
  readonly unknown?: 'true';
  readonly address?: string;
  readonly type?: string;
  readonly cursor?: string;
  readonly limit?: string;
}

/** What is exported, as the query of the admin API says it. */
export interface ExportChoice extends Omit<EventChoice, 'cursor' | 'limit'> {
  readonly from?: string;
}

export interface DeliveryChoice {
  readonly state: 'waiting' | 'dead';
  readonly sink?: string;
  readonly cursor?: string;
  readonly limit?: string;
}

/**
 * Where the operator's commands look and act: the admin API of a running application, or straight at its store. Both
 * answer what the admin API answers, in the same words, and reject with `SourceProblem`.
 */
export interface ConsoleSource {
  /** `https://…` or `mysql://…`, without a password: what is about to be changed. */
  readonly place: string;
  /** `api`: it knows who acts. `store`: it believes what it is told. */
  readonly kind: 'api' | 'store';
  /** What the operator should know before he reads: each a sentence. */
  readonly notes: readonly string[];

  account(account: AccountChoice): Promise<AccountDetail>;
  /** Names the state that an answer of `account` showed; null: not known. */
  tagOf(detail: AccountDetail): string | null;
  address(address: AddressChoice): Promise<AddressDetail>;
  /** What an attempt at this account from this address would meet. */
  explain(account: AccountChoice, address: string): Promise<Explanation>;
  accounts(query: ListChoice): Promise<Page<AccountItem>>;
  addresses(query: ListChoice): Promise<Page<AddressItem>>;
  events(query: EventChoice): Promise<Page<EventView>>;
  /** JSON lines, in pieces that end anywhere; read no faster than they are taken. */
  exportEvents(query: ExportChoice): AsyncIterable<string>;
  deliveries(query: DeliveryChoice): Promise<DeliveryPage>;
  policies(): Promise<{ readonly items: readonly PolicyItem[] }>;
  policy(target: PolicyTarget): Promise<PolicyBody>;
  policyHistory(
    target: PolicyTarget,
    page: Pick<ListChoice, 'cursor' | 'limit'>,
  ): Promise<Page<RevisionView>>;

  /**
   * Several: all or none. `at`: only what stands against them at that address. `seen`: of one alone, the tag of what was
   * shown; is it not that any more, nothing is changed (412).
   */
  unlockAccounts(
    accounts: readonly AccountChoice[],
    at: string | null,
    actor: Actor,
    seen?: string | null,
  ): Promise<UnlockAnswer>;
  unlockAddresses(addresses: readonly AddressChoice[], actor: Actor): Promise<UnlockAnswer>;
  /** Null: not here. `realm` null: everywhere. */
  readonly unlockEverything:
    | ((realm: string | null, actor: Actor) => Promise<UnlockAnswer & { readonly unlocked: number }>)
    | null;
  /** `confirm`: what the account was called. */
  eraseAccount(account: AccountChoice, confirm: string, actor: Actor): Promise<EraseAnswer>;
  changeDeliveries(kind: 'retry' | 'drop', ids: readonly string[], actor: Actor): Promise<DeliveriesAnswer>;
  /** `until`: ISO-8601; null: until unlocked. */
  lockAccount(account: AccountChoice, until: string | null, actor: Actor): Promise<LockAnswer>;

  /** The store's clock, epoch ms: what `--until 2h` is counted from. */
  now(): Promise<number>;
  close(): Promise<void>;
}
