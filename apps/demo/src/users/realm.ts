/** The customers: everybody from before there was a second realm, and whoever names none. */
export const CUSTOMERS = 'default';

/** The people who work here. */
export const STAFF = 'it';

/** Populations of accounts. The same username in both is two people: two passwords, two counts, two locks (OS-8). */
export const REALMS = [CUSTOMERS, STAFF] as const;

export type Realm = (typeof REALMS)[number];

/** Whose account; a username says so only together with its realm. */
export interface AccountName {
  readonly realm: Realm;
  readonly username: string;
}

/** Which realm the sign-in is for: a field of the request's JSON body. Part of every key that is counted. */
export function realmOf(request: unknown): Realm {
  const { body } = request as { readonly body?: { readonly realm?: unknown } };
  return REALMS.find((realm) => realm === body?.realm) ?? CUSTOMERS;
}
