import { describe, expect, it } from '@jest/globals';
import { hashTo, matchPattern, readHash } from './address.js';

describe('a place in the console', () => {
  it.each([
    ['', []],
    ['#', []],
    ['#/', []],
    ['#/accounts', ['accounts']],
    ['#/accounts/', ['accounts']],
    ['#/accounts/default/a%2Fb', ['accounts', 'default', 'a/b']],
    ['#/accounts/default/%', ['accounts', 'default', '%']],
  ])('reads the segments of "%s"', (hash, segments) => {
    expect(readHash(hash).segments).toEqual(segments);
  });

  it('reads the query, also one with a question mark in it', () => {
    expect(readHash('#/accounts?q=what%3F&state=any?').query).toEqual({ q: 'what?', state: 'any?' });
  });

  it.each([
    [['accounts', 'it', 'a/b?c#d%e f'], {}],
    [['accounts', '-', 'ünïcode 名'], { tab: 'events', q: 'a&b=c +%' }],
    [[], { realm: 'customers' }],
  ])('comes back from its own link: %j %j', (segments, query) => {
    expect(readHash(hashTo(segments, query))).toEqual({ segments, query });
  });

  it('leaves blank and absent parameters out of a link', () => {
    expect(hashTo(['accounts'], { q: '', realm: undefined, state: null, sort: 'since' })).toBe(
      '#/accounts?sort=since',
    );
  });
});

describe('a pattern', () => {
  it('names the segments that it leaves open', () => {
    expect(matchPattern('policies/:name/brands/:brand', ['policies', 'account', 'brands', 'acme'])).toEqual({
      name: 'account',
      brand: 'acme',
    });
    expect(matchPattern('', [])).toEqual({});
  });

  it.each([
    ['accounts', []],
    ['accounts', ['addresses']],
    ['accounts/:realm/:account', ['accounts', 'default']],
    ['accounts/:realm/:account', ['accounts', 'default', 'alice', 'more']],
  ])('%s does not match %j', (pattern, segments) => {
    expect(matchPattern(pattern, segments)).toBeNull();
  });
});
