import { describe, expect, test } from '@jest/globals';
import { rule, SingleKey, table } from '../testing/single-key.js';
import { assertTimeline } from '../testing/timeline.js';
import type { ThresholdPolicy } from './policy.js';
import { judge } from './transition.js';

const ms = { unitMs: 1 };
const multiples = (fields: Partial<ThresholdPolicy> = {}) =>
  rule({
    schedule: { kind: 'fixed', durationMs: 10 },
    afterLock: 'relock-at-each-multiple',
    ...fields,
  });
/** Counts as the others do, and locks later than any of these tests goes on. */
const lax = multiples({ threshold: 50 });

describe('a count past its first lock that no lock has come of (P1)', () => {
  test('locks at the very next failure, wherever the next multiple is', () => {
    const { state } = assertTimeline(lax, '0 –, 0 –, 0 –, 0 –, 0 –, 0 – (6)', ms);
    expect(judge(multiples(), state, 'password', 1)).toMatchObject({ allowed: true, remaining: 0 });
    assertTimeline(multiples(), '1: 11, 11 – (8), 11: 21', { ...ms, state });
  });

  test('and of a table at the row that it has reached', () => {
    const rows = table([
      [3, 10],
      [9, 20],
    ]);
    const { state } = assertTimeline(lax, '0 –, 0 –, 0 –, 0 – (4)', ms);
    expect(judge(rows, state, 'password', 1)).toMatchObject({ allowed: true, remaining: 0 });
    assertTimeline(rows, '1: 11, 11 – (6), 11 –, 11 –, 11: 31', { ...ms, state });
  });

  test('is one that began at the end of the last lock or later, and none that was there before', () => {
    const idle = { window: { kind: 'idle', durationMs: 100 } } as const;
    const first = assertTimeline(multiples(idle), '0 –, 0 –, 0: 10, 20 – (4)', ms).state;
    // Of the first three a lock came: the next is at six.
    assertTimeline(multiples(idle), '20 – (5), 20: 30', { ...ms, state: first });
    // At the lock’s end the count is over, and the next begins.
    const brief = { window: { kind: 'idle', durationMs: 5 } } as const;
    const ended = assertTimeline(multiples(brief), '0 –, 0 –, 0: 10, 10 – (1)', ms).state;
    expect(ended).toMatchObject({ lastLockEndedAt: 10, windowStartedAt: 10 });
    const { state } = assertTimeline(
      multiples({ threshold: 50, ...idle }),
      '11 –, 11 –, 11 –, 11 –, 11 – (6)',
      { ...ms, state: ended },
    );
    assertTimeline(multiples(idle), '12: 22', { ...ms, state });
  });

  test('is one whose lock was lifted in the very millisecond in which it began, and not a millisecond later', () => {
    const keeping = multiples({ unlockKeepsCount: true });
    assertTimeline(keeping, '0 –, 0 –, 0: 10, 0 unlock (3), 0: 10', ms);
    assertTimeline(keeping, '0 –, 0 –, 0: 10, 1 unlock (3), 1 – (4), 1 – (5), 1: 11', ms);
  });

  test('is not one over which a lock stands, even one that only watches', () => {
    const watching = multiples({ enforce: false, schedule: { kind: 'fixed', durationMs: 1000 } });
    const { state } = new SingleKey(watching).guesses(3, 0);
    expect(state.lock?.cause).toBe('monitor');
    expect(judge(watching, state, 'password', 1)).toMatchObject({ allowed: true, remaining: 2 });
    // Saved as one that refuses: the fourth and the fifth do not lock, the sixth does.
    assertTimeline(multiples(), '1 – (4), 1 – (5), 1: 11', { ...ms, state });
  });
});

describe('multiples in a sliding window', () => {
  const sliding = { window: { kind: 'sliding', durationMs: 1000 } } as const;

  test('a count that no lock has come of locks at the very next failure there, too', () => {
    const later = multiples({ threshold: 50, ...sliding });
    const { state } = assertTimeline(later, '0 –, 0 –, 0 –, 0 –, 0 –, 0 – (6)', ms);
    assertTimeline(multiples(sliding), '1: 11', { ...ms, state });
  });

  test('a lock answers what is counted after it, too, though that begins later and later', () => {
    assertTimeline(
      multiples(sliding),
      '0 –, 1 –, 2: 12, 600 – (4), 601 – (5), 1000 – (5), 1001 – (5), 1002 – (5)',
      ms,
    );
  });

  test('with locksOn exceeding: once all is forgotten it is the N + 1-th again', () => {
    assertTimeline(
      multiples({ ...sliding, locksOn: 'exceeding' }),
      '0 –, 0 –, 0 –, 0: 10, 1010 –, 1010 –, 1010 – (3), 1010: 1020',
      ms,
    );
  });

  test('only there the count stays at what can be remembered: elsewhere the next multiple may be any number', () => {
    const many = multiples({ threshold: 130 });
    const { state } = new SingleKey(many).guesses(130, 0);
    expect(judge(many, state, 'password', 10)).toMatchObject({ allowed: true, remaining: 129 });
    assertTimeline(many, '10 – (131), 10 – (132)', { ...ms, state });
  });
});
