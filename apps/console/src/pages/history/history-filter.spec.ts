import { describe, expect, it } from '@jest/globals';
import { hashTo, readHash } from '../../address.js';
import { eventsQuery, filterOf, inOneRealm, isFiltered, placeQuery } from './history-filter.js';

describe('the filter of the history', () => {
  it('comes back from its own address', () => {
    const filter = filterOf({
      type: 'locked',
      realm: 'staff',
      account: ' a&b/ü ',
      unknown: 'true',
      address: '2001:db8::1',
    });
    expect(filter.account).toBe('a&b/ü');
    const { query } = readHash(hashTo(['history'], placeQuery(filter)));
    expect(filterOf(query)).toEqual(filter);
    expect(isFiltered(filter)).toBe(true);
  });

  it('takes nothing for a type that is none', () => {
    expect(filterOf({ type: 'constructor' }).type).toBe('');
    expect(isFiltered(filterOf({ type: 'constructor' }))).toBe(false);
  });

  it('asks for names that nobody has only together with a name', () => {
    expect(placeQuery(filterOf({ unknown: 'true' }))['unknown']).toBeNull();
    expect(placeQuery(filterOf({ unknown: 'true', account: 'nobody' }))['unknown']).toBe('true');
  });

  it('keeps the filter from page to page', () => {
    expect(eventsQuery(filterOf({ account: 'alice' }), 'c2')).toMatchObject({
      account: 'alice',
      cursor: 'c2',
    });
    expect(eventsQuery(filterOf({}), undefined)['cursor']).toBeNull();
  });

  it('names the realm that an account is looked for in, where there are several', () => {
    const alice = filterOf({ account: 'alice' });
    expect(inOneRealm(alice, ['staff', 'default']).realm).toBe('default');
    expect(inOneRealm(alice, ['staff', 'customers']).realm).toBe('staff');
    expect(inOneRealm(filterOf({ account: 'alice', realm: 'customers' }), ['staff', 'customers']).realm).toBe(
      'customers',
    );
    expect(inOneRealm(alice, ['default']).realm).toBe('');
    expect(inOneRealm(filterOf({ type: 'locked' }), ['staff', 'customers']).realm).toBe('');
  });
});
