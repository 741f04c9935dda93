import { describe, expect, test } from '@jest/globals';
import { definePolicy } from '../define-policy.js';
import type { LockoutPolicy, PolicyInput } from '../policy.js';
import { EMPTY_STATE, type LockoutState } from '../state.js';
import { allFadesAt, nextFadesAt } from './fading.js';

const rule = (fields: Partial<PolicyInput> = {}): LockoutPolicy =>
  definePolicy({
    name: 'p',
    threshold: 9,
    schedule: { kind: 'fixed', durationMs: 10 },
    window: { kind: 'idle', durationMs: 100 },
    ...fields,
  } as PolicyInput);
/** Three failures, the last at 50, and two locks, the last of which ended at 60. */
const state: LockoutState = {
  ...EMPTY_STATE,
  failures: 3,
  consecutive: 3,
  escalation: 2,
  windowStartedAt: 10,
  lastFailureAt: 50,
  lastLockEndedAt: 60,
  updatedAt: 60,
};
const next = (fields: Partial<PolicyInput>, now = 60, given = state) => nextFadesAt(rule(fields), given, now);
const own = (durationMs: number) => ({ escalationWindow: { durationMs } }) as const;

describe('what fades next', () => {
  test('the count and, with it, the escalation', () => {
    expect(next({})).toBe(150);
    expect(allFadesAt(rule(), state)).toBe(150);
  });

  test('the escalation before the count, or after it', () => {
    expect(next(own(30))).toBe(90);
    expect(next(own(500))).toBe(150);
    expect(next(own(500), 150)).toBe(560);
    expect(allFadesAt(rule(own(500)), state)).toBe(560);
    expect(next({ escalationWindow: 'never' }, 150)).toBe(Number.POSITIVE_INFINITY);
  });

  test('the failures in a row, where they are counted and there is a retention', () => {
    const capped = { indefiniteAfterFailures: 50, retentionMs: 300 };
    expect(next({ ...capped, window: { kind: 'none' } })).toBe(360);
    expect(next(capped)).toBe(150);
    expect(next(capped, 150)).toBe(360);
    expect(next({ retentionMs: 300 }, 150)).toBe(Number.POSITIVE_INFINITY);
  });

  test('of a sliding window the oldest failure', () => {
    const times = [20, 40, 50];
    const sliding = { kind: 'sliding', durationMs: 100 } as const;
    const given = { ...state, times, escalation: 0 };
    expect(next({ window: sliding }, 60, given)).toBe(120);
    expect(next({ window: { ...sliding, end: 'inclusive' } }, 60, given)).toBe(121);
    // By then it is forgotten, and the second is the oldest.
    expect(next({ window: sliding }, 120, given)).toBe(140);
    expect(next({ window: sliding }, 150, given)).toBe(Number.POSITIVE_INFINITY);
    // Times are of no meaning to another kind.
    expect(next({}, 60, given)).toBe(150);
  });

  test('that the last failure was fresh, if it makes the next one a quick one', () => {
    const quickFailure = { withinMs: 40, lockMs: 10 };
    expect(next({ quickFailure })).toBe(90);
    expect(next({ quickFailure }, 90)).toBe(150);
    expect(next({ quickFailure }, 60, EMPTY_STATE)).toBe(Number.POSITIVE_INFINITY);
    expect(next({ quickFailure }, 10, EMPTY_STATE)).toBe(Number.POSITIVE_INFINITY);
    // What else is forgotten is not put off by it, nor by a pause.
    expect(next({ quickFailure: { withinMs: 5000, lockMs: 10 }, minIntervalMs: 4000 })).toBe(150);
  });

  test('nothing of what does not fade, and nothing that is in the past', () => {
    expect(next({ window: { kind: 'none' } })).toBe(Number.POSITIVE_INFINITY);
    expect(next({}, 149)).toBe(150);
    expect(next({}, 150)).toBe(Number.POSITIVE_INFINITY);
    expect(next({}, 60, EMPTY_STATE)).toBe(Number.POSITIVE_INFINITY);
  });
});
