import { expect } from '@jest/globals';
import { outSystems } from 'nestjs-lockout/policy';
import type { House } from './app/house.js';
import { hashPassword, isPassword, type NewPerson, type UserProvider } from './app/people.js';
import type { Console, SiteOptions } from './app/site.js';
import type { Answer, Visitor } from './app/visitor.js';
import { playOverHttp } from './http-timeline.js';

export const FEW_MINUTES = 'Too many failed login attempts. Please try again in a few minutes.';
export const SIXTY_MINUTES = 'Too many failed login attempts. Please try again in 60 minutes.';
export const WRONG = 'Invalid username or password';
export const SUPPORT = 'https://www.outsystems.com/goto/submit-support-case';

export const INFRASTRUCTURE = 'Manage Infrastructure and Users';
export const USER_MANAGER = 'UserManager (Users)';

/** One console of a realm: whoever administers it looks, who has the permission unblocks. */
const consoleOf = (path: string, home: string, permission: string): Console => ({
  path,
  can: (action, realm, { person }) =>
    realm === home && (action === 'view' ? person.realm === home : person.permissions.has(permission)),
  support: () => SUPPORT,
});

const consoles = (): readonly Console[] => [
  consoleOf('lifetime', 'it', INFRASTRUCTURE),
  consoleOf('service-center', 'it', INFRASTRUCTURE),
  consoleOf('users', 'end-users', USER_MANAGER),
];

/** Where people are kept elsewhere, by their login names. */
const provider = (people: Parameters<NonNullable<SiteOptions['provider']>>[0]): UserProvider => ({
  find: (realm, name) => people.find(realm, name),
  async verify(realm, name, password) {
    const known = await hashPassword(`legacy ${name}`);
    return (await isPassword(known, password)) ? people.find(realm, name) : null;
  },
});

export const standard: SiteOptions = {
  policies: outSystems(),
  brands: { pt: outSystems({ messages: ['Tente de novo dentro de {minutes} min.'] }) },
  consoles,
};
export const userOnly: SiteOptions = { policies: outSystems({ address: { enabled: false } }), consoles };
export const addressOnly: SiteOptions = { policies: outSystems({ user: { enabled: false } }), consoles };
export const custom: SiteOptions = { policies: outSystems(), provider };

/** A user's block, as the console lists it. */
export interface Row {
  readonly id: string;
  readonly address: string | null;
  readonly scope: string;
  readonly failures: number;
  readonly lastFailureAt: string | null;
}

export const detailPath = ({ account, credentials }: Visitor, mount = 'users') =>
  `/${mount}/accounts/${credentials.realm}/${account}`;
export const detail = (by: Visitor, who: Visitor, mount?: string): Promise<Answer> =>
  by.get(detailPath(who, mount));
/** The warning of a user's detail, and what "See details" leads to: the user's blocks, one row each. */
export const blocksOf = async (by: Visitor, who: Visitor, mount?: string): Promise<readonly Row[]> =>
  ((await detail(by, who, mount)).body['locks'] ?? []) as readonly Row[];
export const blockedAddresses = async (
  by: Visitor,
  realm = 'end-users',
  mount = 'users',
): Promise<readonly string[]> => {
  const { body } = await by.get(`/${mount}/addresses?realm=${realm}&limit=100`);
  return (body['items'] as readonly { readonly address: string }[]).map(({ address }) => address);
};
export const unblockRow = (by: Visitor, row: Row | undefined, mount = 'users') =>
  by.post(`/${mount}/records/${row?.id}/unlock`, { reason: 'asked' });
export const unblockAddresses = (by: Visitor, addresses: readonly string[], realm = 'end-users') =>
  by.post('/users/addresses/unlock', { realm, addresses, reason: 'asked' });

/** The people of both realms, and what happens to them. */
export function outSystemsPeople(house: () => House) {
  const endUser = (facts: Partial<NewPerson> = {}, site = standard) =>
    house().person(site, { realm: 'end-users', ...facts });
  const itUser = (facts: Partial<NewPerson> = {}) => house().person(standard, { realm: 'it', ...facts });
  const userManager = async () => (await endUser({ permissions: [USER_MANAGER] })).session();
  const play = async (written: string, unit = {}, site = standard): Promise<Visitor> =>
    playOverHttp(house(), await endUser({}, site), written, unit);

  /** So many failures from one address, of people who fail twice each, so that none of them is blocked. */
  const spray = async (address: string, count: number, site = standard, realm = 'end-users') => {
    const sprayed: Visitor[] = [];
    for (let done = 0; done < count; done += 2) {
      const target = (await house().person(site, { realm })).at({ address });
      expect(new Set(await target.guesses(Math.min(2, count - done)))).toEqual(new Set([401]));
      sprayed.push(target);
    }
    return sprayed;
  };

  return { endUser, itUser, userManager, play, spray };
}
