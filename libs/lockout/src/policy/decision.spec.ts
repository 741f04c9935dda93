import { describe, expect, test } from '@jest/globals';
import { exhausted, locked } from '../testing/single-key.js';
import { compareRefusals, type RefusedDecision } from './decision.js';

describe('R13 the strictest of several refusals', () => {
  const [never, late, early] = [locked(null), locked(200), locked(100)] as RefusedDecision[];
  const taken = exhausted as RefusedDecision;

  test('until unlocked, then the latest end, then those in flight', () => {
    const strictestFirst = [never, late, early, taken] as RefusedDecision[];
    expect([...strictestFirst].reverse().sort((a, b) => compareRefusals(b, a))).toEqual(strictestFirst);
    for (const [index, stricter] of strictestFirst.entries()) {
      for (const other of strictestFirst.slice(index + 1)) {
        expect(compareRefusals(stricter, other)).toBe(1);
        expect(compareRefusals(other, stricter)).toBe(-1);
      }
    }
  });

  test('equal ones are equal, whatever their cause; one that ended at the epoch is still a lock', () => {
    expect(compareRefusals(locked(100, 'admin') as RefusedDecision, early as RefusedDecision)).toBe(0);
    expect(compareRefusals(never as RefusedDecision, never as RefusedDecision)).toBe(0);
    expect(compareRefusals(taken, taken)).toBe(0);
    expect(compareRefusals(locked(0) as RefusedDecision, taken)).toBe(1);
  });
});
