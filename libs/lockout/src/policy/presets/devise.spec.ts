import { describe, expect, test } from '@jest/globals';
import { assertTimeline } from '../../testing/timeline.js';
import { minutes, seconds } from '../duration.js';
import type { LockoutPolicy } from '../policy.js';
import { PolicyError } from '../policy-error.js';
import { EMPTY_STATE } from '../state.js';
import { judge, transition } from '../transition.js';
import { type DeviseOptions, devise } from './devise.js';

const preset = (options?: DeviseOptions): LockoutPolicy => devise(options)[0] as LockoutPolicy;
const inMinutes = { unitMs: minutes(1) };
const failures = (count: number, at: number | string) => Array(count).fill(`${at} –`).join(',');
const strategies = ['time', 'email', 'both', 'none'] as const;

describe('Devise', () => {
  test('by default the 20th try locks for 1 hour', () => {
    assertTimeline(preset(), `${failures(19, 0)}, 0: 60, 60-1ms refused 60, 60 ok`, inMinutes);
  });

  test('maximum_attempts and unlock_in', () => {
    const policy = preset({ maximumAttempts: 2, unlockInMs: seconds(10) });
    assertTimeline(policy, '0 –, 0: 10, 10-1ms refused 10, 10 ok');
    expect(() => devise({ maximumAttempts: 0 })).toThrow(PolicyError);
  });

  test('the count is zeroed when the lock ends: a full budget again, and no longer lock', () => {
    const policy = preset({ maximumAttempts: 3, unlockInMs: seconds(10) });
    assertTimeline(policy, '0 –, 0 –, 0: 10 (3), 5 refused 10 (3), 10 – (1), 10 –, 10: 20, 20 – (1)');
  });

  test('the count does not fade; a sign-in clears it', () => {
    const policy = preset({ maximumAttempts: 3 });
    assertTimeline(policy, '0 –, 0 –, 525600: 525660', inMinutes);
    assertTimeline(policy, '0 –, 0 –, 0 ok (0), 0 –, 0 –, 0: 60', inMinutes);
  });

  test.each(strategies)('an administrator unlocks under %s, with a full budget', (unlockStrategy) => {
    const end = unlockStrategy === 'time' || unlockStrategy === 'both' ? '60' : '∞';
    assertTimeline(
      preset({ maximumAttempts: 2, unlockStrategy }),
      `0 –, 0: ${end}, 1 unlock (0), 1 –, 1: ${end === '∞' ? '∞' : '61'}`,
      inMinutes,
    );
  });

  test.each([
    ['time', '0: 60, 60-1ms refused 60, 60 ok'],
    ['both', '0: 60, 60-1ms refused 60, 60 ok'],
    ['email', '0: ∞, 525600 refused ∞'],
    ['none', '0: ∞, 525600 refused ∞'],
  ] as const)('time under %s', (unlockStrategy, rest) => {
    assertTimeline(preset({ maximumAttempts: 2, unlockStrategy }), `0 –, ${rest}`, inMinutes);
  });

  test.each([
    ['time', false],
    ['both', true],
    ['email', true],
    ['none', false],
  ] as const)('the link and a password reset under %s unlock: %s', (unlockStrategy, unlocks) => {
    const policy = preset({ maximumAttempts: 2, unlockStrategy });
    const { state } = assertTimeline(
      policy,
      `0 –, 0: ${policy.schedule.kind === 'fixed' ? '60' : '∞'}`,
      inMinutes,
    );
    assertTimeline(policy, unlocks ? '1 reset (0), 1 ok' : '1 reset (2), 1 refused', { ...inMinutes, state });
    const actor = { by: 'owner', reason: 'link' };
    const linked = transition(policy, state, { type: 'unlock', via: 'link', actor }, minutes(1)).state;
    expect(judge(policy, linked, 'password', minutes(1)).allowed).toBe(unlocks);
  });

  test('a locked account signs in by no method, but other methods do not count', () => {
    const policy = preset({ maximumAttempts: 2 });
    const { state } = assertTimeline(policy, '0 –, 0 #passkey – (1), 0: 60', inMinutes);
    expect(judge(policy, state, 'passkey', 0).allowed).toBe(false);
    assertTimeline(
      preset({ maximumAttempts: 2, methods: ['otp'] }),
      '0 – (0), 0 #otp –, 0 #otp: 60',
      inMinutes,
    );
  });

  test('lock_strategy none locks nobody', () => {
    assertTimeline(preset({ lockStrategy: 'none' }), failures(1000, 0));
    expect(judge(preset(), EMPTY_STATE, 'password', 0)).toMatchObject({ remaining: 19 });
  });

  test('counts by account, under the name given', () => {
    expect(preset()).toMatchObject({
      name: 'devise',
      counter: 'devise',
      scope: ['account'],
      unknownAccounts: 'track',
    });
    expect(preset({ name: 'staff' }).counter).toBe('staff');
  });
});
