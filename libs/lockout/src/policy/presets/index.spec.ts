import { describe, expect, test } from '@jest/globals';
import { definePolicies } from '../define-policy.js';
import type { LockoutPolicy, PolicyInput } from '../policy.js';
import { type PresetName, presets } from './index.js';

// Made within the tests, so that each test is known to need them (the mutation run asks).
const made = (name: string): readonly LockoutPolicy[] => presets[name as PresetName]();

describe('the presets by name', () => {
  test('are the five vendors, ten more systems and three standards', () => {
    expect(Object.keys(presets)).toEqual([
      'outsystems',
      'reachfive',
      'onewelcome',
      'authgear',
      'contentstack',
      'keycloak',
      'devise',
      'django-axes',
      'aspnet-identity',
      'entra',
      'cognito',
      'vault',
      'authelia',
      'pam-faillock',
      'zitadel',
      'nist',
      'pci-dss',
      'asvs',
    ]);
    expect(Object.isFrozen(presets)).toBe(true);
  });

  test.each(Object.keys(presets))(
    '%s as it comes counts by account and address only, and its policies are named after it',
    (name) => {
      const policies = made(name);
      expect(policies.length).toBeGreaterThan(0);
      for (const policy of policies) {
        expect(['account', 'address']).toEqual(expect.arrayContaining([...policy.scope]));
        expect(policy.name.startsWith(name)).toBe(true);
      }
    },
  );

  test.each(Object.keys(presets))('%s as it comes is on, unless its document leaves it off', (name) => {
    expect(made(name).every(({ enabled, enforce }) => enabled && enforce)).toBe(name !== 'authgear');
  });

  test('all go together: no two names or counters are the same', () => {
    const all = Object.keys(presets).flatMap(made);
    expect(definePolicies(all as PolicyInput[])).toEqual(all);
    expect(new Set(all.map(({ counter }) => counter)).size).toBe(all.length);
  });
});
