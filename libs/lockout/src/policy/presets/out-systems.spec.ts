import { describe, expect, test } from '@jest/globals';
import { assertTimeline } from '../../testing/timeline.js';
import { minutes, seconds } from '../duration.js';
import type { LockoutPolicy } from '../policy.js';
import { judge } from '../transition.js';
import { OUT_SYSTEMS_MESSAGES, outSystems } from './out-systems.js';

const [user, address] = outSystems() as readonly [LockoutPolicy, LockoutPolicy];

/** `count` failures at one time, of which none locks. */
const failures = (count: number, at: string) => Array(count).fill(`${at} –`).join(',');

describe('OutSystems', () => {
  test('OS-1 OS-2 the two steps have the two sentences of the document, word for word', () => {
    const seed = [
      'Too many failed login attempts. Please try again in a few minutes.',
      'Too many failed login attempts. Please try again in 60 minutes.',
    ];
    expect([user.messages, address.messages, OUT_SYSTEMS_MESSAGES]).toEqual([seed, seed, seed]);
    const steps = assertTimeline(user, '0 –, 0 –, 0: 30, 30 –, 30 –, 30: 1830, 1830: 3630').events;
    expect(steps.filter((event) => event.type === 'locked').map((event) => event.step)).toEqual([0, 1, 1]);
    const other = assertTimeline(
      address,
      `${failures(19, '0')}, 0: 300, ${failures(29, '300')}, 300: 3900`,
    ).events;
    expect(other.filter((event) => event.type === 'locked').map((event) => event.step)).toEqual([0, 1]);
  });

  test('OS-3 OS-4 the two kinds count by their own subjects', () => {
    expect(user.scope).toEqual(['account', 'address']);
    expect(address.scope).toEqual(['address']);
    expect(user.counter).not.toBe(address.counter);
  });

  test('OS-5 ten users failing twice each block the address and none of the users', () => {
    assertTimeline(user, '0 –, 0 –, 0 ok');
    assertTimeline(address, `${failures(19, '0')}, 0: 300`);
  });

  test('OS-6 whoever fails, and why, each run of failures ends in a first-step block', () => {
    for (const [policy, count] of [
      [user, 3],
      [address, 20],
    ] as const) {
      const { state } = assertTimeline(policy, `${failures(count - 1, '0')}, 0: ${count === 3 ? 30 : 300}`);
      expect(judge(policy, state, 'password', 1)).toMatchObject({
        allowed: false,
        reason: 'locked',
        step: 0,
      });
    }
  });

  test('OS-7 a block ends by itself: at its end the right password logs in', () => {
    assertTimeline(user, '0 –, 0 –, 0: 30, 30-1ms refused 30, 30 ok');
  });

  test('OS-16 OS-17 an unblock frees the key at once, with a full budget', () => {
    assertTimeline(user, '0 –, 0 –, 0: 30, 1 unlock, 1 –, 1 –, 1: 31');
  });

  test('OS-19 a level that is off neither counts nor refuses, and the other goes on', () => {
    const [off, on] = outSystems({ user: { enabled: false } }) as readonly [LockoutPolicy, LockoutPolicy];
    assertTimeline(off, `${failures(200, '0')}, 0 tick (0)`);
    assertTimeline(on, `${failures(19, '0')}, 0: 300`);
    const [kept, gone] = outSystems({ address: { enabled: false } });
    expect([kept?.enabled, gone?.enabled]).toEqual([true, false]);
  });

  test('OS-20 user at address: 3 failures block 30 s, 6 block 1800 s, each further one again', () => {
    assertTimeline(user, '0 –, 1 –, 2: 32, 3 refused, 32 –, 33 –, 34: 1834, 1834: 3634, 3634 – (2)');
  });

  test('OS-21 address: 20 failures block 300 s, 21 to 49 do not, 50 block 3600 s, the 51st counts 1', () => {
    const timeline = `${failures(19, '0')}, 0: 300, 300-1ms refused 300, ${failures(29, '300')}, 300: 3900, 3900-1ms refused 3900, 3900 – (1)`;
    assertTimeline(address, timeline);
  });

  test('OS-22 only failures of the last 60 minutes count, each alone', () => {
    const inMinutes = { unitMs: minutes(1) };
    assertTimeline(user, '0 –, 1 –, 60-1ms: 60+29999ms', inMinutes);
    assertTimeline(user, '0 –, 1 –, 60 – (2), 61 – (2)', inMinutes);
  });

  test('OS-24 the state keeps what a row shows: attempts and the time of the last', () => {
    const { state } = assertTimeline(user, '0 –, 1 –, 8: 38');
    expect(state).toMatchObject({ failures: 3, lastFailureAt: seconds(8) });
  });

  test('OS-25 the event of a failure that blocks has its time, the one before and the count', () => {
    const { events } = assertTimeline(user, '0 –, 1 –, 8: 38');
    expect(events.filter((event) => event.type === 'locked')).toMatchObject([
      { at: seconds(8), previousFailureAt: seconds(1), failures: 3 },
    ]);
  });

  test('OS-28 from the first on, a failure that does not block is an event with its count, at both levels', () => {
    for (const policy of [user, address]) {
      const { events } = assertTimeline(policy, '3 –, 4 –');
      expect(events).toMatchObject([
        { type: 'failed', at: seconds(3), previousFailureAt: null, failures: 1 },
        { type: 'failed', at: seconds(4), previousFailureAt: seconds(3), failures: 2 },
      ]);
    }
  });

  test("OS-29 success clears the user's count and never the address's", () => {
    assertTimeline(user, '0 –, 0 – (2), 1 ok (0), 1 –, 1 –, 1: 31');
    assertTimeline(address, `${failures(19, '0')}, 1 ok (19), 1 complete (19), 2: 302`);
    expect(address.onPasswordReset).toBe('keep');
  });
});
