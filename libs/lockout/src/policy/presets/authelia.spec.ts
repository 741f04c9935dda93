import { describe, expect, test } from '@jest/globals';
import { assertTimeline } from '../../testing/timeline.js';
import { minutes, seconds } from '../duration.js';
import type { LockoutPolicy } from '../policy.js';
import { PolicyError } from '../policy-error.js';
import { type AutheliaOptions, authelia } from './authelia.js';

const preset = (options?: AutheliaOptions): LockoutPolicy => authelia(options)[0] as LockoutPolicy;

describe('Authelia', () => {
  test('by default 3 failures lock for 5 minutes', () => {
    assertTimeline(preset(), '0 –, 1 –, 2: 302, 302-1ms refused 302, 302 ok');
  });

  test('the three within 2 minutes: each failure slides out alone', () => {
    assertTimeline(preset(), '0 –, 60 –, 120-1ms: 420-1ms');
    assertTimeline(preset(), '0 –, 60 –, 120 – (2), 179: 479');
    assertTimeline(preset(), '0 –, 60 –, 120 –, 180 – (2)');
  });

  test('max_retries, find_time and ban_time', () => {
    const policy = preset({ maxRetries: 2, findTimeMs: seconds(10), lockTimeMs: seconds(60) });
    assertTimeline(policy, '0 –, 10-1ms: 70-1ms');
    assertTimeline(policy, '0 –, 10 – (1)');
    expect(() => authelia({ maxRetries: 129 })).toThrow(PolicyError);
    expect(authelia({ maxRetries: 128 })).toHaveLength(1);
  });

  test('failures from before the end of a lock no longer count, however long find_time is', () => {
    const policy = preset({ findTimeMs: minutes(60) });
    assertTimeline(policy, '0 –, 1 –, 2: 302, 302 – (1), 302 –, 302: 602');
    assertTimeline(policy, '0 –, 1 –, 2: 302, 3 unlock, 4 – (1)');
  });

  test('a success ends the run of failures of a user', () => {
    assertTimeline(preset(), '0 –, 1 –, 2 ok (0), 3 –, 4 –, 5: 305');
  });

  test('attempts during a lock neither count nor prolong it', () => {
    assertTimeline(preset(), '0 –, 1 –, 2: 302, 100 refused 302 (3), 302 ok');
  });

  test('only the first factor is regulated and refused', () => {
    assertTimeline(preset(), '0 –, 1 #totp –, 1 –, 2 #totp – (2), 2: 302, 3 #passkey ok');
    expect(preset({ methods: ['otp'] }).counts).toEqual(['otp']);
  });

  test('max_retries 0 disables regulation entirely', () => {
    assertTimeline(preset({ maxRetries: 0 }), Array(100).fill('0 – (0)').join(','));
    expect(preset().enabled).toBe(true);
    expect(() => authelia({ maxRetries: -1 })).toThrow(PolicyError);
  });

  test('modes: the user by default, the address, or both', () => {
    const both = authelia({ modes: ['user', 'ip'] });
    expect(both.map(({ name, scope }) => [name, scope])).toEqual([
      ['authelia-user', ['account']],
      ['authelia-ip', ['address']],
    ]);
    expect(authelia().map(({ counter }) => counter)).toEqual(['authelia-user']);
    expect(authelia({ modes: ['ip'], name: 'portal' }).map(({ name }) => name)).toEqual(['portal-ip']);
  });

  test('an address keeps its failures at a success and at a password reset (P4)', () => {
    const policy = preset({ modes: ['ip'] });
    assertTimeline(policy, '0 –, 1 –, 2 ok (2), 3: 303, 4 reset, 5 refused 303');
  });

  test('a password reset clears a lock of the user', () => {
    assertTimeline(preset(), '0 –, 1 –, 2: 302, 3 reset (0), 3 ok');
  });
});
