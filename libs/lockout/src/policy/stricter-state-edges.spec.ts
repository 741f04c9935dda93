import { describe, expect, test } from '@jest/globals';
import { failed, NOW } from '../testing/counted-apart.js';
import { rule } from '../testing/single-key.js';
import { EMPTY_STATE, type Lock, type LockoutState, MAX_PENDING } from './state.js';
import { stricterState } from './stricter-state.js';
import { remember } from './window.js';

const policy = rule({ threshold: 9 });
const lock: Lock = { since: NOW, until: NOW + 50, cause: 'failures', step: 0 };
const merge = (
  stored: LockoutState | null,
  apart: LockoutState,
  base: LockoutState | null = null,
  by = policy,
) => stricterState(by, stored, { base, apart, ended: new Set() }, NOW);

describe('a lock that was lifted there meanwhile', () => {
  const base = { ...failed(5), lock };

  test('does not come back because it reads the same here, after a failure that did not touch it', () => {
    const apart = { ...failed(6), lock: { ...lock } };
    expect(merge(failed(5), apart, base).state.lock).toBeNull();
  });

  test.each<[string, Partial<Lock>]>([
    ['since', { since: NOW - 1 }],
    ['until', { until: NOW + 51 }],
    ['cause', { cause: 'quick' }],
  ])('but one that was set here is another: by its %s', (_, fields) => {
    const apart = { ...failed(6), lock: { ...lock, ...fields } };
    expect(merge(failed(5), apart, base).state.lock).toEqual({ ...lock, ...fields });
  });
});

describe('the count of both sides', () => {
  test('in a sliding window has all the times of the longer one, whichever side that is', () => {
    const sliding = rule({ threshold: 9, window: { kind: 'sliding', durationMs: 100 } });
    const slid = (...ages: readonly number[]): LockoutState => ({
      ...failed(ages.length),
      times: ages.map((age) => NOW - age),
    });
    const both = { failures: 3, times: [NOW - 40, NOW - 30, NOW - 5] };
    expect(merge(slid(40, 30, 20), slid(5), null, sliding).state).toMatchObject(both);
    expect(merge(slid(5), slid(40, 30, 20), null, sliding).state).toMatchObject(both);
  });

  test('begins where an escalation is remembered by it, although no failure stands', () => {
    const fixed = rule({ threshold: 9, window: { kind: 'fixed', durationMs: 100 } });
    const escalated = { ...failed(0), failureSeq: 4, escalation: 1, windowStartedAt: NOW - 1 };
    const { state } = merge(null, escalated, null, fixed);
    expect(remember(fixed, state, NOW + 98).escalation).toBe(1);
    expect(remember(fixed, state, NOW + 99).escalation).toBe(0);
  });

  test('begins where failures stand: a side that has nothing to remember has no say', () => {
    const emptied = { ...failed(0), failureSeq: 4, windowStartedAt: NOW - 1 };
    const stood = failed(2, NOW - 30);
    expect(merge(emptied, { ...stood, failureSeq: 6 }).state.windowStartedAt).toBe(NOW - 30);
  });

  test('keeps the parts of the addresses of the larger one', () => {
    const own = rule({ threshold: 9, onSuccess: 'clear-own-address' });
    const part = (from: string, count: number) => ({ contributions: [{ from, count, seq: count }] });
    const [two, three] = [
      { ...failed(2), ...part('A', 2) },
      { ...failed(3), ...part('B', 3) },
    ];
    expect(merge(two, three, null, own).state).toMatchObject(part('B', 3));
    expect(merge(three, two, null, own).state).toMatchObject(part('B', 3));
    // Of two that are as large the stored one.
    const other = { ...failed(2), ...part('C', 2) };
    expect(merge(two, other, null, own).state).toMatchObject(part('A', 2));
  });
});

describe('the ends of locks', () => {
  const past: Lock = { ...lock, since: NOW - 20, until: NOW - 10 };

  test('of the lock that both know one is told; of one that was set here, its own', () => {
    const base = { ...failed(5, NOW - 20), lock: past };
    expect(merge(base, { ...base, failureSeq: 6 }, base).events).toEqual([{ type: 'expired', at: NOW - 10 }]);
    const own = { ...failed(6, NOW - 15), lock: { ...past, until: NOW - 5 } };
    const lifted = { ...EMPTY_STATE, failureSeq: 5, updatedAt: NOW - 15 };
    expect(merge(lifted, own, base).events).toEqual([{ type: 'expired', at: NOW - 5 }]);
  });

  test('and a failure that comes at that moment is told too', () => {
    const overdue = rule({ threshold: 6, attemptTimeoutMs: 10 });
    const base = { ...failed(5, NOW - 30), lock: { ...past, until: NOW - 5 } };
    // Charged apart under no lock of this policy’s, presumed a failure as the lock ends.
    const pending = [{ id: 'x', at: NOW - 15, seq: 5, weight: 1 }];
    const { events } = merge(failed(5, NOW - 30), { ...base, pending }, base, overdue);
    expect(events).toMatchObject([{ type: 'locked', at: NOW - 5 }]);
  });
});

test('a policy that is off drops the charges that a record cannot hold, and counts none', () => {
  const charges = (name: string, at: number) =>
    Array.from({ length: 40 }, (_, n) => ({ id: `${name}${n}`, at: at + n, seq: 0, weight: 1 }));
  const stored = { ...EMPTY_STATE, pending: charges('s', NOW - 100), updatedAt: NOW };
  const apart = { ...EMPTY_STATE, pending: charges('a', NOW - 200), updatedAt: NOW };
  const { state, events } = merge(stored, apart, null, rule({ enabled: false }));
  expect(state.pending).toHaveLength(MAX_PENDING);
  expect(state.failures).toBe(0);
  expect(events).toEqual([]);
});
