import { describe, expect, test } from '@jest/globals';
import { assertTimeline } from '../../testing/timeline.js';
import { hours, minutes } from '../duration.js';
import type { LockoutPolicy } from '../policy.js';
import { PolicyError } from '../policy-error.js';
import { EMPTY_STATE, type LockoutState } from '../state.js';
import { judge, transition } from '../transition.js';
import { type ReachFiveOptions, reachFive } from './reach-five.js';

const preset = (options?: ReachFiveOptions): LockoutPolicy => {
  const [policy, ...more] = reachFive(options);
  expect(more).toEqual([]);
  return policy as LockoutPolicy;
};
const scenario = preset({ allowedFailures: 5, firstLockMs: minutes(7) });
const inMinutes = { unitMs: minutes(1) };

function fails(policy: LockoutPolicy, state: LockoutState | null, at: number) {
  const charged = transition(policy, state, { type: 'charge', id: 'x', method: 'password' }, at);
  expect(charged.decision?.allowed).toBe(true);
  return transition(policy, charged.state, { type: 'fail', id: 'x' }, at).state;
}

describe('ReachFive', () => {
  test('R5-1 by default the sixth failure locks for 5 minutes', () => {
    assertTimeline(preset(), '0 –, 0 –, 0 –, 0 –, 0 –, 0: 5, 5-1ms refused 5, 5 ok', inMinutes);
  });

  test('R5-2 Mehdi: three failures, then the right password: no lockout', () => {
    const { events } = assertTimeline(scenario, '0 –, 1 –, 2 –, 3 ok', inMinutes);
    expect(events).toMatchObject([
      { type: 'cleared', via: 'success', before: { failures: 3, escalation: 0 } },
    ]);
  });

  test('R5-3 Thomas: five failures, then the right password: no lockout', () => {
    const { events } = assertTimeline(scenario, '0 –, 0 –, 0 –, 0 –, 0 –, 1 ok', inMinutes);
    expect(events).toMatchObject([
      { type: 'cleared', via: 'success', before: { failures: 5, escalation: 0 } },
    ]);
  });

  test('R5-4 Alex: the sixth failure locks for 7 minutes', () => {
    assertTimeline(scenario, '0 –, 0 –, 0 –, 0 –, 0 –, 1: 8, 2 refused, 8-1ms refused 8, 8: 22', inMinutes);
  });

  test('R5-5 Elisabeth: of three allowed the fourth failure locks', () => {
    assertTimeline(preset({ allowedFailures: 3 }), '0 –, 0 –, 0 –, 0: 5', inMinutes);
  });

  test('R5-6 Melanie: long after a lockout count 3 does not lock, and the fourth locks for the first duration', () => {
    const weeksAgo = '0 –, 0 –, 0 –, 0: 5';
    assertTimeline(
      preset({ allowedFailures: 3 }),
      `${weeksAgo}, 20000 –, 20000 –, 20020 – (3), 20021: 20026`,
      inMinutes,
    );
  });

  test('R5-7 Francois: after the lock one failure locks for twice as long, and a right password signs in', () => {
    const locked = '0 –, 0 –, 0 –, 0 –, 0 –, 0: 7';
    assertTimeline(scenario, `${locked}, 7: 21`, inMinutes);
    assertTimeline(scenario, `${locked}, 7 ok, 8 –`, inMinutes);
  });

  test('R5-8 the k-th lockout lasts min(first × 2^(k-1), 24 h)', () => {
    const lasts = [5, 10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440, 1440];
    const timeline = ['0 –, 0 –, 0 –, 0 –, 0 –'];
    let now = 0;
    for (const last of lasts) {
      timeline.push(`${now}: ${now + last}`);
      now += last;
    }
    assertTimeline(preset(), timeline.join(','), inMinutes);
  });

  test('R5-9 a first duration of 24 h stays 24 h; above it is a configuration error', () => {
    const day = preset({ allowedFailures: 1, firstLockMs: hours(24) });
    assertTimeline(day, '0 –, 0: 1440, 1440: 2880, 2880: 4320', inMinutes);
    expect(() => reachFive({ firstLockMs: hours(24) + 1 })).toThrow(PolicyError);
    expect(() => reachFive({ firstLockMs: hours(24) + 1 })).toThrow(
      /schedule\.initialMs: is longer than maximumMs/,
    );
    expect(() => reachFive({ firstLockMs: 0 })).toThrow(PolicyError);
  });

  test('R5-9 R5-17 administrators may enter any first duration up to 24 h, and are told so', () => {
    expect(preset().limits).toEqual({ 'schedule.initialMs': { min: 1, max: hours(24), integer: true } });
    assertTimeline(preset({ allowedFailures: 1, firstLockMs: 1 }), '0 –, 0: 1, 1: 3', { unitMs: 1 });
  });

  test('R5-10 Chris: 3 failures at 09:30 are forgotten at 16:30: the count is 2', () => {
    assertTimeline(preset(), '570 –, 570 –, 570 – (3), 990 –, 990 – (2)', inMinutes);
  });

  test('R5-10 Melanie: 2 failures at 10:15 still count at 10:35: the count is 3', () => {
    assertTimeline(preset({ allowedFailures: 3 }), '615 –, 615 –, 635 – (3)', inMinutes);
  });

  test('R5-10 not locked, the count is forgotten exactly R after the last failure', () => {
    assertTimeline(preset(), '0 –, 30 –, 90-1ms – (3)', inMinutes);
    assertTimeline(preset(), '0 –, 30 –, 90 – (1)', inMinutes);
  });

  test("R5-11 after Elisabeth's lockout the count is forgotten exactly R after its end", () => {
    const end = Date.parse('2023-02-21T12:15:09.536Z');
    const policy = preset({ allowedFailures: 3 });
    let state: LockoutState = EMPTY_STATE;
    for (let failure = 1; failure <= 4; failure += 1) state = fails(policy, state, end - minutes(5));
    expect(state.lock?.until).toBe(end);
    const doubled = fails(policy, state, Date.parse('2023-02-21T13:15:09.535Z'));
    expect(doubled.lock?.until).toBe(Date.parse('2023-02-21T13:15:09.535Z') + minutes(10));
    const anew = fails(policy, state, Date.parse('2023-02-21T13:15:09.536Z'));
    expect(anew).toMatchObject({ failures: 1, lock: null, escalation: 0 });
  });

  test('R5-12 forgetting clears count and escalation; R is a setting', () => {
    const policy = preset({ allowedFailures: 1, resetAfterMs: minutes(20) });
    assertTimeline(policy, '0 –, 0: 5, 5: 15, 35 – (1), 35: 40', inMinutes);
    assertTimeline(policy, '0 –, 0: 5, 5: 15, 35-1ms: 55-1ms', inMinutes);
  });

  test('R5-13 the events say when the last lockout ends or ended', () => {
    const locked = '0 –, 0 –, 0 –, 0 –, 0 –, 0: 7';
    const ends = (rest: string) => assertTimeline(scenario, `${locked}, ${rest}`, inMinutes).events.at(-1);
    expect(ends('1 refused')).toMatchObject({ type: 'locked', until: minutes(7) });
    expect(ends('9 tick')).toMatchObject({ type: 'expired', at: minutes(7) });
    for (const act of ['unlock', 'reset']) {
      expect(ends(`2 ${act}`)).toMatchObject({ type: 'unlocked', at: minutes(2) });
    }
  });

  test('R5-14 each lockout is told exactly once, relocks too, refusals never', () => {
    const { events } = assertTimeline(
      scenario,
      '0 –, 0 –, 0 –, 0 –, 0 –, 0: 7, 1 refused, 2 refused, 7: 21, 8 refused, 21: 49',
      inMinutes,
    );
    expect(events.filter((event) => event.type === 'locked').map((event) => event.escalation)).toEqual([
      1, 2, 3,
    ]);
  });

  test('R5-15 Marion: a completed password reset removes the lock, the count and the escalation', () => {
    const marion = '0 –, 0 –, 0 –, 0 –, 0 –, 0: 7, 1 refused, 2 reset, 2 ok';
    assertTimeline(scenario, marion, inMinutes);
    assertTimeline(
      scenario,
      '0 –, 0 –, 0 –, 0 –, 0 –, 0: 7, 2 reset, 2 –, 2 –, 2 –, 2 –, 2 –, 2: 9',
      inMinutes,
    );
  });

  test('R5-16 other methods work while locked, and change neither lock nor count nor escalation', () => {
    const { state } = assertTimeline(scenario, '0 –, 0 –, 0 –, 0 –, 0 –, 0: 7', inMinutes);
    const signedIn = assertTimeline(scenario, '1 #sms ok, 2 #sms –, 3 #passkey ok', { ...inMinutes, state });
    expect(signedIn.state).toBe(state);
    expect(judge(scenario, state, 'password', minutes(4)).allowed).toBe(false);
    assertTimeline(scenario, '0 –, 0 – (2), 1 #sms ok (2), 2 – (3)', inMinutes);
  });

  test('R5-17 a changed setting governs from the next input on; a lock in force keeps its end', () => {
    const { state } = assertTimeline(scenario, '0 –, 0 –, 0 –, 0 –, 0 –, 0: 7', inMinutes);
    const longer = preset({ allowedFailures: 5, firstLockMs: minutes(30) });
    assertTimeline(longer, '1 refused 7, 7: 67', { ...inMinutes, state });
  });

  test('R5-18 a right password when not locked clears count and escalation', () => {
    assertTimeline(scenario, '0 –, 0 –, 0 –, 0 –, 0 – (5), 1 ok (0), 1 – (1)', inMinutes);
    assertTimeline(
      scenario,
      '0 –, 0 –, 0 –, 0 –, 0 –, 0: 7, 7 ok, 8 –, 8 –, 8 –, 8 –, 8 –, 8: 15',
      inMinutes,
    );
  });
});
