import { describe, expect, test } from '@jest/globals';
import { assertTimeline } from '../../testing/timeline.js';
import { days, hours, minutes, seconds } from '../duration.js';
import type { LockoutPolicy } from '../policy.js';
import { PolicyError } from '../policy-error.js';
import { type DjangoAxesOptions, djangoAxes } from './django-axes.js';

const preset = (options?: DjangoAxesOptions): LockoutPolicy => djangoAxes(options)[0] as LockoutPolicy;
const inMinutes = { unitMs: minutes(1) };
const year = 525_600;

describe('django-axes', () => {
  test('by default the 3rd failure locks the address, until an administrator resets it', () => {
    expect(djangoAxes().map(({ name, scope }) => [name, scope])).toEqual([
      ['django-axes-ip_address', ['address']],
    ]);
    assertTimeline(preset(), `0 –, 0 –, 0: ∞, ${year} refused ∞, ${year} unlock, ${year} – (1)`, inMinutes);
  });

  test('without a cool-off nothing fades', () => {
    assertTimeline(preset(), `0 –, ${year} –, ${2 * year}: ∞`, inMinutes);
  });

  test('AXES_FAILURE_LIMIT', () => {
    assertTimeline(preset({ failureLimit: 1 }), '0: ∞');
    assertTimeline(preset({ failureLimit: 5 }), '0 –, 0 –, 0 –, 0 –, 0: ∞');
    expect(() => djangoAxes({ failureLimit: 0 })).toThrow(PolicyError);
  });

  test('AXES_COOLOFF_TIME is how long a lock lasts; afterwards the failures are forgotten', () => {
    const policy = preset({ coolOffMs: hours(2) });
    assertTimeline(policy, '0 –, 0 –, 0: 120, 120-1ms refused 120, 120 – (1), 120 –, 120: 240', inMinutes);
  });

  test('and the inactivity after which old failures are cleared: at exactly it they still count', () => {
    const policy = preset({ coolOffMs: hours(2) });
    assertTimeline(policy, '0 –, 119 –, 239: 359', inMinutes);
    assertTimeline(policy, '0 –, 119 –, 239+1ms – (1)', inMinutes);
  });

  test('AXES_USE_ATTEMPT_EXPIRATION: each failure is forgotten alone', () => {
    const policy = preset({ coolOffMs: hours(2), useAttemptExpiration: true });
    assertTimeline(policy, '0 –, 119 –, 120: 240, 240 – (1)', inMinutes);
    assertTimeline(policy, '0 –, 119 –, 120+1ms – (2)', inMinutes);
    expect(() => djangoAxes({ coolOffMs: 1, useAttemptExpiration: true, failureLimit: 129 })).toThrow(
      PolicyError,
    );
  });

  test('a failed login during a lockout neither counts nor restarts the cool-off (P3)', () => {
    assertTimeline(preset({ coolOffMs: hours(1) }), '0 –, 0 –, 0: 60, 59 refused 60 (3), 60 ok', inMinutes);
  });

  test('AXES_LOCKOUT_PARAMETERS: any of them locks, a list within is a combination', () => {
    const policies = djangoAxes({
      parameters: ['ip_address', ['username', 'user_agent'], ['username', 'ip_address']],
    });
    expect(policies.map(({ name, counter, scope }) => [name, counter, scope])).toEqual([
      ['django-axes-ip_address', 'django-axes-ip_address', ['address']],
      [
        'django-axes-username-user_agent',
        'django-axes-username-user_agent',
        ['account', { custom: 'user-agent' }],
      ],
      ['django-axes-username-ip_address', 'django-axes-username-ip_address', ['account', 'address']],
    ]);
    for (const policy of policies) assertTimeline(policy, '0 –, 0 –, 0: ∞');
    expect(djangoAxes({ parameters: ['username'], name: 'admin' })[0]?.name).toBe('admin-username');
    expect(() => djangoAxes({ parameters: [[]] })).toThrow(PolicyError);
  });

  test('AXES_RESET_ON_SUCCESS is off by default: a success clears nothing', () => {
    const coolOffMs = seconds(60);
    for (const parameters of [['ip_address'], ['username'], [['username', 'ip_address']]] as const)
      assertTimeline(preset({ parameters, coolOffMs }), '0 –, 0 –, 1 ok (2), 2: 62');
  });

  test('on, it clears what counts by user name, never what counts by address alone (P4)', () => {
    const on = { resetOnSuccess: true, coolOffMs: seconds(60) };
    assertTimeline(preset({ ...on, parameters: ['username'] }), '0 –, 0 –, 1 ok (0), 2 – (1)');
    assertTimeline(
      preset({ ...on, parameters: [['username', 'ip_address']] }),
      '0 –, 0 –, 1 ok (0), 2 – (1)',
    );
    assertTimeline(
      preset({ ...on, parameters: [['ip_address', 'user_agent']] }),
      '0 –, 0 –, 1 ok (2), 2: 62',
    );
  });

  test('a password reset clears nothing', () => {
    assertTimeline(preset({ parameters: ['username'] }), '0 –, 0 –, 0 reset (2), 0: ∞, 1 reset, 2 refused ∞');
  });

  test('AXES_LOCK_OUT_AT_FAILURE off counts and never refuses; AXES_ENABLED off counts nothing', () => {
    const { events } = assertTimeline(preset({ lockOutAtFailure: false }), '0 –, 0 –, 0: ∞, 1 – (4)');
    expect(events).toMatchObject([{ type: 'locked', cause: 'monitor' }]);
    assertTimeline(preset({ enabled: false }), Array(50).fill('0 – (0)').join(','));
    expect(preset()).toMatchObject({ enabled: true, enforce: true });
  });

  test('every method counts unless some are chosen', () => {
    assertTimeline(preset(), '0 –, 0 #otp –, 0 #passkey: ∞');
    assertTimeline(preset({ methods: ['password'] }), '0 –, 0 #otp – (1)');
  });
});

describe('django-axes tiers', () => {
  const tiers = [
    { failures: 3, coolOffMs: minutes(15) },
    { failures: 6, coolOffMs: hours(2) },
    { failures: 10, coolOffMs: days(1) },
  ];
  const policy = () => preset({ tiers, failureLimit: 1, coolOffMs: seconds(1) });

  test('the example: 3 failures 15 minutes, 6 failures 2 hours, 10 failures 1 day, and each between as its tier', () => {
    assertTimeline(
      policy(),
      `0 –, 0 –, 0: 15, 15: 30, 30: 45, 45: 165, 165: 285, 285: 405, 405: 525, 525: 1965`,
      inMinutes,
    );
  });

  test('a lock ends on time; the count lasts as long as the longest cool-off', () => {
    assertTimeline(
      policy(),
      '0 –, 0 –, 0: 15, 15-1ms refused 15, 15 ok (3), 1440-1ms: 1455-1ms (4)',
      inMinutes,
    );
    assertTimeline(policy(), '0 –, 0 –, 0: 15, 1440 – (1)', inMinutes);
  });

  test('after the last tier everything is forgotten', () => {
    const two = preset({ tiers: [{ failures: 2, coolOffMs: minutes(5) }] });
    assertTimeline(two, '0 –, 0: 5, 5 – (1), 5: 10', inMinutes);
  });

  test('with attempt expiration each failure is forgotten alone', () => {
    const sliding = preset({ tiers, useAttemptExpiration: true });
    assertTimeline(sliding, '0 –, 0 –, 0: 15, 15: 30, 1440 – (2)', inMinutes);
  });

  test('tiers that do not ascend are an error', () => {
    expect(() => djangoAxes({ tiers: [...tiers].reverse() })).toThrow(/does not ascend/);
  });
});
