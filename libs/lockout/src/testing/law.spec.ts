import { describe, expect, test } from '@jest/globals';
import { definePolicy } from '../policy/define-policy.js';
import { isFaded } from '../policy/record-life.js';
import { anyGuessing, anyHistory, anyPolicy } from './arbitraries.js';
import { tellHistory, tellPolicy } from './counterexample.js';
import { playHistory, type Step } from './history.js';
import { assertLaw, lawRuns } from './law.js';
import { rule, table } from './single-key.js';

const toldBy = (broken: () => unknown): string => {
  try {
    broken();
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing is broken';
};

describe('a law that is broken on purpose', () => {
  const policy = rule({ threshold: 2, locksOn: 'exceeding', window: { kind: 'idle', durationMs: 20 } });

  test('tells the smallest counterexample as a policy and a timeline', async () => {
    const { constant } = await import('fast-check');
    const message = toldBy(() =>
      assertLaw([constant(policy), anyGuessing()], (known, history) => {
        expect(playHistory(known, history).state.lock).toBeNull();
      }),
    );
    const [first, told, ...steps] = message.split('\n');
    expect(first).toMatch(/^A law is broken \(seed -?\d+, path "[\d:]*", shrunk \d+ times\) by$/);
    expect(told).toBe(`policy: ${tellPolicy(policy)}`);
    // Nothing that is not needed is left: three charges and three failures, at once.
    expect(steps).toHaveLength(6);
    expect(steps.filter((line) => /^ {2}0 @A #password charge \d \(\d\)$/.test(line))).toHaveLength(3);
    expect(steps.at(-1)).toMatch(/^ {2}0 – \d: 100 \(3\)$/);
  });

  test('keeps what was expected as its cause, and tells further values too', async () => {
    const { nat } = await import('fast-check');
    const broken = () =>
      assertLaw([anyPolicy(), anyHistory(), nat({ max: 9 }), anyHistory()], (...values) => {
        expect(values[2]).toBeLessThan(4);
      });
    expect(toldBy(broken)).toMatch(
      /^policy: .*\n {2}\(nothing happens\)\nargument 3: 4\nargument 4:\n {2}\(nothing happens\)$/m,
    );
    try {
      broken();
    } catch (error) {
      expect(String((error as Error).cause)).toContain('toBeLessThan');
    }
  });

  test('one that holds answers how many cases it was tried on', () => {
    expect(assertLaw([anyPolicy(), anyHistory(3)], () => {}, 25)).toBe(lawRuns(25));
  });
});

describe('a history in words', () => {
  const steps: readonly Step[] = [
    { after: 0, do: 'charge', attempt: 1, method: 'otp', from: 'A' },
    { after: 5, do: 'fail', attempt: 1 },
    { after: 0, do: 'charge', attempt: 2, method: 'otp', from: 'B' },
    { after: 0, do: 'charge', attempt: 3, method: 'otp', from: 'B' },
    { after: 1, do: 'fail', attempt: 2 },
    { after: 1, do: 'charge', attempt: 3, method: 'otp', from: 'B' },
    { after: 99, do: 'tick' },
    { after: 0, do: 'lock', forMs: null },
    { after: 0, do: 'charge', attempt: 4, method: 'otp', from: 'A' },
    { after: 1, do: 'unlock' },
    { after: 1, do: 'charge', attempt: 5, method: 'otp', from: 'A' },
    { after: 0, do: 'succeed', attempt: 5 },
    { after: 0, do: 'complete', method: 'totp', from: 'A' },
  ];

  test('is a line a step: when, who, what, what came of it, and the count', () => {
    expect(tellHistory(rule({ threshold: 2 }), steps)).toEqual([
      '  0 @A #otp charge 1 (0)',
      '  5 – 1 (1)',
      '  5 @B #otp charge 2 (1)',
      '  5 @B #otp charge 3 exhausted (1)',
      '  6 – 2: 106 (2)',
      '  7 @B #otp charge 3 refused 106 (2)',
      '  106 tick, expired (2)',
      '  106 lock: ∞ (2)',
      '  106 @A #otp charge 4 refused ∞ (2)',
      '  107 unlock, unlocked (0)',
      '  108 @A #otp charge 5 (0)',
      '  108 ok 5 (0)',
      '  108 @A #totp complete (0)',
    ]);
  });

  test('dates what passing time did by when it happened', () => {
    const late: readonly Step[] = [
      { after: 0, do: 'charge', attempt: 1, method: 'otp', from: 'A' },
      { after: 2000, do: 'tick' },
    ];
    expect(tellHistory(rule({ threshold: 1 }), late)).toEqual([
      '  0 @A #otp charge 1 (0)',
      '  2000 tick: 1100 (at 1000), expired (at 1100) (1)',
    ]);
  });

  test('a policy is a line, too: its rule, its window, and what is not at its default', () => {
    expect(tellPolicy(rule({ onSuccess: 'refund', window: { kind: 'fixed', durationMs: 9 } }))).toBe(
      'threshold 3 reaching, relock-on-next-failure; fixed durationMs 100; window fixed durationMs 9; ' +
        'onSuccess "refund"; attemptTimeoutMs 1000',
    );
    const rows = table([
      [3, 10],
      [5, null],
    ]);
    expect(tellPolicy(rows)).toBe('table 3: 10, 5: ∞; window none');
  });
});

describe('random policies', () => {
  test('hold every field that a policy has at more than one value', () => {
    const seen = new Map<string, Set<string>>();
    assertLaw([anyPolicy(), anyHistory(1)], (policy) => {
      for (const [field, value] of Object.entries(policy)) {
        seen.set(field, (seen.get(field) ?? new Set()).add(JSON.stringify(value)));
      }
    });
    const plain = definePolicy({ name: 'p', threshold: 1, schedule: { kind: 'indefinite' } });
    // What a single key's rule never reads: names, whom the engine counts, and what edges say.
    const unread = new Set([
      ...['name', 'counter', 'enabled', 'scope', 'selfService', 'unknownAccounts', 'exempt'],
      ...['messages', 'limits'],
    ]);
    const constant = Object.keys(plain).filter((field) => (seen.get(field)?.size ?? 0) < 2);
    expect(constant.filter((field) => !unread.has(field))).toEqual([]);
    expect(isFaded(plain, playHistory(plain, []).state, 0)).toBe(true);
  });
});
