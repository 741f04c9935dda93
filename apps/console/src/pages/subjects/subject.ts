import type { AccountItem, AddressItem } from 'nestjs-lockout/admin';
import { path, send } from '../../api.js';
import type { Change } from '../../change.js';
import type { MessageId } from '../../messages.js';
import { to } from '../../router.js';
import { accountName, addressName } from '../../subject-text.js';

export type SubjectItem = AccountItem | AddressItem;

/** What the lists of accounts and of addresses differ in. */
export interface SubjectKind<Item extends SubjectItem> {
  /** The list's call, and its section of the console. */
  readonly list: 'accounts' | 'addresses';
  readonly nameOf: (item: Item) => string;
  readonly hrefOf: (item: Item) => string;
  /** Lifts all locks of these, or none. `changed` false: it was not locked any more. */
  readonly unlock: (items: readonly Item[], reason: string, change: Change) => Promise<UnlockResult>;
  readonly column: MessageId;
  readonly locked: MessageId;
  readonly notLocked: MessageId;
  readonly caption: MessageId;
  readonly reasons: readonly MessageId[];
  readonly titleOfOne: MessageId;
  readonly titleOfSeveral: MessageId;
  readonly effects: readonly MessageId[];
  readonly confirm: MessageId;
  /** Of the button for all that are ticked. */
  readonly selected: MessageId;
  readonly done: MessageId;
}

export interface UnlockResult {
  readonly changed: boolean;
}

export const ACCOUNTS: SubjectKind<AccountItem> = {
  list: 'accounts',
  nameOf: accountName,
  hrefOf: (item) => to.account(item),
  unlock: (items, reason, change) => {
    const [only] = items;
    if (only && items.length === 1) {
      return send<UnlockResult>('POST', path('accounts', '-', only.id, 'unlock'), { reason }, { change });
    }
    return send<UnlockResult>('POST', 'accounts/unlock', { accounts: idsOf(items), reason }, { change });
  },
  column: 'console.list.column.account',
  locked: 'console.list.locked',
  notLocked: 'console.list.not-locked',
  caption: 'console.accounts.caption',
  reasons: [
    'console.unlock.reason.verified',
    'console.unlock.reason.typos',
    'console.unlock.reason.old-password',
    'console.unlock.reason.attack-over',
  ],
  titleOfOne: 'console.unlock.title.account',
  titleOfSeveral: 'console.unlock.title.accounts',
  effects: ['console.unlock.effect'],
  confirm: 'console.unlock.confirm',
  selected: 'console.unlock.selected',
  done: 'console.unlock.done.accounts',
};

export const ADDRESSES: SubjectKind<AddressItem> = {
  list: 'addresses',
  nameOf: addressName,
  hrefOf: (item) => to.address(item),
  unlock: (items, reason, change) =>
    send<UnlockResult>('POST', 'addresses/unlock', { addresses: idsOf(items), reason }, { change }),
  column: 'console.list.column.address',
  locked: 'console.list.blocked',
  notLocked: 'console.list.not-blocked',
  caption: 'console.addresses.caption',
  reasons: [
    'console.unlock.reason.shared',
    'console.unlock.reason.old-password',
    'console.unlock.reason.attack-over',
  ],
  titleOfOne: 'console.unlock.title.address',
  titleOfSeveral: 'console.unlock.title.addresses',
  effects: ['console.unlock.effect', 'console.unlock.effect.address'],
  confirm: 'console.unlock.confirm.address',
  selected: 'console.unlock.selected-rows',
  done: 'console.unlock.done.addresses',
};

const idsOf = (items: readonly SubjectItem[]): readonly { readonly id: string }[] =>
  items.map(({ id }) => ({ id }));
