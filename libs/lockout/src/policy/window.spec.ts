import { describe, expect, test } from '@jest/globals';
import { exhausted, locked, rule, SingleKey } from '../testing/single-key.js';
import { assertTimeline } from '../testing/timeline.js';
import { type PolicyInput } from './policy.js';
import { isFaded } from './record-life.js';
import { EMPTY_STATE, MAX_CONTRIBUTIONS } from './state.js';
import { judge } from './transition.js';
import { remember, timesOf } from './window.js';

describe('windows, on both sides of their end', () => {
  const idle = { kind: 'idle', durationMs: 50 } as const;
  test.each<[string, PolicyInput['window'], string]>([
    ['idle exclusive, inside', idle, '0 –, 10 –, 59: 159'],
    ['idle exclusive, at the end', idle, '0 –, 10 –, 60 – (1)'],
    ['idle inclusive, at the end', { ...idle, end: 'inclusive' }, '0 –, 10 –, 60: 160'],
    ['idle inclusive, past it', { ...idle, end: 'inclusive' }, '0 –, 10 –, 61 – (1)'],
    ['fixed, inside', { kind: 'fixed', durationMs: 50 }, '0 –, 10 –, 49: 149'],
    ['fixed, at the end', { kind: 'fixed', durationMs: 50 }, '0 –, 10 –, 50 – (1)'],
    [
      'fixed inclusive, at the end',
      { kind: 'fixed', durationMs: 50, end: 'inclusive' },
      '0 –, 10 –, 50: 150',
    ],
    ['sliding, inside', { kind: 'sliding', durationMs: 50 }, '0 –, 10 –, 49: 149'],
    ['sliding, at the end of the first', { kind: 'sliding', durationMs: 50 }, '0 –, 10 –, 50 – (2), 59: 159'],
    [
      'sliding inclusive, at the end',
      { kind: 'sliding', durationMs: 50, end: 'inclusive' },
      '0 –, 10 –, 50: 150',
    ],
    ['none, a year later', { kind: 'none' }, '0 –, 10 –, 31536000000: 31536000100'],
  ])('%s', (_, window, timeline) => {
    assertTimeline(rule({ window }), timeline, { unitMs: 1 });
  });

  test('a policy whose kind of window changed forgets no failure early', () => {
    const { state } = assertTimeline(rule({ window: idle }), '0 –, 10 – (2)', { unitMs: 1 });
    const sliding = rule({ window: { kind: 'sliding', durationMs: 50 } });
    assertTimeline(sliding, '59: 159', { unitMs: 1, state });
    assertTimeline(sliding, '60 – (1)', { unitMs: 1, state });
  });

  test('the other way round, a fixed window begins with the oldest failure that a sliding one still counted', () => {
    const sliding = rule({ window: { kind: 'sliding', durationMs: 50 } });
    // At 65 the first is forgotten, and the second is where a fixed window would have begun.
    const { state } = assertTimeline(sliding, '10 –, 20 –, 65 – (2)', { unitMs: 1 });
    expect(state.windowStartedAt).toBe(20);
    const fixed = rule({ window: { kind: 'fixed', durationMs: 50 } });
    assertTimeline(fixed, '69: 169', { unitMs: 1, state });
    assertTimeline(fixed, '70 – (1)', { unitMs: 1, state });
  });

  test('of more times than failures the latest stand for them', () => {
    const kept = { ...EMPTY_STATE, times: [1, 2, 3], lastFailureAt: 3 };
    expect([0, 1, 2, 3].map((failures) => timesOf({ ...kept, failures }))).toEqual([
      [],
      [3],
      [2, 3],
      [1, 2, 3],
    ]);
  });

  test('R25 failures in a row go with the rest, at the very moment from which the record may be deleted', () => {
    const policy = rule({ window: idle });
    const { state } = new SingleKey(policy).guesses(2, 10);
    expect(remember(policy, state, 59)).toBe(state);
    expect(remember(policy, state, 60)).toMatchObject({ failures: 0, consecutive: 0 });
    expect(isFaded(policy, state, 60)).toBe(true);
  });
});

describe('the other fields', () => {
  test('minIntervalMs: after a failure a pause, exact on both sides, one at a time, and it is no lock', () => {
    const policy = rule({ minIntervalMs: 20 });
    assertTimeline(policy, '0 –, 19 refused 20, 20 –, 40: 140', { unitMs: 1 });
    expect(judge(policy, new SingleKey(policy).guesses(1, 0).state, 'password', 1)).toEqual(
      locked(20, 'pause'),
    );
    const key = new SingleKey(policy);
    expect(key.charge('a', 0)).toMatchObject({ allowed: true, remaining: 2 });
    expect(key.charge('b', 0)).toEqual(exhausted);
  });

  test('of a lock and a pause the one that ends last is told, of two that end at once the lock', () => {
    const policy = rule({ threshold: 1, minIntervalMs: 150 });
    assertTimeline(policy, '0: 100, 50 refused 150, 120 refused 150, 150: 250', { unitMs: 1 });
    for (const minIntervalMs of [40, 100]) {
      const shorter = rule({ threshold: 1, minIntervalMs });
      const { state } = assertTimeline(shorter, '0: 100, 20 refused 100, 50 refused 100', { unitMs: 1 });
      expect(judge(shorter, state, 'password', 20)).toEqual(locked(100));
    }
  });

  test('a pause refuses what a lock would: not while the policy is off or watches, nor methods it lets pass', () => {
    const paused = rule({ minIntervalMs: 20, counts: ['password'] });
    const { state } = new SingleKey(paused).guesses(1, 0);
    expect(judge(paused, state, 'password', 1)).toEqual(locked(20, 'pause'));
    expect(judge(paused, state, 'otp', 1).allowed).toBe(true);
    for (const fields of [{ enabled: false }, { enforce: false }])
      expect(judge(rule({ minIntervalMs: 20, ...fields }), state, 'password', 1).allowed).toBe(true);
    const all = rule({ minIntervalMs: 20, counts: ['password'], refuses: 'all' });
    expect(judge(all, state, 'otp', 1)).toEqual(locked(20, 'pause'));
  });

  test('indefiniteAfterLockouts: after so many temporary locks in a row the next is indefinite', () => {
    const policy = rule({ threshold: 1, indefiniteAfterLockouts: 2 });
    assertTimeline(policy, '0: 100, 100: 200, 200: ∞', { unitMs: 1 });
  });

  test('indefiniteAfterFailures: consecutive failures in all, whatever the window; a success ends the count', () => {
    const policy = rule({ indefiniteAfterFailures: 4, window: { kind: 'idle', durationMs: 10 } });
    assertTimeline(policy, '0 –, 20 –, 40 –, 60: ∞', { unitMs: 1 });
    assertTimeline(policy, '0 –, 20 –, 40 ok, 60 –, 80 –, 100 –, 120: ∞', { unitMs: 1 });
  });

  test('indefiniteAfterFailures: no more are in flight than failures are left before it', () => {
    const key = new SingleKey(rule({ threshold: 9, indefiniteAfterFailures: 2 }));
    expect(key.charge('a', 0)).toMatchObject({ allowed: true, remaining: 1 });
    expect(key.charge('b', 0)).toMatchObject({ allowed: true, remaining: 0 });
    expect(key.charge('c', 0)).toEqual(exhausted);
  });

  test('indefiniteAfterFailures: a record whose window is over is not faded while the cap still counts', () => {
    const policy = rule({
      indefiniteAfterFailures: 4,
      window: { kind: 'idle', durationMs: 10 },
      retentionMs: 500,
    });
    const key = new SingleKey(policy).guesses(1, 0);
    key.charge('a', 20);
    key.apply({ type: 'withdraw', id: 'a' }, 20);
    expect(isFaded(policy, key.state, 499)).toBe(false);
    expect(isFaded(policy, key.state, 500)).toBe(true);
    assertTimeline(policy, '0 –, 20 tick, 499 –, 510 –, 520: ∞', { unitMs: 1 });
    assertTimeline(policy, '0 –, 20 tick, 500 –, 511 –, 522 –', { unitMs: 1 });
  });

  test('retentionMs ends a count on both sides of its moment, and never a lock', () => {
    const policy = rule({ retentionMs: 500 });
    assertTimeline(policy, '0 –, 0 –, 499: 599', { unitMs: 1 });
    assertTimeline(policy, '0 –, 0 –, 500 – (1)', { unitMs: 1 });
    assertTimeline(rule({ retentionMs: 1 }), '0 –, 0 –, 0: 100, 99 refused 100', { unitMs: 1 });
  });

  test('retentionMs ends the escalation too, from the end of the last lock on', () => {
    const schedule = { kind: 'linear', initialMs: 10, stepMs: 10, by: 'lockouts' } as const;
    const policy = rule({ retentionMs: 500, schedule, escalationWindow: 'never' });
    assertTimeline(policy, '0 –, 0 –, 0: 10, 509: 529', { unitMs: 1 });
    assertTimeline(policy, '0 –, 0 –, 0: 10, 510 – (1)', { unitMs: 1 });
  });

  test('notify: a failure from the named count on is told even when it does not lock', () => {
    const key = new SingleKey(rule({ threshold: 4, notify: { from: 2 } }));
    const told = [0, 0, 0, 0].flatMap(() => key.guess(0).events.map((event) => event.type));
    expect(told).toEqual(['failed', 'failed', 'locked']);
  });

  test('multiples: a step for each whole threshold of failures', () => {
    const policy = rule({ threshold: 2, schedule: { kind: 'multiples', stepMs: 10, by: 'failures' } });
    assertTimeline(policy, '0 –, 0: 10, 10: 20, 20: 40, 40: 60, 60: 90', { unitMs: 1 });
  });

  test(`past ${MAX_CONTRIBUTIONS} addresses a part stays that no success clears (R34)`, () => {
    const policy = rule({ threshold: 99, onSuccess: 'clear-own-address' });
    const addresses = Array.from({ length: MAX_CONTRIBUTIONS + 2 }, (_, index) => `a${index}`);
    const fails = addresses.map((from) => `0 @${from} –`).join(',');
    const clears = addresses.map((from) => `1 @${from} ok`).join(',');
    assertTimeline(policy, `${fails}, ${clears} (2)`);
  });

  test("clear-own-address: one's own success does not clear the escalation that another address caused", () => {
    const policy = rule({
      onSuccess: 'clear-own-address',
      afterLock: 'fresh-budget',
      escalationWindow: 'never',
      schedule: { kind: 'exponential', initialMs: 10, factor: 2, by: 'lockouts' },
    });
    assertTimeline(policy, '0 @B –, 0 @B –, 0 @B: 10, 10 @A –, 10 @A ok (0), 11 @B –, 11 @B –, 11 @B: 31', {
      unitMs: 1,
    });
  });
});
