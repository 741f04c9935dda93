import { describe, expect, test } from '@jest/globals';
import { rule } from '../testing/single-key.js';
import { assertTimeline } from '../testing/timeline.js';
import type { PolicyInput } from './policy.js';
import { keepUntil } from './record-life.js';

const ms = { unitMs: 1 };
const policy = (fields: Partial<PolicyInput> = {}) =>
  rule({ threshold: 3, schedule: { kind: 'fixed', durationMs: 10 }, ...fields } as Partial<PolicyInput>);

describe('which failure locks after a lock', () => {
  test('relock-on-next-failure: every further failure', () => {
    assertTimeline(policy(), '0 –, 0 –, 0: 10, 10: 20, 20: 30', ms);
  });

  test('relock-at-each-multiple: the 3rd, the 6th, the 9th, and none between', () => {
    const each = policy({ afterLock: 'relock-at-each-multiple' });
    assertTimeline(each, '0 –, 0 –, 0: 10, 10 – (4), 10 – (5), 10: 20, 20 –, 20 –, 20: 30', ms);
  });

  test('relock-at-each-multiple with locksOn exceeding: the 4th, then the 6th, the 9th (R9)', () => {
    const each = policy({ afterLock: 'relock-at-each-multiple', locksOn: 'exceeding' });
    assertTimeline(each, '0 –, 0 –, 0 –, 0: 10, 10 –, 10: 20, 20 –, 20 –, 20: 30', ms);
  });

  test('relock-at-each-multiple with heavier failures: passing a multiple is reaching it', () => {
    const each = policy({ afterLock: 'relock-at-each-multiple', weights: { otp: 2 } });
    assertTimeline(each, '0 #otp – (2), 0 #otp: 10, 10 – (5), 10 #otp: 20, 20 – (8), 20: 30', ms);
  });

  test('relock-at-each-multiple: growth by failures follows the count', () => {
    const each = policy({
      afterLock: 'relock-at-each-multiple',
      schedule: { kind: 'multiples', stepMs: 10, by: 'failures' },
    });
    assertTimeline(each, '0 –, 0 –, 0: 10, 10 –, 10 –, 10: 30, 30 –, 30 –, 30: 60', ms);
  });

  test('a budget of each multiple is as large as the way to it: five of six in flight are not admitted', () => {
    const each = policy({ afterLock: 'relock-at-each-multiple' });
    assertTimeline(each, '0 –, 0 –, 0: 10, 10 ok (0), 10 –, 10 –, 10: 20', ms);
  });

  test('P1 R34 relock-at-each-multiple in a sliding window: past the 128 that it remembers every failure locks', () => {
    const each = policy({
      threshold: 50,
      afterLock: 'relock-at-each-multiple',
      window: { kind: 'sliding', durationMs: 10_000 },
    });
    const free = (count: number) => Array<string>(count).fill('0 –').join(', ');
    const upTo127 = `${free(49)}, 0: 10 (50), ${free(49).replaceAll('0 –', '10 –')}, 10: 20 (100), ${free(27).replaceAll('0 –', '20 –')}`;
    assertTimeline(each, `${upTo127}, 20: 30 (128), 30: 40 (128), 40: 50 (128)`, ms);
  });

  test('fresh-budget: the count is zero as soon as the lock is set', () => {
    assertTimeline(policy({ afterLock: 'fresh-budget' }), '0 –, 0 –, 0: 10 (0), 10 –, 10 –, 10: 20', ms);
  });

  test('fresh-budget-at-end: the count stands during the lock and is zero from its end on', () => {
    const fresh = policy({ afterLock: 'fresh-budget-at-end' });
    assertTimeline(fresh, '0 –, 0 –, 0: 10 (3), 10-1ms refused 10 (3), 10 – (1), 10 –, 10: 20', ms);
    assertTimeline(fresh, '0 –, 0 –, 0: 10, 10 tick (0), 10 ok', ms);
  });

  test('fresh-budget-at-end: a failure that settles during the lock goes with it; with fresh-budget it stays', () => {
    const settledLate = (afterLock: 'fresh-budget' | 'fresh-budget-at-end') =>
      assertTimeline(
        policy({ afterLock, counts: ['password', 'otp'], enforce: false } as Partial<PolicyInput>),
        `0 –, 0 –, 0: 10, 5 – (${afterLock === 'fresh-budget' ? 1 : 4}), 10 – (${afterLock === 'fresh-budget' ? 2 : 1})`,
        ms,
      );
    settledLate('fresh-budget');
    settledLate('fresh-budget-at-end');
  });

  test('fresh-budget-at-end: a record lives to the end of its lock, for nothing is left afterwards', () => {
    const fresh = policy({
      afterLock: 'fresh-budget-at-end',
      window: { kind: 'idle', durationMs: 500 },
      escalationWindow: { durationMs: 40 },
    });
    const { state } = assertTimeline(fresh, '0 –, 0 –, 0: 10', ms);
    expect(keepUntil(fresh, state)).toBe(50);
    expect(keepUntil(policy({ window: { kind: 'idle', durationMs: 500 } }), state)).toBe(500);
  });

  test('fresh-budget-at-end: an administrator’s lock that ends takes no count with it', () => {
    const fresh = policy({ afterLock: 'fresh-budget-at-end' });
    const { state } = assertTimeline(fresh, '0 –, 0 – (2)', ms);
    const byHand = { ...state, lock: { since: 0, until: 10, cause: 'admin' as const, step: 0 } };
    assertTimeline(fresh, '10 tick (2), 10: 20', { ...ms, state: byHand });
  });
});
