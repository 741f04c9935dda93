import { signal } from '@preact/signals';
import { hashTo, type Place, type Query, readHash } from './address.js';

/** Where the console is now. Written by the browser's address alone, so that Back, Forward and links just work. */
export const place = signal<Place>(readHash(location.hash));

addEventListener('hashchange', () => {
  place.value = readHash(location.hash);
});

/** Goes there; with `replace` without a step in the browser's history. */
export function navigate(
  segments: readonly string[],
  query: Query = {},
  { replace = false }: { readonly replace?: boolean } = {},
): void {
  const hash = hashTo(segments, query);
  if (!replace) {
    location.hash = hash;
    return;
  }
  history.replaceState(history.state, '', hash);
  place.value = readHash(hash);
}

/** Links to the pages, in one place. */
export const to = {
  overview: (query?: Query) => hashTo([], query),
  accounts: (query?: Query) => hashTo(['accounts'], query),
  /** By name where there is one, else by the opaque id. */
  account: ({ realm, account, id }: AccountLink, query?: Query) =>
    hashTo(isUsable(account, id) ? ['accounts', realm, account] : ['accounts', '-', id ?? ''], query),
  addresses: (query?: Query) => hashTo(['addresses'], query),
  address: ({ realm, address, id }: AddressLink, query?: Query) =>
    hashTo(isUsable(address, id) ? ['addresses', realm, address] : ['addresses', '-', id ?? ''], query),
  history: (query?: Query) => hashTo(['history'], query),
  policies: () => hashTo(['policies']),
  policy: (name: string, brand: string | null = null, query?: Query) =>
    hashTo(brand === null ? ['policies', name] : ['policies', name, 'brands', brand], query),
  deliveries: (query?: Query) => hashTo(['deliveries'], query),
  lock: (query?: Query) => hashTo(['lock'], query),
} as const;

/** A name that can stand in a path; browsers take segments of dots out of one, so such a name is called by its id. */
const isUsable = (name: string | null | undefined, id: string | undefined): name is string =>
  name !== null && name !== undefined && (id === undefined || !/^\.{1,2}$/.test(name));

interface AccountLink {
  readonly realm: string;
  readonly account: string | null | undefined;
  readonly id?: string;
}

interface AddressLink {
  readonly realm: string;
  readonly address: string | null | undefined;
  readonly id?: string;
}
