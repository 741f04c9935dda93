import { describe, expect, it } from '@jest/globals';
import { listingOf, queryOf } from './listing.js';

describe('what a list shows', () => {
  it('is whoever is locked now, the latest end first, without a query', () => {
    expect(listingOf({})).toEqual({ state: 'locked', q: null, realm: null, sort: 'until', cursor: null });
  });

  it('takes what it does not understand as absent', () => {
    expect(listingOf({ state: 'open', sort: 'name', q: '  ', realm: '' })).toEqual(listingOf({}));
  });

  it('comes back from its own query', () => {
    const listing = listingOf({ state: 'any', q: 'alice', realm: 'it', sort: 'since', cursor: 'abc' });
    const query = Object.fromEntries(
      Object.entries(queryOf(listing, { cursor: listing.cursor })).filter(([, value]) => value),
    ) as Record<string, string>;
    expect(listingOf(query)).toEqual(listing);
  });

  it('begins at the first page when anything else changes', () => {
    const listing = listingOf({ q: 'alice', cursor: 'abc' });
    expect(queryOf(listing, { sort: 'since' })).toMatchObject({ sort: 'since', q: 'alice', cursor: null });
    expect(queryOf(listing, { cursor: 'def' })).toMatchObject({ cursor: 'def' });
  });
});
