import { describe, expect, test } from '@jest/globals';
import { rule, table } from '../../testing/single-key.js';
import type { LockoutPolicy, PolicyInput, Schedule } from '../policy.js';
import { EMPTY_STATE, type LockoutState } from '../state.js';
import { steadyShape } from './steady-state.js';

const MANY = 1_000_000;
const state: LockoutState = {
  ...EMPTY_STATE,
  failures: 2,
  consecutive: 2,
  windowStartedAt: 10,
  lastFailureAt: 50,
  updatedAt: 50,
};
const shape = (policy: LockoutPolicy, fields: Partial<LockoutState> = {}, now = 60): string =>
  steadyShape(policy)({ ...state, ...fields }, now);
/** The same, so much later. */
const later = (fields: Partial<LockoutState>, byMs: number): Partial<LockoutState> => {
  const moved = Object.entries({ ...state, ...fields }).map(([name, value]) =>
    /At$/.test(name) && typeof value === 'number' ? [name, value + byMs] : [name, value],
  );
  return Object.fromEntries(moved);
};
const [count, escalation] = [0, 5];
const cutAt = (policy: LockoutPolicy, fields: Partial<LockoutState>, index: number): unknown =>
  JSON.parse(shape(policy, fields))[index];

describe('two states are alike', () => {
  test.each<[string, Partial<LockoutState>]>([
    ['a count', {}],
    ['a lock', { lock: { since: 50, until: 150, cause: 'failures', step: 0 } }],
    ['a lock that ended', { lastLockEndedAt: 55 }],
    ['an escalation', { escalation: 3, lastLockEndedAt: 55 }],
  ])('at other moments: %s', (_, fields) => {
    const moved = later(fields, 1000);
    const lock = fields.lock && { ...fields.lock, since: 1050, until: 1150 };
    for (const policy of [rule(), rule({ window: { kind: 'fixed', durationMs: 100 } })])
      expect(shape(policy, { ...moved, ...(lock && { lock }) }, 1060)).toBe(shape(policy, fields, 60));
  });

  test('where they differ in what the rule does not ask for', () => {
    const idle = rule({ window: { kind: 'idle', durationMs: 100 } });
    expect(shape(idle, { windowStartedAt: 20 })).toBe(shape(idle));
    expect(shape(idle, { consecutive: 9 })).toBe(shape(idle));
    expect(shape(idle, { failureSeq: 9, abandons: 1 })).toBe(shape(idle));
    expect(shape(idle, { times: [20, 50] })).toBe(shape(idle));
    // What is forgotten by now is none.
    expect(shape(idle, { failures: 2 }, 150)).toBe(shape(idle, { failures: 0 }, 150));
  });

  test('and not where they differ in anything that it asks for', () => {
    const fixed = rule({ window: { kind: 'fixed', durationMs: 100 } });
    expect(shape(fixed, { windowStartedAt: 20 })).not.toBe(shape(fixed));
    expect(shape(fixed, { windowStartedAt: 20, failures: 0 })).toBe(shape(fixed, { failures: 0 }));
    const sliding = rule({ window: { kind: 'sliding', durationMs: 100 } });
    expect(shape(sliding, { times: [20, 50] })).not.toBe(shape(sliding, { times: [10, 50] }));
    const capped = rule({ indefiniteAfterFailures: 50 });
    expect(shape(capped, { consecutive: 9 })).not.toBe(shape(capped));
    const different: readonly Partial<LockoutState>[] = [
      {},
      { failures: 1 },
      { lastFailureAt: 51 },
      { lastFailureAt: null },
      { escalation: 1 },
      { lastLockEndedAt: 55 },
      { lastLockEndedAt: 56 },
      { lock: { since: 50, until: 150, cause: 'failures', step: 0 } },
      { lock: { since: 50, until: 151, cause: 'failures', step: 0 } },
      { lock: { since: 50, until: null, cause: 'failures', step: 0 } },
    ];
    const idle = rule({ window: { kind: 'idle', durationMs: 100 } });
    const shapes = different.map((fields) => shape(idle, fields));
    expect(new Set(shapes).size).toBe(different.length);
    // Where nothing fades, when it was is not asked; only whether a lock came after it.
    expect(shape(rule(), { lastFailureAt: 51 })).toBe(shape(rule()));
    expect(shape(rule(), { lastLockEndedAt: 55 })).toBe(shape(rule(), { lastLockEndedAt: 56 }));
    expect(shape(rule(), { lastLockEndedAt: 55 })).not.toBe(shape(rule()));
    expect(shape(rule(), { lock: { since: 50, until: null, cause: 'failures', step: 0 } })).toContain(
      'for good',
    );
  });
});

describe('moments beyond the reach of all that a policy asks for are one', () => {
  test.each<[string, LockoutPolicy, Partial<LockoutState>, Partial<LockoutState>]>([
    ['a pause', rule({ minIntervalMs: 100 }), { lastFailureAt: 50 }, { lastFailureAt: 51 }],
    [
      'quick failures',
      rule({ quickFailure: { withinMs: 100, lockMs: 5 } }),
      { lastFailureAt: 50 },
      { lastFailureAt: 51 },
    ],
    ['retention', rule({ retentionMs: 100 }), { lastFailureAt: 50 }, { lastFailureAt: 51 }],
    [
      'escalation',
      rule({ escalationWindow: { durationMs: 100 } }),
      { escalation: 1, lastLockEndedAt: 55 },
      { escalation: 1, lastLockEndedAt: 56 },
    ],
  ])('but not within: %s', (_, policy, one, other) => {
    expect(shape(policy, one)).not.toBe(shape(policy, other));
  });

  test.each<[string, Partial<LockoutState>, Partial<LockoutState>]>([
    ['after it and before it', { lastLockEndedAt: 55 }, { lastLockEndedAt: 5 }],
    ['after it and with it', { lastLockEndedAt: 11 }, { lastLockEndedAt: 10 }],
    ['and never', { windowStartedAt: null, lastLockEndedAt: 55 }, { windowStartedAt: null }],
    [
      'before none began',
      { windowStartedAt: null, lastLockEndedAt: 55 },
      { windowStartedAt: 58, lastLockEndedAt: 55 },
    ],
  ])('whether a lock ended since the count began is told apart: %s', (_, one, other) => {
    expect(shape(rule(), one)).not.toBe(shape(rule(), other));
  });

  test('where nothing is counted no lock answers it', () => {
    expect(shape(rule(), { failures: 0, lastLockEndedAt: 55 })).toBe(shape(rule(), { failures: 0 }));
  });
});

const growing = (schedule: Partial<Schedule>, fields: Partial<PolicyInput> = {}): LockoutPolicy =>
  rule({ ...fields, schedule: schedule as Schedule });

describe('counts beyond which nothing changes are cut off', () => {
  const exponential = { kind: 'exponential', initialMs: 10, factor: 2, maximumMs: 80 } as const;
  const linear = { kind: 'linear', initialMs: 10, stepMs: 20, maximumMs: 90 } as const;
  const multiples = { kind: 'multiples', stepMs: 20, maximumMs: 90 } as const;
  const flat = { ...exponential, factor: 1 } as const;

  test.each<[string, LockoutPolicy, number, number]>([
    // The threshold and one more, which is where locks of `exceeding` begin.
    ['of a fixed schedule', rule(), 4, 1],
    ['of an indefinite one', growing({ kind: 'indefinite' }), 4, 1],
    // 10, 20, 40, 80: three steps, and two to be sure.
    ['exponential by failures', growing({ ...exponential, by: 'failures' }), 4 + 5, 1],
    ['exponential by lockouts', growing({ ...exponential, by: 'lockouts' }), 4, 5 + 1],
    ['exponential without growth', growing({ ...flat, by: 'failures' }), 4, 1],
    ['exponential without growth, by lockouts', growing({ ...flat, by: 'lockouts' }), 4, 1],
    ['linear by failures', growing({ ...linear, by: 'failures' }), 4 + 7, 1],
    ['linear by lockouts', growing({ ...linear, by: 'lockouts' }), 4, 7 + 1],
    // Each step of it takes a whole threshold of failures.
    ['multiples by failures', growing({ ...multiples, by: 'failures' }), 4 + 3 * 7, 1],
    ['multiples by lockouts', growing({ ...multiples, by: 'lockouts' }), 4, 7 + 1],
    [
      'a table',
      table([
        [3, 10],
        [5, 15],
        [7, 20],
      ]),
      7,
      1,
    ],
  ])('%s', (_, policy, failures, lockouts) => {
    expect(cutAt(policy, { failures: MANY }, count)).toBe(failures);
    expect(cutAt(policy, { failures: failures + 1 }, count)).toBe(failures);
    expect(cutAt(policy, { failures }, count)).toBe(failures);
    expect(cutAt(policy, { failures: failures - 1 }, count)).toBe(failures - 1);
    expect(cutAt(policy, { escalation: MANY }, escalation)).toBe(lockouts);
    expect(cutAt(policy, { escalation: 0 }, escalation)).toBe(0);
  });

  test('but not lockouts that are counted up to a lock without end', () => {
    expect(cutAt(rule({ indefiniteAfterLockouts: 50 }), { escalation: 49 }, escalation)).toBe(49);
    const rows = table([[3, 10]], { indefiniteAfterLockouts: 50 });
    expect(cutAt(rows, { escalation: 49 }, escalation)).toBe(49);
  });

  test('where each multiple locks, to one that is as far from the next', () => {
    const policy = rule({ afterLock: 'relock-at-each-multiple' });
    const counts = [4, 5, 6, 7, 8, 9, 10, MANY].map((failures) => cutAt(policy, { failures }, count));
    expect(counts).toEqual([4, 5, 6, 4, 5, 6, 4, 4 + ((MANY - 4) % 3)]);
    const plain = [4, 5, 6, 7].map((failures) => cutAt(rule(), { failures }, count));
    expect(plain).toEqual([4, 4, 4, 4]);
  });

  test('and none of a sliding window, which forgets them one by one', () => {
    const sliding = rule({ window: { kind: 'sliding', durationMs: 1000 } });
    const times = Array.from({ length: 20 }, (_, index) => index);
    expect(cutAt(sliding, { failures: 20, times }, count)).toBe(20);
    expect(cutAt(sliding, { failures: 20, times }, 1)).toEqual(times.map((at) => at - 60));
    expect(cutAt(rule(), { failures: 20, times }, 1)).toBe(0);
  });
});
