import { describe, expect, test } from '@jest/globals';
import { definePolicy } from '../define-policy.js';
import type { LockoutPolicy, PolicyInput } from '../policy.js';
import { isAccountWide, isPerAddress, isPerChosenPart, refuses, watchesOf } from './watching-policies.js';

const rule = (fields: Partial<PolicyInput> = {}): LockoutPolicy =>
  definePolicy({
    name: 'p',
    threshold: 5,
    schedule: { kind: 'fixed', durationMs: 1000 },
    ...fields,
  } as PolicyInput);

const told = (policies: readonly LockoutPolicy[], all?: readonly LockoutPolicy[]) =>
  watchesOf(policies, all).map(({ method, policies: watching }) => [
    method,
    ...watching.map(({ name }) => name),
  ]);

test('only what is on and enforced refuses', () => {
  expect(refuses(rule())).toBe(true);
  expect(refuses(rule({ enabled: false }))).toBe(false);
  expect(refuses(rule({ enforce: false }))).toBe(false);
});

test.each<[PolicyInput['scope'], readonly boolean[]]>([
  [['account'], [true, false, false]],
  [['address'], [false, true, false]],
  [
    ['account', 'address'],
    [false, true, false],
  ],
  [['device'], [false, false, true]],
  [
    ['account', 'device'],
    [false, false, true],
  ],
  [
    ['account', 'address', { custom: 'tenant' }],
    [false, true, true],
  ],
])('scope %j', (scope, expected) => {
  const policy = rule({ scope } as Partial<PolicyInput>);
  expect([isAccountWide(policy), isPerAddress(policy), isPerChosenPart(policy)]).toEqual(expected);
});

describe('who watches a method', () => {
  test('a policy for all methods stands for each by the password, and for those it weighs apart', () => {
    expect(told([rule()])).toEqual([['password', 'p']]);
    expect(told([rule({ weights: { otp: 2, sms: 2, push: 1, pin: 3 } })])).toEqual([
      ['password', 'p'],
      ['otp', 'p'],
      ['pin', 'p'],
    ]);
  });

  test('methods that are watched alike come once', () => {
    const codes = rule({ name: 'codes', counts: ['otp', 'sms'] });
    expect(told([codes])).toEqual([['otp', 'codes']]);
    expect(told([codes, rule({ counts: ['password', 'sms'] })])).toEqual([
      ['otp', 'codes'],
      ['sms', 'codes', 'p'],
      ['password', 'p'],
    ]);
    // The same weights in another policy are another watch.
    const others = [rule({ name: 'a', counts: ['otp'] }), rule({ name: 'b', counts: ['sms'] })];
    expect(told(others)).toEqual([
      ['otp', 'a'],
      ['sms', 'b'],
    ]);
  });

  test('a method that only others count is watched by none', () => {
    const off = rule({ name: 'off', counts: ['otp'], enabled: false });
    const on = rule({ counts: ['password'] });
    expect(told([on], [on, off])).toEqual([['password', 'p'], ['otp']]);
    expect(told([], [off])).toEqual([['otp']]);
  });

  test('without policies it is the password, and nobody', () => {
    expect(told([])).toEqual([['password']]);
  });
});
