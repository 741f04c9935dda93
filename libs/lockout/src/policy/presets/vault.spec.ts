import { describe, expect, test } from '@jest/globals';
import { assertTimeline } from '../../testing/timeline.js';
import { minutes } from '../duration.js';
import type { LockoutPolicy } from '../policy.js';
import { PolicyError } from '../policy-error.js';
import { type VaultOptions, vault } from './vault.js';

const preset = (options?: VaultOptions): LockoutPolicy => vault(options)[0] as LockoutPolicy;
const inMinutes = { unitMs: minutes(1) };
const four = '0 –, 0 –, 0 –, 0 –';

describe('HashiCorp Vault', () => {
  test('by default the 5th failure locks for 15 minutes', () => {
    assertTimeline(preset(), `${four}, 0: 15, 15-1ms refused 15, 15 ok`, inMinutes);
  });

  test('lockout_threshold and lockout_duration', () => {
    assertTimeline(preset({ lockoutThreshold: 2, lockoutDurationMs: minutes(10) }), '0 –, 0: 10', inMinutes);
    expect(() => vault({ lockoutThreshold: 0 })).toThrow(PolicyError);
  });

  test('the counter is reset after 15 minutes without a failure, not at 15', () => {
    assertTimeline(preset(), `${four}, 15: 30`, inMinutes);
    assertTimeline(preset(), `${four}, 15+1ms – (1)`, inMinutes);
    const shorter = preset({ lockoutCounterResetMs: minutes(2) });
    assertTimeline(shorter, `${four}, 2: 17`, inMinutes);
    assertTimeline(shorter, `${four}, 2+1ms – (1)`, inMinutes);
  });

  test('so by default a lock is followed by a full budget', () => {
    assertTimeline(preset(), `${four}, 0: 15, 15+1ms – (1), 16 –, 16 –, 16 –, 16: 31`, inMinutes);
  });

  test('with a longer counter reset the next failure locks again, for as long', () => {
    assertTimeline(
      preset({ lockoutCounterResetMs: minutes(60) }),
      `${four}, 0: 15, 15: 30, 30: 45, 90: 105`,
      inMinutes,
    );
    assertTimeline(preset({ lockoutCounterResetMs: minutes(60) }), `${four}, 0: 15, 60+1ms – (1)`, inMinutes);
  });

  test('a successful login resets it, and attempts while locked count nothing', () => {
    assertTimeline(
      preset(),
      `${four}, 0 ok (0), ${four}, 0: 15, 1 refused 15 (5), 14 refused 15 (5), 15 ok (0)`,
      inMinutes,
    );
  });

  test('an administrator unlocks; a password reset clears', () => {
    assertTimeline(preset(), `${four}, 0: 15, 1 unlock (0), 1 – (1)`, inMinutes);
    assertTimeline(preset(), `${four}, 0: 15, 1 reset (0), 1 – (1)`, inMinutes);
  });

  test('on by default, and off with disable_lockout', () => {
    expect(preset().enabled).toBe(true);
    assertTimeline(preset({ disableLockout: true }), Array(50).fill('0 – (0)').join(','));
  });

  test('counts passwords by account, under the name given', () => {
    assertTimeline(preset(), `${four}, 0 #otp – (4)`);
    expect(preset()).toMatchObject({ name: 'vault', scope: ['account'] });
    expect(preset({ name: 'userpass', methods: ['ldap'] })).toMatchObject({
      name: 'userpass',
      counts: ['ldap'],
    });
  });
});
