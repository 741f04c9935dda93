import type { EventView } from 'nestjs-lockout/admin';
import type { Query } from '../../address.js';

/** Types of events, in the order of the choice. */
export const EVENT_TYPES = [
  'locked',
  'unlocked',
  'expired',
  'failed',
  'cleared',
  'succeeded-after-failures',
  'refund-refused',
  'policy-changed',
  'administered',
] as const satisfies readonly EventView['type'][];

export type EventType = (typeof EVENT_TYPES)[number];

/** Which events are shown; blank: all. */
export interface HistoryFilter {
  readonly type: EventType | '';
  readonly realm: string;
  readonly account: string;
  /** The account's name is one that nobody has. */
  readonly unknown: boolean;
  readonly address: string;
}

/** Reads the place in the console. What is no type of event is no filter. */
export function filterOf(query: Readonly<Record<string, string>>): HistoryFilter {
  return {
    type: EVENT_TYPES.find((type) => type === query['type']) ?? '',
    realm: query['realm'] ?? '',
    account: (query['account'] ?? '').trim(),
    unknown: query['unknown'] === 'true',
    address: (query['address'] ?? '').trim(),
  };
}

/** The filter as the query of its place. */
export const placeQuery = ({ type, realm, account, unknown, address }: HistoryFilter): Query => ({
  type,
  realm,
  account,
  unknown: account !== '' && unknown ? 'true' : null,
  address,
});

/** The filter as the server is asked; `cursor`: the page. */
export const eventsQuery = (filter: HistoryFilter, cursor: string | undefined): Query => ({
  ...placeQuery(filter),
  cursor: cursor ?? null,
});

export const isFiltered = ({ type, realm, account, address }: HistoryFilter): boolean =>
  [type, realm, account, address].some((text) => text !== '');

/** Where the server looks for a name or an address that no realm was chosen for. */
const DEFAULT_REALM = 'default';

/** The filter, with a realm chosen where it names an account or an address: both belong to one. */
export function inOneRealm(filter: HistoryFilter, realms: readonly string[]): HistoryFilter {
  const namesSomething = filter.account.trim() !== '' || filter.address.trim() !== '';
  if (!namesSomething || filter.realm !== '' || realms.length < 2) return filter;
  return { ...filter, realm: realms.includes(DEFAULT_REALM) ? DEFAULT_REALM : (realms[0] ?? '') };
}
