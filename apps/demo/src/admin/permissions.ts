import type { AdminAction } from 'nestjs-lockout/admin';
import { CUSTOMERS, REALMS, type Realm, STAFF } from '../users/realm.js';
import type { Role, User } from '../users/user.entity.js';

/** Which realms a role administers. Neither permission serves in the other's realm (OS-9, OS-10). */
const ADMINISTERS: Readonly<Record<Role, readonly Realm[]>> = {
  member: [],
  // The role UserManager (Users).
  'user-manager': [CUSTOMERS],
  // The permission Manage Infrastructure and Users.
  'it-admin': [STAFF],
  admin: REALMS,
};

/** How the library asks about what belongs to no realm: policies. */
const POLICIES = '*';

export const isAdministrator = ({ role }: User): boolean => ADMINISTERS[role].length > 0;

/** Whether somebody may look, unlock, lock or change policies there. */
export function isPermitted(user: User, action: AdminAction, realm: string): boolean {
  // Policies govern both realms: every administrator may read what they say, and only one changes them.
  if (realm === POLICIES) return user.role === 'admin' || (action === 'view' && isAdministrator(user));
  return ADMINISTERS[user.role].some((administered) => administered === realm);
}

const SUPPORT: Readonly<Record<Realm, string>> = {
  default: 'customer support, support@example.test',
  it: 'the service desk, extension 4711',
};

/** Where an administrator turns who cannot solve it (OS-18, CS-18). */
export const supportOf = (realm: string): string | null =>
  REALMS.includes(realm as Realm) ? SUPPORT[realm as Realm] : null;
