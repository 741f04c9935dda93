import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ScopePart } from '../policy/policy.js';
import { resolveAccount } from './account.js';
import { InvalidSubjectError } from './invalid-subject-error.js';
import { DEFAULT_REALM, normaliseRealm } from './realm.js';
import { type SubjectFacts, scopeName, subjectParts } from './scope.js';

const facts: SubjectFacts = {
  account: resolveAccount('7'),
  address: '203.0.113.7',
  device: 'd1',
  custom: { tenant: 'acme', app: 'shop' },
};
const custom = (name: string): ScopePart => ({ custom: name });

describe('scopes', () => {
  test.each<[readonly ScopePart[], string, readonly string[]]>([
    [['account'], 'account', ['id:7']],
    [['address'], 'address', ['203.0.113.7']],
    [['device'], 'device', ['d1']],
    [['account', 'address'], 'account+address', ['id:7', '203.0.113.7']],
    [['address', 'account'], 'account+address', ['id:7', '203.0.113.7']],
    [['device', 'account'], 'account+device', ['id:7', 'd1']],
    [['account', 'account'], 'account', ['id:7']],
    [['device', custom('tenant'), 'account'], 'account+custom:tenant+device', ['id:7', 'acme', 'd1']],
    [[custom('tenant'), 'address'], 'address+custom:tenant', ['203.0.113.7', 'acme']],
    [
      [custom('tenant'), custom('app'), 'account'],
      'account+custom:app+custom:tenant',
      ['id:7', 'shop', 'acme'],
    ],
  ])('%j is named %s and made of %j', (scope, name, parts) => {
    expect(scopeName(scope)).toBe(name);
    expect(subjectParts(scope, facts)).toEqual(parts);
  });

  test('the order in which a policy lists its parts changes neither name nor parts', () => {
    const all: ScopePart[] = ['account', 'address', 'device', custom('tenant'), custom('app')];
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: 5 }), (scope) => {
        expect(scopeName(scope)).toBe(scopeName(all));
        expect(subjectParts(scope, facts)).toEqual(subjectParts(all, facts));
      }),
    );
  });

  test('a custom part never reads like another part, or like two', () => {
    expect(scopeName([custom('account')])).not.toBe(scopeName(['account']));
    expect(scopeName([custom('a+custom:b')])).not.toBe(scopeName([custom('a'), custom('b')]));
    expect(scopeName([custom('a%2Bb')])).not.toBe(scopeName([custom('a+b')]));
  });

  // Pitfalls 6, 10 (Strapi CVE-2025-64526) and 19: what is missing is not counted, and never as one blank subject.
  test.each<[readonly ScopePart[], Partial<SubjectFacts>]>([
    [['account'], { account: null }],
    [['address'], { address: null }],
    [['account', 'address'], { address: null }],
    [['account', 'address'], { account: null }],
    [['device'], { device: null }],
    [['device'], { device: undefined }],
    [['account', 'device'], { device: '' }],
    [['address'], { address: '' }],
    [['account', custom('tenant')], { custom: {} }],
    [['account', custom('tenant')], { custom: undefined }],
    [['account', custom('tenant')], { custom: { tenant: null } }],
    [[custom('constructor')], {}],
    [[custom('__proto__')], {}],
    [[], {}],
  ])('%j without %j counts nothing', (scope, missing) => {
    expect(subjectParts(scope, { ...facts, ...missing })).toBeNull();
  });

  test('without an address the account still counts', () => {
    expect(subjectParts(['account'], { ...facts, address: null })).toEqual(['id:7']);
  });
});

describe('realms', () => {
  test.each([
    [undefined, DEFAULT_REALM],
    ['default', 'default'],
    ['Staff', 'staff'],
    ['Shop.Example:8443', 'shop.example:8443'],
    ['7_end-users', '7_end-users'],
    ['x'.repeat(64), 'x'.repeat(64)],
  ])('%p is %s', (realm, name) => {
    expect(normaliseRealm(realm)).toBe(name);
  });

  test.each<[unknown]>([
    [null],
    [7],
    [['staff']],
    [{}],
    [''],
    [' '],
    ['.'],
    ['..'],
    ['-staff'],
    ['staff '],
    ['staff\n'],
    ['a/b'],
    ['a b'],
    ['a\0'],
    ['stäff'],
    ['\u212aelvin'],
    ['x'.repeat(65)],
  ])('%p is no realm', (realm) => {
    expect(() => normaliseRealm(realm)).toThrow(InvalidSubjectError);
  });
});
