import { describe, expect, test } from '@jest/globals';
import { assertTimeline } from '../../testing/timeline.js';
import { minutes, seconds } from '../duration.js';
import type { LockoutPolicy } from '../policy.js';
import { PolicyError } from '../policy-error.js';
import { judge } from '../transition.js';
import { type AuthgearOptions, authgear } from './authgear.js';

const preset = (options?: AuthgearOptions): LockoutPolicy => authgear(options)[0] as LockoutPolicy;
const on = (options?: AuthgearOptions): LockoutPolicy => preset({ enabled: true, ...options });
const inMinutes = { unitMs: minutes(1) };
const golden: AuthgearOptions = {
  maximumAttempts: 3,
  historyMs: seconds(300),
  lockMs: seconds(10),
  maximumLockMs: seconds(50),
};
const failures = (count: number, at: string) => Array(count).fill(`${at} –`).join(',');

describe('Authgear', () => {
  test('AG-1 off by default: 1,000 failures lock nothing; turned on, the examples are the defaults', () => {
    assertTimeline(preset(), failures(1000, '0'));
    assertTimeline(on(), `${failures(9, '0')}, 0: 1, 1: 3, 3: 7, 7: 12, 12: 17`, inMinutes);
    expect(on().scope).toEqual(['account']);
  });

  test('AG-2 every lock has an end, at which the right credential signs in', () => {
    assertTimeline(on(), `${failures(9, '0')}, 0: 1, 1-1ms refused 1, 1 ok`, inMinutes);
  });

  test('AG-3 wrong password, one-time code, TOTP and recovery code count one each; a magic link does not', () => {
    assertTimeline(on(), '0 – (1), 0 #otp – (2), 0 #totp – (3), 0 #recovery-code – (4), 0 #magic-link – (4)');
  });

  test('AG-4 in one counter: of five, two wrong passwords and three wrong recovery codes lock', () => {
    assertTimeline(
      on({ maximumAttempts: 5 }),
      '0 –, 0 –, 0 #recovery-code –, 0 #recovery-code –, 0 #recovery-code: 1',
      inMinutes,
    );
  });

  test('AG-5 the count is forgotten exactly 24 h after the last failure', () => {
    assertTimeline(on(), `${failures(8, '0')}, 1440-1ms –, 1440-1ms: 1441-1ms`, inMinutes);
    assertTimeline(on(), `${failures(8, '0')}, ${failures(9, '1440')}, 1440: 1441`, inMinutes);
  });

  test('AG-5 the locking failure refreshes the history too', () => {
    const policy = on({ ...golden, historyMs: seconds(100) });
    assertTimeline(policy, '0 –, 0 –, 60: 70, 160-1ms: 180-1ms');
    assertTimeline(policy, '0 –, 0 –, 60: 70, 160 – (1)');
  });

  test('AG-6 the first lock is the lockout duration itself', () => {
    assertTimeline(on({ maximumAttempts: 1 }), '0: 1, 1: 3', inMinutes);
  });

  test('AG-7 each failure after it relocks by the factor; fractions round up to the millisecond', () => {
    const policy = on({ maximumAttempts: 1, lockMs: 1001, backoffFactor: 1.5, maximumLockMs: seconds(60) });
    // 1001, 1501.5, 2252.25
    assertTimeline(policy, '0: 1001, 1001: 2503, 2503: 4756', { unitMs: 1 });
    expect(() => authgear({ backoffFactor: 0.5 })).toThrow(PolicyError);
    assertTimeline(on({ ...golden, backoffFactor: 1 }), '0 –, 0 –, 0: 10, 10: 20, 20: 30');
  });

  test('AG-7 a product that is whole does not round up by its floating-point noise', () => {
    const policy = on({ maximumAttempts: 1, backoffFactor: 1.1 });
    assertTimeline(policy, '0: 60000, 60000: 126000, 126000: 198600', { unitMs: 1 });
  });

  test('AG-8 no lock exceeds the maximum, and a maximum below the duration is an error', () => {
    assertTimeline(on(), `${failures(9, '0')}, 0: 1, 1: 3, 3: 7, 7: 12`, inMinutes);
    expect(() => authgear({ lockMs: minutes(6) })).toThrow(/longer than maximumMs/);
    expect(authgear({ lockMs: minutes(5) })).toHaveLength(1);
  });

  test('AG-9 the lockout type is the scope: per user, or per user and address', () => {
    expect(on({ type: 'any-device' }).scope).toEqual(['account']);
    expect(on({ type: 'same-address' }).scope).toEqual(['account', 'address']);
  });

  test('AG-10 only chosen authenticators count, but a lock refuses every one', () => {
    const policy = on({ maximumAttempts: 2, methods: ['password'] });
    const { state } = assertTimeline(policy, '0 –, 0 #totp – (1), 0: 1, 0 #totp refused 1', inMinutes);
    for (const method of ['password', 'totp', 'passkey', 'magic-link']) {
      expect(judge(policy, state, method, 1).allowed).toBe(false);
    }
  });

  test("AG-11 a completed login clears only what the caller's address contributed, and lifts no lock", () => {
    const policy = on({ ...golden, lockMs: seconds(10) });
    assertTimeline(policy, '0 @A –, 0 @A –, 0 @B: 10, 5 @A refused, 10 @A ok (1), 11 @B – (2)');
    assertTimeline(policy, '0 @A –, 0 @A –, 0 @B: 10, 5 @A complete, 6 @A refused 10');
    assertTimeline(policy, '0 @B –, 0 @B –, 1 @A ok (2), 2 @B: 12');
    assertTimeline(policy, '0 @A –, 0 @B –, 1 @A complete (1), 2 @A partial (1), 3 @A –, 3 @A: 13');
  });

  test('AG-12 the golden vector', () => {
    assertTimeline(
      on(golden),
      '1 –, 2 –, 3: 13, 4 refused, 13: 33, 14 refused, 33: 73, 34 refused, 73: 123, 74 refused, 373 –, 373 –, 373: 383',
    );
  });

  test('AG-13 with a history of 50 the failure at 123 counts 1, and the lock itself never ends early', () => {
    const policy = on({ ...golden, historyMs: seconds(50) });
    assertTimeline(policy, '1 –, 2 –, 3: 13, 13: 33, 33: 73, 73: 123, 123-1ms refused 123, 123 – (1)');
  });

  test('AG-14 unknown accounts lock just the same', () => {
    expect(on().unknownAccounts).toBe('track');
  });
});
