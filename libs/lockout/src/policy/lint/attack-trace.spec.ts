import { describe, expect, test } from '@jest/globals';
import {
  type AttackTrace,
  continued,
  guessesBefore,
  guessesInAll,
  guessesUpTo,
  mostGuessesWithin,
  roundOf,
  type Volley,
} from './attack-trace.js';

/** `[at, guesses, lockMs]` each. */
const volleys = (...given: readonly (readonly [number, number, number])[]): readonly Volley[] =>
  given.map(([at, guesses, lockMs]) => ({ at, guesses, lockMs }));
const trace = (fields: Partial<AttackTrace>): AttackTrace => ({
  volleys: [],
  stops: [],
  cycle: null,
  end: 'time',
  ...fields,
});

/** Five, then three, then one every 100 ms from 100 on. */
const cyclic = trace({
  volleys: volleys([0, 5, 10], [10, 3, 90], [100, 1, 100]),
  cycle: { startMs: 100, periodMs: 100 },
  end: 'cycle',
});
/** Slow at first: rounds of two volleys, 4 guesses each 50 ms. */
const growing = trace({
  volleys: volleys([0, 1, 0], [100, 1, 20], [120, 3, 30]),
  cycle: { startMs: 100, periodMs: 50 },
  end: 'cycle',
});

describe('the guesses before a moment', () => {
  test('are those of the volleys before it, and not at it', () => {
    const once = trace({ volleys: volleys([0, 5, 0], [10, 3, 0], [25, 2, 0], [70, 7, 0], [71, 1, 0]) });
    const moments = [0, 1, 10, 11, 25, 26, 70, 71, 72, 1e6];
    expect(moments.map(guessesUpTo(once))).toEqual([0, 5, 5, 8, 8, 10, 10, 17, 18, 18]);
    expect(guessesBefore(once, 26)).toBe(10);
  });

  test('of no volleys there are none', () => {
    expect(guessesBefore(trace({}), 100)).toBe(0);
  });

  test('of a cycle are those of its rounds, however far', () => {
    const moments = [0, 5, 50, 100, 101, 200, 201, 301, 1e9];
    expect(moments.map(guessesUpTo(cyclic))).toEqual([0, 5, 8, 8, 9, 9, 10, 11, 8 + 1e7 - 1]);
    const within = [100, 101, 120, 121, 150, 151, 170, 171];
    expect(within.map(guessesUpTo(growing))).toEqual([1, 2, 2, 5, 5, 6, 6, 9]);
  });
});

test('a round of a cycle is what comes from its start on; without a cycle there is none', () => {
  expect(roundOf(growing)).toEqual(volleys([100, 1, 20], [120, 3, 30]));
  expect(roundOf(trace({ volleys: volleys([0, 5, 0]) }))).toEqual([]);
});

describe('the most guesses in a span', () => {
  test('are not always those of the beginning', () => {
    expect(mostGuessesWithin(cyclic, 10)).toBe(5);
    expect(mostGuessesWithin(cyclic, 11)).toBe(8);
    expect(mostGuessesWithin(cyclic, 101)).toBe(9);
    expect(mostGuessesWithin(growing, 20)).toBe(3);
    // From the second volley of a round on: 3, and 1 and 3 of the next.
    expect(mostGuessesWithin(growing, 51)).toBe(7);
  });

  test('of no volleys are none', () => {
    expect(mostGuessesWithin(trace({}), 100)).toBe(0);
  });
});

test('in all there are as many as lead to a lock without end, else no number of them', () => {
  const three = volleys([0, 5, 0], [10, 3, 0], [20, 1, Number.POSITIVE_INFINITY]);
  expect(guessesInAll(trace({ volleys: three, end: 'locked' }))).toBe(9);
  for (const end of ['cycle', 'time', 'steps'] as const)
    expect(guessesInAll(trace({ volleys: three, end }))).toBe(Number.POSITIVE_INFINITY);
});

describe('an attack that was broken off', () => {
  const five = volleys([0, 5, 0], [10, 1, 0], [30, 1, 0], [60, 2, 0], [100, 1, 0]);

  test('goes on at the pace of its second half', () => {
    const broken = trace({ volleys: five, end: 'steps' });
    expect(continued(broken)).toEqual({
      ...broken,
      volleys: five.slice(0, -1),
      cycle: { startMs: 30, periodMs: 70 },
    });
    // 1 and 2 every 70 ms.
    expect(guessesBefore(continued(broken), 30 + 7 * 70)).toBe(6 + 7 * 3);
  });

  test('and no other one, nor one that is too short for a pace', () => {
    for (const end of ['locked', 'cycle', 'time'] as const) {
      const ended = trace({ volleys: five, end });
      expect(continued(ended)).toBe(ended);
    }
    const short = [trace({ end: 'steps' }), trace({ volleys: volleys([7, 5, 0]), end: 'steps' })];
    for (const one of short) expect(continued(one)).toBe(one);
    const atOnce = trace({ volleys: volleys([7, 1, 0], [7, 1, 0]), end: 'steps' });
    expect(continued(atOnce)).toBe(atOnce);
  });
});
