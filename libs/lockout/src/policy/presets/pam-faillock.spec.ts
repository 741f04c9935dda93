import { describe, expect, test } from '@jest/globals';
import { assertTimeline } from '../../testing/timeline.js';
import { seconds } from '../duration.js';
import type { LockoutPolicy } from '../policy.js';
import { PolicyError } from '../policy-error.js';
import { judge, transition } from '../transition.js';
import { type PamFaillockOptions, pamFaillock } from './pam-faillock.js';

const preset = (options?: PamFaillockOptions): LockoutPolicy => pamFaillock(options)[0] as LockoutPolicy;
const year = 365 * 86_400;

describe('pam_faillock', () => {
  test('by default the 3rd failure locks for 600 seconds', () => {
    assertTimeline(preset(), '0 –, 0 –, 0: 600, 600-1ms refused 600, 600 ok');
  });

  test('of the last 900 seconds: each failure slides out alone', () => {
    assertTimeline(preset(), '0 –, 450 –, 900-1ms: 1500-1ms');
    assertTimeline(preset(), '0 –, 450 –, 900 – (2), 1349: 1949');
    const policy = preset({ failIntervalMs: seconds(10) });
    assertTimeline(policy, '0 –, 5 –, 10 – (2), 15-1ms: 615-1ms');
  });

  test("the manual's example: deny=4, unlock_time=1200", () => {
    assertTimeline(preset({ deny: 4, unlockTimeMs: seconds(1200) }), '0 –, 0 –, 0 –, 0: 1200');
    expect(() => pamFaillock({ deny: 129 })).toThrow(PolicyError);
  });

  test('after the lock the old failures no longer count', () => {
    assertTimeline(preset(), '0 –, 0 –, 0: 600, 600 – (1), 600 –, 600: 1200');
  });

  test('attempts during a lock are not recorded; a success removes all failures', () => {
    assertTimeline(preset(), '0 –, 0 –, 0: 600, 300 refused 600 (3), 600 ok (0)');
    assertTimeline(preset(), '0 –, 0 –, 0 ok (0), 0 –, 0 –, 0: 600');
  });

  test.each([0, 'never'] as const)(
    'unlock_time %s: until the tally is reset by an administrator',
    (unlockTimeMs) => {
      assertTimeline(
        preset({ unlockTimeMs }),
        `0 –, 0 –, 0: ∞, ${year} refused ∞, ${year} unlock (0), ${year} – (1)`,
      );
    },
  );

  test('neither a password reset nor a link ends a lock', () => {
    const { state } = assertTimeline(preset(), '0 –, 0 –, 0: 600, 1 reset, 2 refused 600');
    const link = { type: 'unlock', via: 'link', actor: { by: 'owner', reason: 'link' } } as const;
    expect(transition(preset(), state, link, seconds(2)).state).toBe(state);
  });

  test('deny=0 denies nobody', () => {
    assertTimeline(preset({ deny: 0 }), Array(100).fill('0 – (0)').join(','));
    expect(preset().enabled).toBe(true);
    expect(() => pamFaillock({ deny: -1 })).toThrow(PolicyError);
  });

  test('root is never locked unless even_deny_root', () => {
    expect(preset().exempt).toEqual({ accounts: ['root'], addresses: [] });
    expect(preset({ administrators: ['root', 'wheel'] }).exempt.accounts).toEqual(['root', 'wheel']);
    expect(pamFaillock({ evenDenyRoot: true }).map(({ exempt }) => exempt.accounts)).toEqual([[]]);
  });

  test.each([true, false])(
    'root_unlock_time gives root a time of its own, with even_deny_root %s',
    (evenDenyRoot) => {
      const [everybody, root] = pamFaillock({ evenDenyRoot, rootUnlockTimeMs: seconds(60), name: 'login' });
      expect(everybody).toMatchObject({ name: 'login', scope: ['account'], exempt: { accounts: ['root'] } });
      expect(root).toMatchObject({
        name: 'login-root',
        counter: 'login-root',
        scope: ['account', { custom: 'administrator' }],
        exempt: { accounts: [] },
      });
      assertTimeline(everybody as LockoutPolicy, '0 –, 0 –, 0: 600');
      assertTimeline(
        root as LockoutPolicy,
        '0 –, 450 –, 900-1ms: 960-1ms, 901 reset, 902 refused, 960 – (1)',
      );
    },
  );

  test.each([0, 'never'] as const)(
    'root_unlock_time %s: until an administrator resets it',
    (rootUnlockTimeMs) => {
      assertTimeline(
        pamFaillock({ rootUnlockTimeMs })[1] as LockoutPolicy,
        `0 –, 0 –, 0: ∞, ${year} refused ∞`,
      );
    },
  );

  test('every method counts and is refused unless some are chosen', () => {
    const { state } = assertTimeline(preset(), '0 –, 0 #otp –, 0: 600');
    expect(judge(preset(), state, 'passkey', 0).allowed).toBe(false);
    assertTimeline(preset({ methods: ['password'] }), '0 –, 0 #otp – (1)');
    expect(preset()).toMatchObject({ name: 'pam-faillock', scope: ['account'] });
  });
});
