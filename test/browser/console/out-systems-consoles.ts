import { outSystems } from 'nestjs-lockout/policy';
import type { Person } from '../../conformance/app/people.js';
import type { Console, SiteOptions } from '../../conformance/app/site.js';

export const INFRASTRUCTURE = 'Manage Infrastructure and Users';
export const USER_MANAGER = 'UserManager (Users)';
export const SUPPORT = 'https://www.outsystems.com/goto/submit-support-case';

export const IT = 'it';
export const END_USERS = 'end-users';

/** Where each of the document's three consoles is, for whom, and which permission unblocks there. */
export interface Mount {
  readonly name: 'LifeTime' | 'Service Center' | 'Users';
  readonly path: string;
  readonly realm: string;
  readonly permission: string;
}

const LIFETIME: Mount = { name: 'LifeTime', path: 'lifetime', realm: IT, permission: INFRASTRUCTURE };
const SERVICE_CENTER: Mount = {
  name: 'Service Center',
  path: 'service-center',
  realm: IT,
  permission: INFRASTRUCTURE,
};
const USERS: Mount = { name: 'Users', path: 'users', realm: END_USERS, permission: USER_MANAGER };

export const MOUNTS: readonly Mount[] = [LIFETIME, SERVICE_CENTER, USERS];

/** Whoever belongs to a realm looks at it there; who has the permission unblocks and locks. */
const consoleOf = ({ path, realm: home, permission }: Mount): Console => ({
  path,
  realms: [IT, END_USERS],
  can: (action, realm, { person }) =>
    realm === home && (action === 'view' ? person.realm === home : isGranted(person, permission)),
  support: () => SUPPORT,
});

const isGranted = ({ permissions }: Person, permission: string): boolean => permissions.has(permission);

/** One for both realms, for whoever has any of the permissions: shows what each of them is good for. */
const both: Console = {
  path: 'both',
  realms: [IT, END_USERS],
  can: (_action, realm, { person }) =>
    MOUNTS.some((mount) => mount.realm === realm && isGranted(person, mount.permission)),
  support: () => SUPPORT,
};

export const SITE: SiteOptions = {
  policies: outSystems(),
  consoles: () => [...MOUNTS.map(consoleOf), both],
};
