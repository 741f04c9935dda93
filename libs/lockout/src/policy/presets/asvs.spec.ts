import { describe, expect, test } from '@jest/globals';
import { SingleKey } from '../../testing/single-key.js';
import { assertTimeline } from '../../testing/timeline.js';
import { days, hours, minutes, seconds } from '../duration.js';
import type { LockoutPolicy } from '../policy.js';
import { PolicyError } from '../policy-error.js';
import { transition } from '../transition.js';
import { type AsvsOptions, asvs } from './asvs.js';

const both = (options?: AsvsOptions) => {
  const [soft, hour] = asvs(options);
  return { soft: soft as LockoutPolicy, hour: hour as LockoutPolicy };
};
const inMinutes = { unitMs: minutes(1) };
const four = '0 –, 0 –, 0 –, 0 –';

function pathsOf(options: AsvsOptions): readonly string[] {
  try {
    asvs(options);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(PolicyError);
    return (error as PolicyError).problems.map((problem) => problem.path);
  }
}

/** Failures of somebody who tries every so often for six hours, and the most of them in any hour. */
function mostInAnHour(policy: LockoutPolicy, everyMs: number): number {
  const key = new SingleKey(policy);
  const verified: number[] = [];
  for (let at = 0; at < hours(6); at += everyMs) {
    if (key.charge(`${at}`, at)?.allowed !== true) continue;
    key.fail(`${at}`, at);
    verified.push(at);
  }
  return Math.max(
    ...verified.map((from) => verified.filter((at) => at >= from && at < from + hours(1)).length),
  );
}

describe('OWASP ASVS 4.0.3 V2.2.1', () => {
  test('no more than 100 failed attempts in an hour on a single account', () => {
    const failures = Array(99).fill('0 –').join(',');
    assertTimeline(both().hour, `${failures}, 59: 119, 119-1ms refused 119, 119 – (1)`, inMinutes);
    assertTimeline(both().hour, `${failures}, 60 – (1)`, inMinutes);
    expect(both().hour.scope).toEqual(['account']);
  });

  test.each([1, 10, 35, 36, 37])('at whatever pace somebody tries: every %i seconds', (pace) => {
    const most = mostInAnHour(both().hour, seconds(pace));
    expect(most).toBe(pace === 37 ? 98 : 100);
  });

  test('neither a success nor a password reset gives a failure back; a link lifts nothing, an administrator does', () => {
    const few = both({ failuresPerHour: 3 }).hour;
    assertTimeline(few, '0 –, 0 –, 0 ok (2), 0 reset (2), 0: 60, 1 reset, 2 refused 60', inMinutes);
    const { state } = assertTimeline(few, '0 –, 0 –, 0: 60', inMinutes);
    const link = { type: 'unlock', via: 'link', actor: { by: 'owner', reason: 'link' } } as const;
    expect(transition(few, state, link, minutes(1)).state).toBe(state);
    assertTimeline(few, '1 unlock (0), 1 ok', { ...inMinutes, state });
  });

  test('a value that breaks the standard is an error', () => {
    expect(pathsOf({ failuresPerHour: 100 })).toEqual([]);
    expect(pathsOf({ failuresPerHour: 1 })).toEqual([]);
    for (const failuresPerHour of [101, 0, 2.5])
      expect(pathsOf({ failuresPerHour })).toEqual(['policies[1].threshold']);
    expect(pathsOf({ hourLockMs: hours(1) })).toEqual([]);
    for (const hourLockMs of [hours(1) - 1, hours(1) + 0.5, days(36_500) + 1])
      expect(pathsOf({ hourLockMs })).toEqual(['policies[1].schedule.durationMs']);
    expect(both({ hourLockMs: hours(2), failuresPerHour: 1 }).hour).toMatchObject({
      schedule: { durationMs: hours(2) },
      limits: {
        threshold: { min: 1, max: 100, integer: true },
        'schedule.durationMs': { min: hours(1), max: days(36_500), integer: true },
        'window.durationMs': { min: hours(1), max: days(36_500), integer: true },
      },
    });
  });
});

describe('OWASP ASVS, soft lockouts with ever increasing delays', () => {
  test('from the 5th failure on each locks for twice as long, up to an hour', () => {
    assertTimeline(
      both().soft,
      `${four}, 0: 1, 1-1ms refused 1, 1: 3, 3: 7, 7: 15, 15: 31, 31: 63, 63: 123, 123: 183`,
      inMinutes,
    );
  });

  test('nobody elsewhere locks the owner out: it counts by account and address', () => {
    expect(both().soft.scope).toEqual(['account', 'address']);
  });

  test('a right password clears it, and so do 24 hours without a failure', () => {
    assertTimeline(both().soft, `${four}, 0: 1, 1: 3, 3 ok (0), 3 –, 3 –, 3 –, 3 –, 3: 4`, inMinutes);
    assertTimeline(both().soft, `${four}, 0: 1, 1440-1ms: 1442-1ms`, inMinutes);
    assertTimeline(both().soft, `${four}, 0: 1, 1440 – (1)`, inMinutes);
    assertTimeline(both().soft, `${four}, 0: 1, 1 reset (0), 1 ok`, inMinutes);
  });

  test('its numbers are options', () => {
    const { soft } = both({ softThreshold: 2, firstLockMs: minutes(3), maximumLockMs: minutes(5) });
    assertTimeline(soft, '0 –, 0: 3, 3: 8, 8: 13', inMinutes);
    expect(pathsOf({ firstLockMs: hours(1) + 1 })).toEqual(['policies[0].schedule.initialMs']);
  });

  test('all methods count in both unless some are chosen; the names are ours', () => {
    assertTimeline(both({ failuresPerHour: 2 }).hour, '0 –, 0 #otp: 60', inMinutes);
    for (const policy of asvs({ methods: ['password'], name: 'shop' }))
      assertTimeline(policy, '0 –, 0 #otp – (1)');
    expect(asvs().map(({ name, counter }) => [name, counter])).toEqual([
      ['asvs-soft-lockout', 'asvs-soft-lockout'],
      ['asvs-hour', 'asvs-hour'],
    ]);
    expect(asvs({ name: 'shop' }).map(({ name }) => name)).toEqual(['shop-soft-lockout', 'shop-hour']);
  });
});
