import { canonicalAddress, DEFAULT_REALM } from '../key/index.js';
import { printable } from './printable.js';
import type { AccountChoice, AddressChoice } from './source/console-source.js';

/** How subjects were typed. */
export interface TypedSubject {
  readonly realm?: string;
  readonly unknown?: boolean;
  readonly id?: boolean;
  readonly address?: string;
}

const ID = /^[0-9a-f]{64}$/;

/** Accounts as they were typed. Adds to `problems` what cannot be one. */
export function readAccounts(
  names: readonly string[],
  { realm = DEFAULT_REALM, unknown = false, id = false }: TypedSubject,
  problems: string[],
): readonly AccountChoice[] {
  if (id && unknown) problems.push('Not both: --id says which account it is, --unknown that it is none.');
  return names.flatMap((name): AccountChoice[] => {
    if (name.trim() === '') problems.push('An account cannot be blank.');
    if (!id) return [{ realm, account: name, ...(unknown ? { unknown: true } : {}) }];
    if (ID.test(name)) return [{ id: name }];
    problems.push(`--id ${printable(name)}: an id has 64 hex digits, as list shows it.`);
    return [];
  });
}

/** The address that was typed, or its id: no address reads like one. Null: none was typed, or (a problem) none at all. */
export function readAddress(
  { address, realm = DEFAULT_REALM }: TypedSubject,
  problems: string[],
): AddressChoice | null {
  if (address === undefined) return null;
  if (ID.test(address)) return { id: address };
  if (canonicalAddress(address) !== null) return { realm, address };
  problems.push(`--address ${printable(address)}: must be an IPv4 or IPv6 address, or its id.`);
  return null;
}

/** How a choice is called before anything is known of it. */
export const choiceName = (choice: AccountChoice | AddressChoice): string =>
  'id' in choice ? choice.id : 'account' in choice ? choice.account : choice.address;
