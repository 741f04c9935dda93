import { describe, expect, test } from '@jest/globals';
import { assertTimeline } from '../../testing/timeline.js';
import { hours, minutes, seconds } from '../duration.js';
import type { LockoutPolicy } from '../policy.js';
import { PolicyError } from '../policy-error.js';
import { judge } from '../transition.js';
import { type KeycloakOptions, keycloak } from './keycloak.js';

const preset = (options?: KeycloakOptions): LockoutPolicy => keycloak(options)[0] as LockoutPolicy;
const codes = (options?: KeycloakOptions): LockoutPolicy | undefined => keycloak(options)[1];
const inMinutes = { unitMs: minutes(1) };

/** So many failures, two seconds apart: nobody is quick. */
const slowly = (count: number, from = 0): string =>
  Array.from({ length: count }, (_, index) => `${from + 2 * index} –`).join(',');

/** The numbers of the document's two tables. */
const tabled: KeycloakOptions = { maxLoginFailures: 5, waitIncrementMs: seconds(30) };

describe('Keycloak, lockout temporarily', () => {
  test('by default the 30th failure locks for 1 minute', () => {
    assertTimeline(preset(), `${slowly(29)}, 58: 118, 118-1ms refused 118, 118 ok`);
  });

  test('by multiples: the table of the document, 5 to 9 failures 30 s, 10 failures 60 s', () => {
    assertTimeline(
      preset(tabled),
      `${slowly(4)}, 8: 38, 38: 68, 68: 98, 98: 128, 128: 158, 158: 218, 218: 278`,
    );
  });

  test('linear: the table of the document, 30, 60, 90, 120, 150 and 180 s', () => {
    assertTimeline(
      preset({ ...tabled, strategy: 'linear' }),
      `${slowly(4)}, 8: 38, 38: 98, 98: 188, 188: 308, 308: 458, 458: 638`,
    );
  });

  test.each(['multiple', 'linear'] as const)('%s: no wait is longer than Max Wait', (strategy) => {
    const capped = { maxLoginFailures: 1, waitIncrementMs: minutes(6), strategy };
    assertTimeline(preset(capped), '0: 6, 6: 18, 18: 33, 33: 48', inMinutes);
    assertTimeline(preset({ ...capped, maxWaitMs: minutes(14) }), '0: 6, 6: 18, 18: 32', inMinutes);
  });

  test('a max wait below the wait increment is a configuration error; as long as it, it is not', () => {
    for (const strategy of ['multiple', 'linear'] as const) {
      expect(() => keycloak({ strategy, waitIncrementMs: seconds(901) })).toThrow(PolicyError);
      expect(keycloak({ strategy, waitIncrementMs: seconds(900) })).toHaveLength(2);
    }
  });

  test('the count is forgotten when the last failure is more than 12 hours ago, not at 12 hours', () => {
    const twelve = `${2 + 12 * 3600}`;
    assertTimeline(preset({ maxLoginFailures: 3 }), `0 –, 2 –, ${twelve}: ${2 + 12 * 3600 + 60}`);
    assertTimeline(preset({ maxLoginFailures: 3 }), `0 –, 2 –, ${twelve}+1ms – (1)`);
    const shorter = preset({ maxLoginFailures: 3, failureResetMs: seconds(100) });
    assertTimeline(shorter, '0 –, 2 –, 102: 162');
    assertTimeline(shorter, '0 –, 2 –, 102+1ms – (1)');
  });

  test('a success resets the count, and so does enabling the user', () => {
    assertTimeline(preset(tabled), `${slowly(4)}, 8 ok (0), ${slowly(4, 10)}, 18: 48, 48 ok, 50 – (1)`);
    assertTimeline(preset(tabled), `${slowly(4)}, 8: 38, 9 unlock, ${slowly(4, 10)}, 18: 48`);
  });

  test('the count does not increment while disabled, and the wait does not get longer', () => {
    assertTimeline(
      preset(tabled),
      `${slowly(4)}, 8: 38 (5), 10 refused 38 (5), 37 refused 38 (5), 38: 68 (6)`,
    );
  });

  test('a password reset clears a temporary lock', () => {
    assertTimeline(preset(tabled), `${slowly(4)}, 8: 38, 9 reset, 10 – (1)`);
  });

  test('passwords, codes and recovery codes count together; a lock refuses whatever else there is', () => {
    const { state } = assertTimeline(
      preset({ maxLoginFailures: 4 }),
      '0 –, 2 #otp –, 4 #totp –, 6 #passkey – (3), 8 #recovery-code: 68',
    );
    for (const method of ['password', 'passkey', 'magic-link'])
      expect(judge(preset(), state, method, seconds(9)).allowed).toBe(false);
    assertTimeline(preset({ methods: ['password'] }), '0 –, 2 #otp – (1)');
    expect(preset().scope).toEqual(['account']);
  });
});

describe('Keycloak, quick login check', () => {
  test('a failure less than 1000 ms after the last one disables for 1 minute, one at 1000 ms does not', () => {
    assertTimeline(preset(), '0 –, 1-1ms: 61-1ms (2), 61-1ms – (3)');
    assertTimeline(preset(), '0 –, 1 –, 2 – (3)');
    assertTimeline(preset({ quickLoginCheckMs: seconds(3) }), '0 –, 3 –, 6-1ms: 66-1ms');
  });

  test('after a success the next failure has no last one', () => {
    assertTimeline(preset(), '0 –, 0 ok, 0 – (1)');
  });

  test('the minimum wait is an option that Max Wait caps, except in the permanent mode', () => {
    const wait = { minimumQuickLoginWaitMs: minutes(20) };
    assertTimeline(preset({ minimumQuickLoginWaitMs: minutes(2) }), '0 –, 0: 2', inMinutes);
    assertTimeline(preset(wait), '0 –, 0: 15', inMinutes);
    assertTimeline(preset({ ...wait, mode: 'permanent' }), '0 –, 0: 20', inMinutes);
  });

  test('0 switches it off', () => {
    assertTimeline(preset({ quickLoginCheckMs: 0 }), `${Array(29).fill('0 –').join(',')}, 0: 60`);
  });
});

describe('Keycloak, lockout permanently', () => {
  const permanent = () => preset({ mode: 'permanent' });

  test('the 30th failure locks until an administrator enables the user again, which resets the count', () => {
    const year = 365 * 86_400;
    assertTimeline(
      permanent(),
      `${slowly(29)}, 58: ∞, ${year} refused ∞, ${year} reset, ${year} refused ∞, ${year} unlock (0), ${year} ok`,
    );
  });

  test('the count does not fade', () => {
    const year = 365 * 86_400;
    assertTimeline(preset({ mode: 'permanent', maxLoginFailures: 3 }), `0 –, 2 –, ${year}: ∞`);
  });

  test('a quick failure before that locks for the minimum wait only', () => {
    assertTimeline(permanent(), '0 –, 0: 60, 60 –, 60: 120');
    assertTimeline(preset({ mode: 'permanent', maxLoginFailures: 2 }), '0 –, 0: ∞');
  });
});

describe('Keycloak, lockout permanently after temporary lockout', () => {
  const mixed = (options?: KeycloakOptions) =>
    preset({ ...tabled, mode: 'permanent-after-temporary', ...options });

  test('by default 1 temporary lockout, then permanently', () => {
    assertTimeline(mixed(), `${slowly(4)}, 8: 38, 38: ∞`);
  });

  test('3 temporary lockouts, then permanently', () => {
    assertTimeline(mixed({ maxTemporaryLockouts: 3 }), `${slowly(4)}, 8: 38, 38: 68, 68: 98, 98: ∞`);
    expect(() => mixed({ maxTemporaryLockouts: 0 })).toThrow(/indefiniteAfterLockouts/);
  });

  test('a quick failure is no temporary lockout', () => {
    assertTimeline(mixed(), '0 –, 0: 60, 60 –, 70 –, 80: 110, 110: ∞');
  });

  test('success and failure reset time reset the count of temporary lockouts too', () => {
    assertTimeline(mixed(), `${slowly(4)}, 8: 38, 38 ok, ${slowly(4, 40)}, 48: 78, 78: ∞`);
    const reset = 8 + hours(12) / 1000;
    assertTimeline(mixed(), `${slowly(4)}, 8: 38, ${reset}: ∞`);
    assertTimeline(
      mixed(),
      `${slowly(4)}, 8: 38, ${reset}+1ms –, ${slowly(3, reset + 2)}, ${reset + 8}: ${reset + 38}`,
    );
  });

  test('the other modes never lock permanently for lockouts', () => {
    for (const mode of ['temporary', 'permanent'] as const)
      expect(preset({ mode, maxTemporaryLockouts: 1 }).indefiniteAfterLockouts).toBeNull();
    assertTimeline(preset({ ...tabled, maxTemporaryLockouts: 1 }), `${slowly(4)}, 8: 38, 38: 68, 68: 98`);
  });
});

describe('Keycloak, codes', () => {
  const many = (count: number, method: string) => Array(count).fill(`0 #${method} –`).join(',');

  test('more than 100 wrong codes lock permanently in every mode; they never fade', () => {
    const policy = codes() as LockoutPolicy;
    const year = 365 * 86_400;
    assertTimeline(policy, `${many(60, 'otp')}, ${many(40, 'totp')}, ${year} #otp: ∞, ${year} refused ∞`);
    assertTimeline(policy, `${many(100, 'totp')}, 0 – (100), 0 ok (100), 0 #totp ok (0), 0 #totp –`);
  });

  test('there is no such policy where no code counts', () => {
    expect(keycloak().map(({ name }) => name)).toEqual(['keycloak', 'keycloak-otp']);
    expect(keycloak({ name: 'staff' }).map(({ counter }) => counter)).toEqual(['staff', 'staff-otp']);
    expect(codes({ methods: ['password', 'totp'] })?.counts).toEqual(['totp']);
    expect(codes({ methods: ['password', 'otp'] })?.counts).toEqual(['otp']);
    expect(codes({ methods: ['password', 'recovery-code'] })).toBeUndefined();
  });
});
