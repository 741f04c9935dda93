import { describe, expect, test } from '@jest/globals';
import { assertTimeline } from '../../testing/timeline.js';
import { minutes } from '../duration.js';
import type { LockoutPolicy } from '../policy.js';
import { PolicyError } from '../policy-error.js';
import { judge } from '../transition.js';
import { type AspNetIdentityOptions, aspNetIdentity } from './asp-net-identity.js';

const preset = (options?: AspNetIdentityOptions): LockoutPolicy =>
  aspNetIdentity(options)[0] as LockoutPolicy;
const inMinutes = { unitMs: minutes(1) };
const four = '0 –, 0 –, 0 –, 0 –';

describe('ASP.NET Core Identity', () => {
  test('by default the 5th failure locks for 5 minutes', () => {
    assertTimeline(preset(), `${four}, 0: 5, 5-1ms refused 5, 5 ok`, inMinutes);
  });

  test('the count is zero when the lock is set: a full budget after it, and never a longer lock', () => {
    assertTimeline(
      preset(),
      `${four}, 0: 5 (0), 5 –, 5 –, 5 –, 5 –, 5: 10, 10 –, 10 –, 10 –, 10 –, 10: 15`,
      inMinutes,
    );
  });

  test('MaxFailedAccessAttempts and DefaultLockoutTimeSpan', () => {
    assertTimeline(
      preset({ maxFailedAccessAttempts: 2, defaultLockoutMs: minutes(30) }),
      '0 –, 0: 30',
      inMinutes,
    );
    expect(() => aspNetIdentity({ maxFailedAccessAttempts: 0 })).toThrow(PolicyError);
  });

  test('PermanentLockout locks until somebody unlocks', () => {
    const policy = preset({ permanentLockout: true });
    assertTimeline(policy, `${four}, 0: ∞, 525600 refused ∞, 525600 unlock, 525600 ok`, inMinutes);
  });

  test('a completed sign-in resets the count, a right first factor does not, and it does not fade', () => {
    assertTimeline(preset(), `${four}, 0 ok (0), ${four}, 0: 5`, inMinutes);
    assertTimeline(preset(), `${four}, 0 partial (4), 525600 #otp: 525605`, inMinutes);
  });

  test('a password reset touches neither lock nor count', () => {
    assertTimeline(preset(), `${four}, 0 reset (4), 0: 5, 1 reset, 2 refused 5`, inMinutes);
  });

  test('passwords and second factors count together, recovery codes not; a lock refuses every method', () => {
    const { state } = assertTimeline(
      preset({ maxFailedAccessAttempts: 3 }),
      '0 –, 0 #otp –, 0 #recovery-code – (2), 0 #totp: 5',
      inMinutes,
    );
    expect(judge(preset(), state, 'recovery-code', 0).allowed).toBe(false);
    assertTimeline(preset({ methods: ['otp'] }), '0 – (0), 0 #otp – (1)');
  });

  test('with lockout disabled nobody is locked', () => {
    assertTimeline(preset({ lockoutEnabled: false }), Array(100).fill('0 – (0)').join(','));
    expect(preset().enabled).toBe(true);
  });

  test('counts by account, under the name given', () => {
    expect(preset()).toMatchObject({
      name: 'aspnet-identity',
      counter: 'aspnet-identity',
      scope: ['account'],
    });
    expect(preset({ name: 'staff' }).name).toBe('staff');
  });
});
