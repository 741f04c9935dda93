import { describe, expect, test } from '@jest/globals';
import { SingleKey } from '../../testing/single-key.js';
import { assertTimeline } from '../../testing/timeline.js';
import { definePolicy } from '../define-policy.js';
import { days, seconds } from '../duration.js';
import type { LockoutPolicy } from '../policy.js';
import { PolicyError } from '../policy-error.js';
import { transition } from '../transition.js';
import { type NistOptions, nist } from './nist.js';

const password = (options?: NistOptions): LockoutPolicy => nist(options)[0] as LockoutPolicy;

function pathsOf(options: NistOptions): readonly string[] {
  try {
    nist(options);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(PolicyError);
    return (error as PolicyError).problems.map((problem) => problem.path);
  }
}

/** A failure as soon as each wait is over, until one is indefinite: how many there were, and the last waits. */
function failUntilDisabled(policy: LockoutPolicy): { failures: number; waits: readonly (number | null)[] } {
  const waits: (number | null)[] = [];
  let { state } = assertTimeline(policy, '0 –');
  let at = 0;
  let failures = 1;
  while (state.lock === null || state.lock.until !== null) {
    at = state.lock?.until ?? at;
    const charged = transition(policy, state, { type: 'charge', id: `${failures}`, method: 'password' }, at);
    state = transition(policy, charged.state, { type: 'fail', id: `${failures}` }, at).state;
    failures += 1;
    if (state.lock) waits.push(state.lock.until && state.lock.until - at);
  }
  return { failures, waits };
}

describe('NIST SP 800-63B-4, 3.2.2', () => {
  test('no more than 100 consecutive failures, across lockouts: the 100th disables', () => {
    const { failures, waits } = failUntilDisabled(password());
    expect(failures).toBe(100);
    expect(waits).toHaveLength(96);
    expect(waits.at(-1)).toBeNull();
    expect(waits.slice(0, -1)).not.toContain(null);
  });

  test('also when a year lies between any two of them', () => {
    const policy = password({ maximumFailures: 8 });
    const years = Array.from({ length: 7 }, (_, year) => `${year * 365}`);
    const rest = years.slice(4).map((day, index) => `${day}: ${day}+${seconds(30) * 2 ** index}ms`);
    assertTimeline(
      policy,
      `${years
        .slice(0, 4)
        .map((day) => `${day} –`)
        .join(',')}, ${rest.join(',')}, 2555: ∞`,
      {
        unitMs: days(1),
      },
    );
  });

  test('the waits grow from 30 seconds up to an hour', () => {
    const { waits } = failUntilDisabled(password());
    expect(waits.slice(0, 9)).toEqual([30, 60, 120, 240, 480, 960, 1920, 3600, 3600].map(seconds));
    assertTimeline(password(), '0 –, 0 –, 0 –, 0 –, 0: 30, 30-1ms refused 30, 30: 90');
  });

  test('of 150 at once no more than 100 are verified', () => {
    const key = new SingleKey(password({ firstWaitAt: 100 }));
    const admitted = Array.from({ length: 150 }, (_, index) => key.charge(`${index}`, 0)).filter(
      (decision) => decision?.allowed,
    );
    // A record holds 64 charges; what it cannot hold is refused, not admitted.
    expect(admitted.length).toBeLessThanOrEqual(100);
    expect(admitted).toHaveLength(64);
  });

  test('a success disregards the failures before it', () => {
    assertTimeline(password({ maximumFailures: 3 }), '0 –, 0 –, 0 ok, 0 –, 0 –, 0: ∞');
    assertTimeline(password({ maximumFailures: 3 }), '0 –, 0 –, 0 partial, 0: ∞');
  });

  test('the limit may be lower, never higher: a value that breaks the standard is an error', () => {
    expect(failUntilDisabled(password({ maximumFailures: 10 })).failures).toBe(10);
    expect(pathsOf({ methods: ['password'], maximumFailures: 100 })).toEqual([]);
    expect(pathsOf({ methods: ['password'], maximumFailures: 1 })).toEqual([]);
    for (const maximumFailures of [101, 0, 2.5])
      expect(pathsOf({ methods: ['password'], maximumFailures })).toEqual([
        'policies[0].indefiniteAfterFailures',
      ]);
    expect(pathsOf({ methods: ['password'], firstWaitAt: 100 })).toEqual([]);
    expect(pathsOf({ methods: ['password'], firstWaitAt: 101 })).toEqual(['policies[0].threshold']);
    expect(password().limits).toEqual({
      indefiniteAfterFailures: { min: 1, max: 100, integer: true, required: true },
      threshold: { min: 1, max: 100, integer: true },
    });
  });

  test('nobody can switch the maximum off by a save', () => {
    expect(() => definePolicy({ ...password(), indefiniteAfterFailures: null })).toThrow(
      /indefiniteAfterFailures: must not be switched off \(a whole number from 1 to 100\)/,
    );
  });

  test('the waits are options', () => {
    const policy = password({ firstWaitAt: 2, firstWaitMs: seconds(10), maximumWaitMs: seconds(15) });
    assertTimeline(policy, '0 –, 0: 10, 10: 25, 25: 40');
  });

  test('each authenticator is counted and disabled alone', () => {
    expect(nist().map(({ name, counts, counter }) => [name, counts, counter])).toEqual([
      ['nist-password', ['password'], 'nist-password'],
      ['nist-otp', ['otp'], 'nist-otp'],
      ['nist-totp', ['totp'], 'nist-totp'],
      ['nist-recovery-code', ['recovery-code'], 'nist-recovery-code'],
    ]);
    assertTimeline(password({ maximumFailures: 2 }), '0 –, 0 #totp – (1), 0: ∞, 1 refused ∞, 1 #totp ok');
    expect(nist({ name: 'agency', methods: ['pin'] })[0]).toMatchObject({
      name: 'agency-pin',
      scope: ['account'],
    });
  });

  test('disabled until bound again: by a new password, or by an administrator, not by a link', () => {
    const few = { maximumFailures: 2 };
    assertTimeline(password(few), '0 –, 0: ∞, 1 reset (0), 1 ok');
    assertTimeline(password(few), '0 –, 0: ∞, 1 unlock (0), 1 –, 1: ∞');
    const { state } = assertTimeline(password(few), '0 –, 0: ∞');
    const link = { type: 'unlock', via: 'link', actor: { by: 'owner', reason: 'link' } } as const;
    expect(transition(password(few), state, link, 1).state).toBe(state);
    const timed = assertTimeline(password(), '0 –, 0 –, 0 –, 0 –, 0: 30').state;
    expect(transition(password(), timed, link, 1).state).toBe(timed);
  });

  test('a new password binds no other authenticator', () => {
    const totp = nist({ maximumFailures: 2 })[2] as LockoutPolicy;
    assertTimeline(totp, '0 –, 0: ∞, 1 reset, 2 refused ∞', { method: 'totp' });
  });
});
