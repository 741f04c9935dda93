import type { Query } from '../../address.js';

/** One page of an API's list. */
export interface ListPage<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

export const SORTS = ['until', 'since', 'lastFailureAt'] as const;

export type Sort = (typeof SORTS)[number];

/** What a list shows. Kept in the address: a link shows the same to somebody else. */
export interface Listing {
  readonly state: 'locked' | 'any';
  readonly q: string | null;
  /** Null: all that may be viewed. */
  readonly realm: string | null;
  readonly sort: Sort;
  /** Null: the first page. */
  readonly cursor: string | null;
}

/** Reads it from a place's query; what is not understood is as if it were absent. */
export function listingOf(query: Readonly<Record<string, string>>): Listing {
  const { state, q, realm, sort, cursor } = query;
  return {
    state: state === 'any' ? 'any' : 'locked',
    q: q?.trim() || null,
    realm: realm || null,
    sort: SORTS.find((name) => name === sort) ?? 'until',
    cursor: cursor || null,
  };
}

/** The query of a place, or of a call. Another listing begins at its first page. */
export function queryOf(listing: Listing, change: Partial<Listing> = {}): Query {
  const { state, q, realm, sort, cursor } = { ...listing, cursor: null, ...change };
  return {
    state: state === 'locked' ? null : state,
    q,
    realm,
    sort: sort === 'until' ? null : sort,
    cursor,
  };
}
