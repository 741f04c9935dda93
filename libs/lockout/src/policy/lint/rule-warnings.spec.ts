import { describe, expect, test } from '@jest/globals';
import { rule, table } from '../../testing/single-key.js';
import type { LockoutPolicy, PolicyInput, Schedule } from '../policy.js';
import type { PolicyWarningId } from './policy-warning.js';
import { ruleWarnings } from './rule-warnings.js';

const idle = (durationMs: number) => ({ kind: 'idle', durationMs }) as const;
const linear = { kind: 'linear', initialMs: 10, stepMs: 10 } as const;
const idsOf = (policy: LockoutPolicy) => ruleWarnings(policy).map(({ id }) => id);
const ids = (fields: Partial<PolicyInput>) => idsOf(rule(fields));

test('a plain policy has none', () => {
  expect(ruleWarnings(rule())).toEqual([]);
  expect(ids({ window: idle(101) })).toEqual([]);
});

test.each<[PolicyWarningId, Partial<PolicyInput>, object]>([
  [
    'LCK101',
    { window: idle(100) },
    {
      path: 'window.durationMs',
      message:
        'is 100 ms, and the longest lock lasts 100 ms: after one that outlasts it the next is the first again',
      hint: 'more than 100, or anchor "later-of-failure-and-lock-end"',
      numbers: { windowMs: 100, longestLockMs: 100 },
    },
  ],
  [
    'LCK102',
    { schedule: { kind: 'indefinite' } },
    {
      path: 'schedule',
      message: 'can lock until unlocked, and only an administrator can unlock',
      hint: 'have administrators at hand, or onPasswordReset "unlock"',
      numbers: {},
    },
  ],
  [
    'LCK103',
    { schedule: { ...linear, by: 'lockouts' } },
    {
      path: 'schedule.maximumMs',
      message: 'is missing: locks grow up to 100 years',
      hint: 'e.g. hours(24)',
      numbers: {},
    },
  ],
  [
    'LCK104',
    { unknownAccounts: 'ignore' },
    {
      path: 'unknownAccounts',
      message: 'is "ignore": being locked tells that a name exists',
      hint: 'use "track"',
      numbers: {},
    },
  ],
  [
    'LCK105',
    { afterLock: 'fresh-budget', schedule: { ...linear, by: 'failures' } },
    {
      path: 'schedule.by',
      message: 'is "failures", which a fresh budget sets back to zero: locks never grow',
      hint: 'use "lockouts"',
      numbers: {},
    },
  ],
  [
    'LCK106',
    { enforce: false },
    {
      path: 'enforce',
      message: 'is false: locks are recorded and nothing is refused',
      hint: 'true when you trust the numbers',
      numbers: {},
    },
  ],
  [
    'LCK107',
    { window: idle(5000), retentionMs: 5000 },
    {
      path: 'retentionMs',
      message: 'is 5 s, no longer than the window (5 s), which then never matters',
      hint: 'more than 5000, or null',
      numbers: { retentionMs: 5000, windowMs: 5000 },
    },
  ],
  [
    'LCK108',
    { window: idle(5000), minIntervalMs: 5000 },
    {
      path: 'minIntervalMs',
      message: 'is 5 s, no shorter than the window (5 s): no two failures ever count together',
      hint: 'less than 5000',
      numbers: { minIntervalMs: 5000, windowMs: 5000 },
    },
  ],
])('%s is told word for word', (id, fields, told) => {
  expect(ruleWarnings(rule(fields))).toEqual([{ id, level: 'warning', ...told }]);
});

describe('LCK101, a window not longer than the longest lock', () => {
  test('is about windows: on both sides of their length, and whatever their kind', () => {
    expect(ids({ window: { kind: 'fixed', durationMs: 100 } })).toEqual(['LCK101']);
    expect(ids({ window: { kind: 'sliding', durationMs: 100 } })).toEqual(['LCK101']);
    expect(ids({ window: { kind: 'fixed', durationMs: 101 } })).toEqual([]);
    expect(ids({ window: idle(99) })).toEqual(['LCK101']);
    expect(ids({ window: { ...idle(5), anchor: 'last-failure' } })).toEqual(['LCK101']);
    expect(ids({ window: { ...idle(5), anchor: 'later-of-failure-and-lock-end' } })).toEqual([]);
  });

  test('tells of locks that grow for ever without a number for them', () => {
    const schedule: Schedule = { ...linear, by: 'lockouts' };
    expect(ruleWarnings(rule({ schedule, window: idle(5000) }))[0]).toEqual({
      id: 'LCK101',
      level: 'warning',
      path: 'window.durationMs',
      message:
        'is 5 s, and locks grow without a maximum: after one that outlasts it the next is the first again',
      hint: 'a schedule.maximumMs below it, or anchor "later-of-failure-and-lock-end"',
      numbers: { windowMs: 5000 },
    });
  });

  test('does not matter where nothing that follows a lock rests on the window', () => {
    const window = idle(50);
    expect(ids({ window, afterLock: 'fresh-budget' })).toEqual([]);
    expect(ids({ window, afterLock: 'fresh-budget-at-end' })).toEqual([]);
    expect(ids({ window, afterLock: 'relock-at-each-multiple' })).toEqual(['LCK101']);
    const rows = table([[3, 100]], { window });
    expect(idsOf(rows)).toEqual(['LCK101']);
  });

  test('where lockouts are counted, it matters if the window forgets them', () => {
    const window = idle(50);
    const schedule: Schedule = { ...linear, by: 'lockouts', maximumMs: 100 };
    expect(ids({ window, schedule })).toEqual(['LCK101']);
    expect(ids({ window, schedule, afterLock: 'fresh-budget' })).toEqual(['LCK101']);
    expect(ids({ window, schedule, escalationWindow: 'never' })).toEqual([]);
    expect(ids({ window, schedule, escalationWindow: { durationMs: 10 } })).toEqual([]);
    const capped = { window, indefiniteAfterLockouts: 3, onPasswordReset: 'unlock' } as const;
    expect(ids({ ...capped, afterLock: 'fresh-budget' })).toEqual(['LCK101']);
    expect(ids({ ...capped, escalationWindow: 'never' })).toEqual([]);
    const byFailures: Schedule = { ...linear, by: 'failures', maximumMs: 100 };
    expect(ids({ window, schedule: byFailures, escalationWindow: 'never' })).toEqual(['LCK101']);
  });

  test('nor where no lock is timed', () => {
    expect(ids({ window: idle(1), schedule: { kind: 'indefinite' } })).toEqual(['LCK102']);
  });
});

test('LCK102 not where a password reset or the owner can lift the lock', () => {
  const schedule: Schedule = { kind: 'indefinite' };
  expect(ids({ schedule, onPasswordReset: 'unlock' })).toEqual([]);
  expect(ids({ schedule, onPasswordReset: 'unlock-timed' })).toEqual(['LCK102']);
  expect(ids({ schedule, selfService: 'all' })).toEqual([]);
  expect(ids({ schedule, selfService: 'none' })).toEqual(['LCK102']);
  expect(ids({ onPasswordReset: 'keep', selfService: 'none' })).toEqual([]);
});

describe('LCK103 and LCK105, locks that grow', () => {
  const fresh = { afterLock: 'fresh-budget' } as const;

  test('without a maximum or for nothing, and never both', () => {
    expect(ids({ schedule: { ...linear, by: 'failures' } })).toEqual(['LCK103']);
    expect(ids({ schedule: { ...linear, by: 'failures', maximumMs: 50 } })).toEqual([]);
    expect(ids({ ...fresh, schedule: { ...linear, by: 'lockouts' } })).toEqual(['LCK103']);
    expect(ids({ ...fresh, schedule: { ...linear, by: 'failures', maximumMs: 50 } })).toEqual(['LCK105']);
    expect(ids({ afterLock: 'fresh-budget-at-end', schedule: { ...linear, by: 'failures' } })).toEqual([
      'LCK105',
    ]);
    expect(ids({ afterLock: 'relock-at-each-multiple', schedule: { ...linear, by: 'failures' } })).toEqual([
      'LCK103',
    ]);
  });

  test('not of those that do not', () => {
    expect(ids(fresh)).toEqual([]);
    expect(ids({ schedule: { kind: 'multiples', stepMs: 10, by: 'failures' } })).toEqual(['LCK103']);
  });
});

test('LCK106 is not about a policy that is off', () => {
  expect(ids({ enabled: false, enforce: false })).toEqual([]);
  expect(ids({ enabled: false })).toEqual([]);
});

test('LCK107 and LCK108 on both sides of the window, and not without one', () => {
  expect(ids({ window: idle(5000), retentionMs: 5001 })).toEqual([]);
  expect(ids({ window: idle(5000), retentionMs: 4999 })).toEqual(['LCK107']);
  expect(ids({ window: idle(5000), minIntervalMs: 4999 })).toEqual([]);
  expect(ids({ window: idle(5000), minIntervalMs: 5001 })).toEqual(['LCK108']);
  expect(ids({ retentionMs: 1, minIntervalMs: 5000 })).toEqual([]);
});
