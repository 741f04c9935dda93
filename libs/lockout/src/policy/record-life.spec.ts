import { describe, expect, test } from '@jest/globals';
import { ADMIN, rule, SingleKey, TIMEOUT } from '../testing/single-key.js';
import { assertTimeline } from '../testing/timeline.js';
import { days } from './duration.js';
import type { PolicyInput } from './policy.js';
import { isFaded, keepUntil, nextTickAt, sweepAt } from './record-life.js';
import { EMPTY_STATE, type LockoutState, MAX_TIMES } from './state.js';
import { forgottenAt, remember, timesOf } from './window.js';

const ms = { unitMs: 1 };
const idle = (durationMs: number) => ({ kind: 'idle', durationMs }) as const;

describe('how long a record is kept (R3, R25)', () => {
  test.each<[string, Partial<PolicyInput>, string, number | null]>([
    ['as its idle window', { window: idle(50) }, '0 –, 10 –', 60],
    [
      'a millisecond more where the end belongs to it',
      { window: { ...idle(50), end: 'inclusive' } },
      '10 –',
      61,
    ],
    ['as its fixed window', { window: { kind: 'fixed', durationMs: 50 } }, '0 –, 10 –', 50],
    [
      'as its last failure in a sliding window',
      { window: { kind: 'sliding', durationMs: 50 } },
      '0 –, 10 –',
      60,
    ],
    ['without end where nothing is forgotten', {}, '0 –', null],
    ['as its retention', { retentionMs: 500 }, '0 –, 10 –', 510],
    ['as its pause', { window: idle(50), minIntervalMs: 90 }, '0 –', 90],
    ['as its window where the pause is shorter', { window: idle(50), minIntervalMs: 20 }, '0 –', 50],
    ['as its refunds are remembered', { window: idle(50) }, '5 abandon', 55],
    [
      'as long as the last lock’s escalation',
      { window: idle(50), escalationWindow: { durationMs: 300 } },
      '0 –, 0 –, 0: 100',
      400,
    ],
    [
      'without end where escalation is never forgotten',
      { window: idle(50), escalationWindow: 'never' },
      '0 –, 0 –, 0: 100',
      null,
    ],
    [
      'as failures in a row are counted',
      { window: idle(50), indefiniteAfterFailures: 9, retentionMs: 500 },
      '0 –',
      500,
    ],
  ])('%s', (_, fields, timeline, end) => {
    const policy = rule(fields);
    const { state } = assertTimeline(policy, timeline, ms);
    expect(keepUntil(policy, state)).toBe(end);
    if (end === null) expect(forgottenAt(policy, state)).toBe(Number.POSITIVE_INFINITY);
    else if (!state.lock)
      expect([isFaded(policy, state, end - 1), isFaded(policy, state, end)]).toEqual([false, true]);
  });

  test('refunds without a window are remembered for a day', () => {
    const { state } = assertTimeline(rule(), '5 abandon', ms);
    expect(keepUntil(rule(), state)).toBe(5 + days(1));
  });

  test('no longer than to its last change where a pause has nothing to run from', () => {
    for (const fields of [{ minIntervalMs: 90 }, { quickFailure: { withinMs: 90, lockMs: 5 } }]) {
      const policy = rule(fields);
      const { state } = assertTimeline(policy, '0 –, 20 unlock', ms);
      if (policy.minIntervalMs > 0) expect(state.lastFailureAt).toBeNull();
      expect(keepUntil(policy, state)).toBe(20);
    }
  });

  test('escalation is measured from the end of the lock in force, not of the one before', () => {
    const policy = rule({
      threshold: 1,
      window: idle(5),
      schedule: { kind: 'linear', initialMs: 10, stepMs: 400, by: 'lockouts' },
      escalationWindow: { durationMs: 50 },
    });
    const { state } = assertTimeline(policy, '0: 10, 20: 430', ms);
    expect(keepUntil(policy, state)).toBe(480);
    expect(remember(policy, state, 429).escalation).toBe(2);
    const { state: ended } = assertTimeline(policy, '430 tick', { ...ms, state });
    expect([remember(policy, ended, 479).escalation, remember(policy, ended, 480).escalation]).toEqual([
      2, 0,
    ]);
  });

  test('of charges in flight the first that is overdue calls the sweeper', () => {
    const key = new SingleKey(rule({ window: idle(9000) })).guesses(1, 0);
    key.charge('a', 10);
    key.charge('b', 50);
    expect(sweepAt(key.policy, key.state)).toBe(10 + TIMEOUT);
    expect(nextTickAt(key.policy, key.state)).toBe(10 + TIMEOUT);
    expect(keepUntil(key.policy, key.state)).toBe(9000);
    const unending = new SingleKey(rule()).guesses(1, 0);
    expect(sweepAt(unending.policy, unending.state)).toBeNull();
    unending.charge('a', 10);
    expect(sweepAt(unending.policy, unending.state)).toBe(10 + TIMEOUT);
  });

  test('a presumed failure is folded where it belongs: before the charge that came later', () => {
    const key = new SingleKey(rule({ threshold: 9 }));
    key.charge('a', 10);
    key.charge('b', 50);
    key.apply({ type: 'tick' }, 10 + TIMEOUT);
    expect(key.state).toMatchObject({ failures: 1, lastFailureAt: 10 + TIMEOUT, pending: [{ id: 'b' }] });
  });
});

describe('what is remembered', () => {
  test('the same reference while nothing is forgotten, and again once all is', () => {
    const policies = [
      rule({ window: { kind: 'sliding', durationMs: 50 }, retentionMs: 500 }),
      rule({ window: idle(50), retentionMs: 500 }),
      rule(),
    ];
    for (const policy of policies) {
      const { state } = new SingleKey(policy).guesses(2, 0);
      expect(remember(policy, state, 49)).toBe(state);
      const later = remember(policy, state, 600);
      expect(remember(policy, later, 700)).toBe(later);
      expect(remember(policy, EMPTY_STATE, 700)).toBe(EMPTY_STATE);
    }
  });

  test('failures in a row end with the retention, also while others are in flight', () => {
    const policy = rule({ threshold: 9, indefiniteAfterFailures: 4, retentionMs: 100 });
    const fail = (now: number) => {
      const key = new SingleKey(policy).guesses(2, 0);
      key.charge('a', 50);
      key.charge('b', 50);
      key.fail('a', now);
      return key.state.consecutive;
    };
    expect([fail(99), fail(100)]).toEqual([3, 1]);
  });

  test('R25 failures in a row go when the record may go: not under a lock, not with a charge in flight', () => {
    const policy = rule({ window: idle(10) });
    const { state } = new SingleKey(policy).guesses(1, 0);
    const at = (now: number, fields: Partial<LockoutState> = {}) =>
      remember(policy, { ...state, ...fields }, now).consecutive;
    expect([at(9), at(10)]).toEqual([1, 0]);
    const paused = rule({ window: idle(10), minIntervalMs: 50 });
    expect([49, 50].map((now) => remember(paused, state, now).consecutive)).toEqual([1, 0]);
    expect(at(10, { lock: { since: 0, until: 20, cause: 'admin', step: 0 } })).toBe(1);
    expect(at(10, { pending: [{ id: 'a', at: 5, seq: 1, weight: 1 }] })).toBe(1);
  });

  test('an escalation whose lock’s end is not known is kept', () => {
    const policy = rule({ escalationWindow: { durationMs: 50 } });
    expect(remember(policy, { ...EMPTY_STATE, escalation: 1 }, 1000).escalation).toBe(1);
  });

  test('when each standing failure was: kept under another window, they are as late as they can be', () => {
    const times = (fields: Partial<LockoutState>) => timesOf({ ...EMPTY_STATE, ...fields });
    const known = [5, 9];
    expect(times({ failures: 2, times: known, lastFailureAt: 9 })).toBe(known);
    expect(times({ failures: 3, times: known, lastFailureAt: 9 })).toEqual([5, 5, 9]);
    expect(times({ failures: 2, times: [], lastFailureAt: 9 })).toEqual([9, 9]);
    expect(times({ failures: 1, times: [5, 7, 9], lastFailureAt: 9 })).toEqual([9]);
    expect(times({ failures: 0, times: known, lastFailureAt: 9 })).toEqual([]);
    expect(times({ failures: 2, times: [], lastFailureAt: null })).toEqual([]);
    expect(times({ failures: 900, times: [], lastFailureAt: 9 })).toHaveLength(MAX_TIMES);
    expect(times({ failures: 3, times: known, lastFailureAt: 9 })).toHaveLength(3);
  });

  test('a sliding window begins at the first failure that is still in it', () => {
    const policy = rule({ threshold: 9, window: { kind: 'sliding', durationMs: 50 } });
    const { state } = assertTimeline(policy, '0 –, 10 –, 20 –', ms);
    expect(remember(policy, state, 55)).toMatchObject({ failures: 2, times: [10, 20], windowStartedAt: 10 });
  });

  test(`a sliding window remembers ${MAX_TIMES} failures, the last ones`, () => {
    const policy = rule({
      threshold: MAX_TIMES,
      window: { kind: 'sliding', durationMs: 50 },
      weights: { otp: 100 },
    });
    const key = new SingleKey(policy);
    key.guess(0, 'otp');
    key.guess(1, 'otp');
    expect(key.state.times).toEqual([...Array<number>(28).fill(0), ...Array<number>(100).fill(1)]);
    expect(key.state).toMatchObject({ failures: MAX_TIMES, lock: { since: 1 } });
  });

  test('a settle of an id that is not in flight leaves those that are: the same reference', () => {
    const key = new SingleKey(rule());
    key.charge('a', 0);
    const { state } = key;
    expect(key.apply({ type: 'withdraw', id: 'b' }, 1).state).toBe(state);
    expect(key.apply({ type: 'unlock', via: 'link', actor: ADMIN }, 1).state).toBe(state);
  });
});
