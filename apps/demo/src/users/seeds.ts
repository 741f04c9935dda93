import type { Membership } from './membership.entity.js';
import { type AccountName, CUSTOMERS, type Realm, STAFF } from './realm.js';
import type { Role } from './user.entity.js';

/** An account to try. */
export interface Seed extends AccountName {
  readonly role: Role;
  /** What somebody is in which organisation. */
  readonly organisations: Readonly<Record<string, Membership['role']>>;
}

/** Of every account. */
export const SEED_PASSWORD = 'correct horse battery staple';

const account = (
  realm: Realm,
  username: string,
  { role = 'member', organisations = {} }: Partial<Pick<Seed, 'role' | 'organisations'>> = {},
): Seed => ({ realm, username, role, organisations });

/** Customers whom nobody plays: for an attack to have somebody to try its list at. */
export const CROWD: readonly string[] = [
  'frida',
  'gustav',
  'hana',
  'ivan',
  'jonas',
  'kira',
  'liam',
  'nadia',
  'oscar',
  'paula',
  'quentin',
  'rosa',
  'samir',
  'tessa',
  'ulrich',
  'vera',
  'walter',
  'xenia',
  'yusuf',
  'zoe',
];

export const SEEDS: readonly Seed[] = [
  account(CUSTOMERS, 'alice', { organisations: { acme: 'member' } }),
  account(CUSTOMERS, 'bob', { organisations: { acme: 'member' } }),
  account(CUSTOMERS, 'carol'),
  account(CUSTOMERS, 'dave'),
  account(CUSTOMERS, 'erin'),
  // These two nobody here may unlock: see admin/unlock-rule.ts.
  account(CUSTOMERS, 'olga', { organisations: { acme: 'owner' } }),
  account(CUSTOMERS, 'mia', { organisations: { acme: 'member', globex: 'member' } }),
  ...CROWD.map((username) => account(CUSTOMERS, username)),
  account(CUSTOMERS, 'admin', { role: 'admin' }),
  account(CUSTOMERS, 'user-manager', { role: 'user-manager' }),
  // Another alice.
  account(STAFF, 'alice'),
  account(STAFF, 'frank'),
  account(STAFF, 'grace'),
  account(STAFF, 'it-admin', { role: 'it-admin' }),
];
