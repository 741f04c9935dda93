import { describe, expect, test } from '@jest/globals';
import { assertTimeline } from '../../testing/timeline.js';
import { minutes } from '../duration.js';
import type { LockoutPolicy } from '../policy.js';
import { PolicyError } from '../policy-error.js';
import { judge, transition } from '../transition.js';
import { type ZitadelOptions, zitadel } from './zitadel.js';

const both = (options?: ZitadelOptions) => {
  const [password, otp] = zitadel(options);
  return { password: password as LockoutPolicy, otp: otp as LockoutPolicy };
};
const inMinutes = { unitMs: minutes(1) };
const four = '0 –, 0 –, 0 –, 0 –';
const year = 525_600;

describe('Zitadel', () => {
  test('the 5th wrong password locks until an administrator unlocks', () => {
    assertTimeline(
      both().password,
      `${four}, 0: ∞, ${year} refused ∞, ${year} unlock, ${year} ok`,
      inMinutes,
    );
  });

  test('so does the 5th wrong code, of whatever kind', () => {
    const codes = { ...inMinutes, method: 'otp' };
    assertTimeline(
      both().otp,
      `0 –, 0 #totp –, 0 –, 0 #totp –, 0: ∞, ${year} refused ∞, ${year} unlock, ${year} ok`,
      codes,
    );
  });

  test('passwords and codes are counted apart, and a lock of either refuses every method', () => {
    const { password, otp } = both();
    assertTimeline(password, `${four}, 0 #otp – (4), 0 #totp – (4)`);
    assertTimeline(otp, '0 –, 0 #otp – (1)');
    const locked = assertTimeline(otp, `${four}, 0: ∞`, { method: 'otp' }).state;
    expect(judge(otp, locked, 'password', 0).allowed).toBe(false);
    const byPassword = assertTimeline(password, `${four}, 0: ∞`).state;
    expect(judge(password, byPassword, 'passkey', 0).allowed).toBe(false);
  });

  test('the maximum attempts are options', () => {
    const { password, otp } = both({ maxPasswordAttempts: 2, maxOtpAttempts: 3, otpMethods: ['sms'] });
    assertTimeline(password, '0 –, 0: ∞');
    assertTimeline(otp, '0 –, 0 –, 0: ∞', { method: 'sms' });
    expect(() => zitadel({ maxPasswordAttempts: -1, maxOtpAttempts: 1.5 })).toThrow(PolicyError);
  });

  test('0: the lockout does not trigger', () => {
    const many = Array(100).fill('0 – (0)').join(',');
    const { password, otp } = both({ maxPasswordAttempts: 0 });
    assertTimeline(password, many);
    assertTimeline(otp, `${four}, 0: ∞`, { method: 'otp' });
    assertTimeline(both({ maxOtpAttempts: 0 }).otp, many, { method: 'otp' });
    assertTimeline(both({ maxOtpAttempts: 0 }).password, `${four}, 0: ∞`);
  });

  test('counts do not fade; a completed sign-in clears them, a right first factor does not', () => {
    assertTimeline(both().password, `${four}, ${year}: ∞`, inMinutes);
    assertTimeline(both().password, `${four}, 0 ok (0), ${four}, 0: ∞`);
    assertTimeline(both().password, `${four}, 0 partial (4), 0: ∞`);
  });

  test('neither a password reset nor a link lifts a lock', () => {
    const { password } = both();
    const { state } = assertTimeline(password, `${four}, 0: ∞, 1 reset, 2 refused ∞`);
    const link = { type: 'unlock', via: 'link', actor: { by: 'owner', reason: 'link' } } as const;
    expect(transition(password, state, link, 2).state).toBe(state);
    assertTimeline(password, `${four}, 0 reset (0)`);
  });

  test('two policies on the account, under the name given', () => {
    expect(zitadel().map(({ name, counter, scope }) => [name, counter, scope])).toEqual([
      ['zitadel-password', 'zitadel-password', ['account']],
      ['zitadel-otp', 'zitadel-otp', ['account']],
    ]);
    expect(zitadel({ name: 'org' }).map(({ name }) => name)).toEqual(['org-password', 'org-otp']);
  });
});
