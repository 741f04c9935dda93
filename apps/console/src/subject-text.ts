import type { AccountItem, AddressItem, LockView } from 'nestjs-lockout/admin';
import { spelled } from './foreign-text.js';
import { t, textOf } from './messages.js';

/** So much of an opaque id that two are told apart by eye. */
const SHOWN_OF_ID = 10;

/** How an account or address is called where its name is not kept. */
export const shortId = (id: string): string => t('console.nameless', { id: id.slice(0, SHOWN_OF_ID) });

export const accountName = ({ account, id }: Pick<AccountItem, 'account' | 'id'>): string =>
  account === null ? shortId(id) : spelled(account);

export const addressName = ({ address, id }: Pick<AddressItem, 'address' | 'id'>): string =>
  address === null ? shortId(id) : spelled(address);

/** Why it is locked, in a few words: by whom or by which policy. */
export function whyText({ cause, policy, failures }: LockView): string {
  return (
    textOf(`console.why.${cause}`, { policy, failures }) ?? t('console.why.failures', { policy, failures })
  );
}

/** Whether an administrator's own lock is among these (R15). */
export const isManual = ({ cause }: Pick<LockView, 'cause'>): boolean => cause === 'admin';
