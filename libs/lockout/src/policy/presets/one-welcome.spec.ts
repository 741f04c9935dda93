import { describe, expect, test } from '@jest/globals';
import { assertTimeline } from '../../testing/timeline.js';
import { minutes } from '../duration.js';
import type { LockoutPolicy } from '../policy.js';
import { PolicyError } from '../policy-error.js';
import { type OneWelcomeOptions, oneWelcome } from './one-welcome.js';

const preset = (options?: OneWelcomeOptions): LockoutPolicy => oneWelcome(options)[0] as LockoutPolicy;
const inMinutes = { unitMs: minutes(1) };

function problemsOf(options: OneWelcomeOptions) {
  try {
    oneWelcome(options);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(PolicyError);
    return (error as PolicyError).problems.map((problem) => problem.path);
  }
}

describe('OneWelcome', () => {
  test.each([
    ['OW-1', 'maximumFailedAttempts', [1, 10], [0, 11, 2.5], 'policies[0].threshold'],
    [
      'OW-2',
      'lockoutTimeMs',
      [minutes(1), minutes(60)],
      [0, minutes(61), minutes(1) - 1, minutes(1.5)],
      'policies[0].schedule.initialMs',
    ],
    ['OW-3', 'multiplier', [2, 10], [1, 11, 2.5], 'policies[0].schedule.factor'],
  ])(
    '%s %s accepts its bounds and refuses what is outside or no whole step',
    (_, option, good, bad, path) => {
      for (const value of good) expect(problemsOf({ [option]: value })).toEqual([]);
      for (const value of bad) expect(problemsOf({ [option]: value })).toEqual([path]);
    },
  );

  test('OW-1 OW-2 OW-3 administrators are told these ranges', () => {
    expect(preset().limits).toEqual({
      threshold: { min: 1, max: 10, integer: true },
      'schedule.initialMs': { min: minutes(1), max: minutes(60), integer: true, multipleOf: minutes(1) },
      'schedule.factor': { min: 2, max: 10, integer: true },
    });
  });

  test('OW-4 all problems come in one answer', () => {
    expect(
      problemsOf({ maximumFailedAttempts: 11, lockoutTimeMs: minutes(61), multiplier: 1 }).sort(),
    ).toEqual(['policies[0].schedule.factor', 'policies[0].schedule.initialMs', 'policies[0].threshold']);
  });

  test('OW-5 switched off nothing is counted or refused; a lock in force is kept and refuses again', () => {
    const off = preset({ active: false });
    assertTimeline(off, Array(50).fill('0 – (0)').join(','), inMinutes);
    const { state } = assertTimeline(preset(), '0 –, 0 –, 0 –, 0 –, 0: 5', inMinutes);
    const meanwhile = assertTimeline(off, '1 –, 2 –, 3 ok', { ...inMinutes, state });
    expect(meanwhile.state.lock).toEqual(state.lock);
    assertTimeline(preset(), '4 refused 5, 5 ok', { ...inMinutes, state: meanwhile.state });
  });

  test('OW-6 the N-th consecutive failure locks; a success in between starts again at zero', () => {
    assertTimeline(preset({ maximumFailedAttempts: 1 }), '0: 5', inMinutes);
    assertTimeline(preset({ maximumFailedAttempts: 3 }), '0 –, 0 –, 0 ok, 0 –, 0 –, 0: 5', inMinutes);
  });

  test('OW-7 at the end of the lockout time the right password signs in', () => {
    assertTimeline(preset({ maximumFailedAttempts: 1 }), '0: 5, 5-1ms refused 5, 5 ok', inMinutes);
  });

  test('OW-8 each lock is followed by a full budget, and multiplied: 5, 15, 45, 135, 405', () => {
    const policy = preset({ maximumFailedAttempts: 3, multiplier: 3 });
    assertTimeline(
      policy,
      `0 –, 0 –, 0: 5, 5 –, 5 –, 5: 20, 20 –, 20 –, 20: 65, 65 –, 65 –, 65: 200, 200 –, 200 –, 200: 605`,
      inMinutes,
    );
  });

  test('OW-9 methods that are not chosen stay unlimited, usable while locked, and clear nothing', () => {
    const policy = preset({ methods: ['password', 'otp'] });
    const many = Array(1000).fill('0 #passkey – (0)').join(',');
    assertTimeline(policy, many, inMinutes);
    assertTimeline(
      policy,
      '0 –, 0 #otp –, 0 –, 0 –, 0 #passkey ok (4), 0 #otp: 5, 1 #passkey ok, 1 refused',
      inMinutes,
    );
  });

  test('OW-10 an override through another brand shares counts and locks', () => {
    const five = preset();
    const three = preset({ name: 'onewelcome-brand', maximumFailedAttempts: 3 });
    expect([three.counter, three.scope]).toEqual([five.counter, five.scope]);
    const { state } = assertTimeline(five, '0 –, 0 –, 0 –', inMinutes);
    assertTimeline(three, '1: 6', { ...inMinutes, state });
  });

  test('OW-14 the maximum idle time, while it is in use, bounds what may be entered', () => {
    const inUse = { maximumLockoutActive: true, maximumIdleTimeMs: minutes(30) };
    expect(problemsOf({ ...inUse, lockoutTimeMs: minutes(30) })).toEqual([]);
    expect(problemsOf({ ...inUse, lockoutTimeMs: minutes(31) })).toEqual(['policies[0].schedule.initialMs']);
    expect(problemsOf({ maximumIdleTimeMs: minutes(30), lockoutTimeMs: minutes(60) })).toEqual([]);
  });

  test('OW-16 the multiplied time is not capped unless asked, and saturates', () => {
    const policy = preset({ maximumFailedAttempts: 1, lockoutTimeMs: minutes(60), multiplier: 10 });
    assertTimeline(policy, '0: 60, 60: 660, 660: 6660', inMinutes);
    const capped = preset({
      maximumFailedAttempts: 1,
      lockoutTimeMs: minutes(60),
      multiplier: 10,
      maximumLockMs: minutes(90),
    });
    assertTimeline(capped, '0: 60, 60: 150, 150: 240', inMinutes);
  });

  test('OW-17 count and escalation go by success, unlock and password reset, and do not fade', () => {
    const policy = preset({ maximumFailedAttempts: 2 });
    const year = 525_600;
    assertTimeline(
      policy,
      `0 –, ${year}: ${year + 5}, ${2 * year} –, ${2 * year}: ${2 * year + 10}`,
      inMinutes,
    );
    for (const act of ['ok', 'unlock', 'reset']) {
      assertTimeline(policy, `0 –, 0: 5, 5 –, 5 ${act}, 5 –, 5: 10`, inMinutes);
    }
  });

  test('OW-18 by default active: 5 failures, 5 minutes, × 2, password', () => {
    expect(preset()).toMatchObject({ enabled: true, threshold: 5, counts: ['password'] });
    assertTimeline(preset(), '0 –, 0 –, 0 –, 0 –, 0: 5, 5 –, 5 –, 5 –, 5 –, 5: 15', inMinutes);
  });
});
