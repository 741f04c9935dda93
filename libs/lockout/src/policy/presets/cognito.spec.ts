import { describe, expect, test } from '@jest/globals';
import { assertTimeline } from '../../testing/timeline.js';
import { seconds } from '../duration.js';
import type { LockoutPolicy } from '../policy.js';
import { PolicyError } from '../policy-error.js';
import { type CognitoOptions, cognito } from './cognito.js';

const preset = (options?: CognitoOptions): LockoutPolicy => cognito(options)[0] as LockoutPolicy;
const four = '0 –, 0 –, 0 –, 0 –';

describe('Amazon Cognito', () => {
  test('the 5th failure locks for one second', () => {
    assertTimeline(preset(), `${four}, 0: 1, 1-1ms refused 1, 1 ok`);
  });

  test('n failures lock for 2^(n-5) seconds, up to 15 minutes', () => {
    const locks: string[] = [];
    let at = 0;
    for (const length of [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]) {
      locks.push(`${at}: ${at + length}`);
      at += length;
    }
    assertTimeline(preset(), `${four}, ${locks.join(', ')}`);
  });

  test('attempts during a lock do not affect its duration, nor that of the following ones', () => {
    assertTimeline(preset(), `${four}, 0: 1, 0 refused 1 (5), 1: 3, 2 refused 3 (6), 2 refused 3, 3: 7`);
  });

  test('a right password after a lock resets n', () => {
    assertTimeline(preset(), `${four}, 0: 1, 1: 3, 3 ok (0), 4 –, 4 –, 4 –, 4 –, 4: 5`);
  });

  test('so do 15 minutes without an attempt after a lock', () => {
    assertTimeline(preset(), `${four}, 0: 1, 901-1ms: 903-1ms`);
    assertTimeline(preset(), `${four}, 0: 1, 901 – (1)`);
  });

  test('the 15 minutes begin at the end of the lock, so a lock of 15 minutes keeps n', () => {
    assertTimeline(preset({ threshold: 1, firstLockMs: seconds(900) }), '0: 900, 1800-1ms: 2700-1ms (2)');
    assertTimeline(preset({ threshold: 1, firstLockMs: seconds(900) }), '0: 900, 1800: 2700 (1)');
  });

  test('before the first lock they begin at the last failure', () => {
    assertTimeline(preset(), '0 –, 900-1ms – (2)');
    assertTimeline(preset(), '0 –, 900 – (1)');
  });

  test('the numbers are options', () => {
    const policy = preset({
      threshold: 2,
      firstLockMs: seconds(3),
      maximumLockMs: seconds(10),
      resetAfterMs: seconds(20),
      methods: ['otp'],
      name: 'pool',
    });
    assertTimeline(policy, '0 –, 0: 3, 3: 9, 9: 19, 19: 29, 49-1ms: 59-1ms, 79-1ms – (1)', { method: 'otp' });
    expect([policy.name, policy.counter]).toEqual(['pool', 'pool']);
    expect(() => cognito({ firstLockMs: seconds(901) })).toThrow(PolicyError);
  });

  test('only passwords count and are refused; a password reset clears', () => {
    assertTimeline(preset(), `${four}, 0 #otp – (4), 0: 1, 0 #otp ok, 0 refused 1, 0 reset, 0 – (1)`);
    expect(preset()).toMatchObject({ name: 'cognito', scope: ['account'], counts: ['password'] });
  });
});
