import { describe, expect, test } from '@jest/globals';
import { authgear, contentstack, oneWelcome, outSystems } from './index.js';

describe('an option that is given is what governs', () => {
  test('which methods count, and what a refusal says', () => {
    expect(contentstack({ methods: ['password'], messages: ['Wait.'] })).toMatchObject([
      { counts: ['password'], messages: ['Wait.'] },
    ]);
    expect(contentstack()).toMatchObject([{ counts: 'all' }]);
  });

  test('each of two policies is switched off by itself', () => {
    const enabled = (options: Parameters<typeof outSystems>[0]) =>
      outSystems(options).map((one) => one.enabled);
    expect(enabled({})).toEqual([true, true]);
    expect(enabled({ user: { enabled: false } })).toEqual([false, true]);
    expect(enabled({ address: { enabled: false } })).toEqual([true, false]);
  });

  test('no maximum is no field at all', () => {
    const [plain] = oneWelcome();
    expect(plain?.schedule).not.toHaveProperty('maximumMs');
    expect(oneWelcome({ maximumLockMs: 9_000_000 })).toMatchObject([{ schedule: { maximumMs: 9_000_000 } }]);
  });

  test('what is left out is the documented default', () => {
    expect(authgear({ enabled: true })).toEqual(authgear({ enabled: true, type: 'any-device' }));
    expect(authgear({ enabled: true })).not.toEqual(authgear({ enabled: true, type: 'same-address' }));
  });
});
