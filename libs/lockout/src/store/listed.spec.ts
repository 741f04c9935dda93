import { describe, expect, it } from '@jest/globals';
import type { SubjectHash } from '../key/key.js';
import { listedOf, listedRange, MAX_LISTED } from './listed.js';
import { restKeyOf, restPlaceOf } from './locked-query.js';

const HASH = 'ab'.repeat(32) as SubjectHash;
const NOBODY = { accountHash: null, addressHash: null, accountLabel: null, addressLabel: null };

const isIn = (listed: Buffer, { from, to }: { from: Buffer; to: Buffer }): boolean =>
  Buffer.compare(from, listed) <= 0 && Buffer.compare(listed, to) < 0;

describe('what a record is listed as', () => {
  it('is an account wherever one has a part in it, an address alone, or neither', () => {
    const both = { ...NOBODY, accountHash: HASH, addressHash: HASH, accountLabel: 'A', addressLabel: '::1' };
    expect(listedOf(both).toString()).toBe('aa');
    expect(listedOf({ ...both, accountHash: null }).toString()).toBe('d::1');
    expect(listedOf(NOBODY).toString()).toBe('n');
    expect(isIn(listedOf(both), listedRange('account'))).toBe(true);
    expect(isIn(listedOf(both), listedRange('address'))).toBe(false);
    expect(isIn(listedOf(NOBODY), listedRange('account'))).toBe(false);
    expect(isIn(listedOf(NOBODY), listedRange('address'))).toBe(false);
  });

  it('is found by the beginning of its label, whatever the case', () => {
    const listed = (accountLabel: string) => listedOf({ ...NOBODY, accountHash: HASH, accountLabel });
    expect(isIn(listed('Ännchen'), listedRange('account', 'äNN'))).toBe(true);
    expect(isIn(listed('anne'), listedRange('account', 'ann'))).toBe(true);
    expect(isIn(listed('ano'), listedRange('account', 'ann'))).toBe(false);
    expect(isIn(listed('an'), listedRange('account', 'ann'))).toBe(false);
  });

  it('is bounded, and says when a search has to look at the whole label', () => {
    const long = { ...NOBODY, addressHash: HASH, addressLabel: '🔒'.repeat(100) };
    expect(listedOf(long)).toHaveLength(MAX_LISTED);
    expect(isIn(listedOf(long), listedRange('address', '🔒'.repeat(90)))).toBe(true);
    expect(listedRange('address', '🔒'.repeat(90)).isWider).toBe(true);
    expect(listedRange('address', 'a'.repeat(64)).isWider).toBe(false);
  });
});

describe('the place of a record without a lock', () => {
  it('goes into a cursor and comes back', () => {
    const place = { realm: 'Kundschaft', listed: Buffer.from('aä'), key: `${'0'.repeat(62)}7f` };
    expect(restPlaceOf(restKeyOf(place))).toEqual(place);
    expect(restPlaceOf('')).toBeNull();
    expect(restPlaceOf('00')).toBeNull();
    expect(restPlaceOf('ab'.repeat(32))).toBeNull();
  });
});
