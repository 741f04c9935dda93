import { contentstack } from 'nestjs-lockout/policy';
import type { Person, Role } from '../../conformance/app/people.js';
import type { SiteOptions } from '../../conformance/app/site.js';

export const ACME = 'acme';
export const GLOBEX = 'globex';
/** Accounts of people in several organisations: no organisation's own. */
export const SEVERAL = 'several';

export const SUPPORT = 'support@contentstack.com';
export const OWNS = 'Owns an organisation';
export const IN_SEVERAL = 'Belongs to several organisations';

/** What somebody is, by organisation. */
export type Roles = Readonly<Record<string, Role>>;

const isManager = ({ organisations }: Person, realm: string): boolean =>
  realm === SEVERAL
    ? Array.from(organisations.values()).some((role) => role !== 'member')
    : ['admin', 'owner'].includes(organisations.get(realm) ?? '');

/** Administration > Users: a realm is an organisation, which its admins and owners administer. */
export const SITE: SiteOptions = {
  policies: contentstack(),
  consoles: (people) => [
    {
      path: 'administration',
      realms: [ACME, GLOBEX, SEVERAL],
      can: (_action, realm, { person }) => isManager(person, realm),
      canUnlock: ({ account }) => {
        const roles = Array.from(people.get(account ?? '')?.organisations.values() ?? []);
        if (roles.length > 1) return { unlockable: false, reason: IN_SEVERAL };
        return roles.includes('owner') ? { unlockable: false, reason: OWNS } : { unlockable: true };
      },
      support: () => SUPPORT,
    },
  ],
};
