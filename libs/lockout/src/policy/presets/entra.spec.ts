import { describe, expect, test } from '@jest/globals';
import { assertTimeline } from '../../testing/timeline.js';
import { hours, minutes } from '../duration.js';
import type { LockoutPolicy } from '../policy.js';
import { PolicyError } from '../policy-error.js';
import { type EntraOptions, entra } from './entra.js';

const preset = (options?: EntraOptions): LockoutPolicy => entra(options)[0] as LockoutPolicy;
const inMinutes = { unitMs: minutes(1) };
const nine = Array(9).fill('0 –').join(',');

describe('Microsoft Entra smart lockout', () => {
  test('by default the 10th failure locks for one minute', () => {
    assertTimeline(preset(), `${nine}, 0: 1, 1-1ms refused 1, 1 ok`, inMinutes);
  });

  test('with the threshold of US Government tenants the 3rd', () => {
    assertTimeline(preset({ lockoutThreshold: 3 }), '0 –, 0 –, 0: 1', inMinutes);
    expect(() => entra({ lockoutThreshold: 0 })).toThrow(PolicyError);
  });

  test('the first failure after a lock locks again, and each lock is longer; the rate is ours', () => {
    assertTimeline(preset(), `${nine}, 0: 1, 1: 3, 3: 7, 7: 15, 15: 31`, inMinutes);
    assertTimeline(preset({ lockoutThreshold: 1, factor: 3 }), '0: 1, 1: 4, 4: 13', inMinutes);
  });

  test('no lock is longer than a day, or the maximum given', () => {
    const long = { lockoutThreshold: 1, lockoutDurationMs: hours(13) };
    assertTimeline(preset(long), '0: 13, 13: 37, 37: 61', { unitMs: hours(1) });
    assertTimeline(preset({ ...long, maximumLockMs: hours(14) }), '0: 13, 13: 27, 27: 41', {
      unitMs: hours(1),
    });
    expect(() => entra({ lockoutDurationMs: hours(24) + 1 })).toThrow(PolicyError);
  });

  test('the lockout duration is that of the first lock', () => {
    assertTimeline(preset({ lockoutDurationMs: minutes(2) }), `${nine}, 0: 2, 2: 6`, inMinutes);
  });

  test('a lock is not prolonged by trying, and nothing fades', () => {
    assertTimeline(preset(), `${nine}, 0: 1, 0 refused 1 (10), 525600: 525602`, inMinutes);
  });

  test('a right password after the lock clears count and escalation', () => {
    assertTimeline(preset(), `${nine}, 0: 1, 1 ok (0), ${nine.replaceAll('0', '2')}, 2: 3`, inMinutes);
  });

  test('"I forgot my password" ends the lock at once, "I know my password" does not, an administrator does', () => {
    assertTimeline(preset(), `${nine}, 0: 1, 1: 3, 2 reset (0), 2 ok`, inMinutes);
    assertTimeline(preset(), `${nine}, 0: 1, 1: 3, 2 refused 3`, inMinutes);
    assertTimeline(preset(), `${nine}, 0: 1, 1: 3, 2 unlock (0), 2 ok`, inMinutes);
  });

  test('every failure counts, also of the same wrong password: nothing tells them apart (P10)', () => {
    const { state } = assertTimeline(preset(), '0 –, 0 –, 0 – (3)');
    expect(Object.keys(state).filter((field) => /hash|password|credential/i.test(field))).toEqual([]);
  });

  test('familiar and unfamiliar locations count apart when the application tells them apart', () => {
    expect(preset().scope).toEqual(['account']);
    expect(preset({ separateLocations: true }).scope).toEqual(['account', { custom: 'location' }]);
    assertTimeline(preset({ separateLocations: true }), `${nine}, 0: 1, 1: 3`, inMinutes);
  });

  test('passwords count and are refused; other methods stay usable', () => {
    assertTimeline(preset(), `${nine}, 0 #otp – (9), 0: 1, 0 #passkey ok`, inMinutes);
    expect(preset({ methods: ['otp'], name: 'guests' })).toMatchObject({ counts: ['otp'], name: 'guests' });
    expect(preset().name).toBe('entra');
  });
});
