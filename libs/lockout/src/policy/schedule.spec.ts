import { describe, expect, test } from '@jest/globals';
import { exhausted, rule, SingleKey, table } from '../testing/single-key.js';
import { assertTimeline } from '../testing/timeline.js';
import { MAX_DURATION_MS } from './duration.js';
import type { PolicyInput, Schedule } from './policy.js';

const ms = { unitMs: 1 };
const doubling = (by: 'failures' | 'lockouts', maximumMs?: number): Schedule => ({
  kind: 'exponential',
  initialMs: 10,
  factor: 2,
  by,
  ...(maximumMs === undefined ? {} : { maximumMs }),
});

describe('how long a lock lasts', () => {
  test.each<[string, Partial<PolicyInput>, string]>([
    ['doubling by failures', { schedule: doubling('failures') }, '0 –, 0 –, 0: 10, 10: 30, 30: 70'],
    ['doubling by lockouts', { schedule: doubling('lockouts') }, '0 –, 0 –, 0: 10, 10: 30, 30: 70'],
    ['doubling to its maximum', { schedule: doubling('failures', 15) }, '0 –, 0 –, 0: 10, 10: 25, 25: 40'],
    [
      'by failures past the first lock, which is the N+1-th failure with exceeding',
      { locksOn: 'exceeding', threshold: 2, schedule: doubling('failures') },
      '0 –, 0 –, 0: 10, 10: 30',
    ],
    [
      'by failures where only each multiple locks: those between count',
      { afterLock: 'relock-at-each-multiple', schedule: doubling('failures') },
      '0 –, 0 –, 0: 10, 10 –, 10 –, 10: 90',
    ],
    [
      'by lockouts where only each multiple locks: those between do not',
      { afterLock: 'relock-at-each-multiple', schedule: doubling('lockouts') },
      '0 –, 0 –, 0: 10, 10 –, 10 –, 10: 30',
    ],
    [
      'a step more each lockout',
      { threshold: 1, schedule: { kind: 'linear', initialMs: 10, stepMs: 5, by: 'lockouts' } },
      '0: 10, 10: 25, 25: 45',
    ],
    [
      'a step for each lockout',
      {
        threshold: 2,
        afterLock: 'fresh-budget',
        schedule: { kind: 'multiples', stepMs: 10, by: 'lockouts' },
      },
      '0 –, 0: 10, 10 –, 10: 30, 30 –, 30: 60',
    ],
    [
      'a fraction is rounded up, a product that is whole but for its last digits is not',
      { threshold: 1, schedule: { kind: 'exponential', initialMs: 60_000, factor: 1.1, by: 'lockouts' } },
      '0: 60000, 60000: 126000, 126000: 198600, 198600: 278460, 278460: 366306, 366306: 462937',
    ],
    [
      'a century at most',
      {
        threshold: 1,
        schedule: { kind: 'linear', initialMs: MAX_DURATION_MS - 1, stepMs: 9, by: 'lockouts' },
      },
      `0: ${MAX_DURATION_MS - 1}, ${MAX_DURATION_MS - 1}: ${2 * MAX_DURATION_MS - 1}`,
    ],
  ])('%s', (_, fields, timeline) => {
    assertTimeline(rule(fields), timeline, ms);
  });
});

describe('room: how many may be in flight (R1, R9)', () => {
  const admitted = (key: SingleKey, now: number): number => {
    for (let index = 0; ; index += 1) {
      const decision = key.charge(`in-flight-${index}`, now);
      if (!decision?.allowed) {
        expect(decision).toEqual(exhausted);
        return index;
      }
    }
  };

  test('one where the next failure relocks, whatever the window forgot', () => {
    const policy = rule({
      schedule: doubling('lockouts'),
      window: { kind: 'idle', durationMs: 50 },
      escalationWindow: { durationMs: 200 },
    });
    expect(admitted(new SingleKey(policy).guesses(3, 0), 100)).toBe(1);
    expect(admitted(new SingleKey(policy).guesses(3, 0), 210)).toBe(3);
  });

  test('as many as the next multiple needs', () => {
    const policy = rule({ afterLock: 'relock-at-each-multiple' });
    const key = new SingleKey(policy).guesses(3, 0);
    expect(admitted(key, 100)).toBe(3);
    const four = new SingleKey(policy).guesses(3, 0).guesses(1, 100);
    expect(admitted(four, 100)).toBe(2);
  });

  test('as many as are left before the standards’ hard cap', () => {
    const policy = rule({ threshold: 9, indefiniteAfterFailures: 3 });
    expect(admitted(new SingleKey(policy), 0)).toBe(3);
    expect(admitted(new SingleKey(policy).guesses(1, 0), 0)).toBe(2);
  });
});

describe('which step a lock is', () => {
  test('of the hard cap: the step that the schedule would have set, or the lockouts so far', () => {
    const stepOf = (policy: SingleKey['policy'], guesses: number, now = 0) => {
      const key = new SingleKey(policy);
      for (let guess = 0; guess < guesses; guess += 1) {
        key.guess(Math.max(now, key.state.lock?.until ?? 0));
      }
      return key.state.lock;
    };
    expect(stepOf(rule({ threshold: 9, indefiniteAfterFailures: 2 }), 2)).toMatchObject({
      until: null,
      step: 0,
    });
    const between = rule({ threshold: 3, afterLock: 'relock-at-each-multiple', indefiniteAfterFailures: 5 });
    expect(stepOf(between, 5)).toMatchObject({ until: null, step: 1 });
    const rows = table(
      [
        [2, 10],
        [5, 20],
      ],
      { indefiniteAfterFailures: 5 },
    );
    expect(stepOf(rows, 5)).toMatchObject({ until: null, step: 1 });
    const late = table(
      [
        [1, 10],
        [2, 10],
        [3, 10],
      ],
      { indefiniteAfterFailures: 3 },
    );
    expect(stepOf(late, 3)).toMatchObject({ until: null, step: 2 });
  });
});
