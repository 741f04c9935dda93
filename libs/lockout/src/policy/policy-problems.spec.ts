import { describe, expect, test } from '@jest/globals';
import { definePolicy } from './define-policy.js';
import { hours, MAX_DURATION_MS, minutes } from './duration.js';
import type { PolicyInput } from './policy.js';
import { PolicyError } from './policy-error.js';

const MINIMAL: PolicyInput = {
  name: 'login',
  threshold: 5,
  schedule: { kind: 'fixed', durationMs: minutes(15) },
};

/** What a policy from outside (JSON) is told. */
function problemsOf(value: unknown) {
  try {
    definePolicy(value as PolicyInput);
  } catch (error) {
    if (error instanceof PolicyError) return error.problems;
    throw error;
  }
  return [];
}
const pathsOf = (value: unknown) => problemsOf(value).map((problem) => problem.path);
const withFields = (fields: Record<string, unknown>) => ({ ...MINIMAL, ...fields });

describe('what is refused', () => {
  const rows = [{ failures: 3, lockMs: 1000 }];
  const table = (fields: Record<string, unknown>) => ({
    name: 't',
    schedule: { kind: 'table', rows },
    ...fields,
  });
  const withRows = (all: unknown) => table({ schedule: { kind: 'table', rows: all } });
  const exponential = { kind: 'exponential', initialMs: 10, factor: 2, by: 'lockouts' };

  test.each<[string, unknown, string[]]>([
    ['no name', { threshold: 1, schedule: MINIMAL.schedule }, ['name']],
    ['a name of 65 characters', withFields({ name: 'x'.repeat(65) }), ['name']],
    ['a name with spaces', withFields({ name: 'my policy' }), ['name']],
    ['the reserved name', withFields({ name: 'manual' }), ['name']],
    ['the reserved name in capitals', withFields({ name: 'MANUAL' }), ['name']],
    ['the reserved counter', withFields({ counter: 'manual' }), ['counter']],
    ['an unknown field', withFields({ treshold: 3 }), ['treshold']],
    [
      'an own __proto__',
      JSON.parse('{"name":"login","threshold":5,"schedule":{"kind":"indefinite"},"__proto__":{}}'),
      ['__proto__'],
    ],
    [
      'an unknown field deep inside',
      withFields({ window: { kind: 'none', durationMs: 5 } }),
      ['window.durationMs'],
    ],
    ['no threshold', { name: 'login', schedule: MINIMAL.schedule }, ['threshold']],
    ['no schedule', { name: 'login', threshold: 5 }, ['schedule']],
    ['a schedule that is null', { name: 'login', threshold: 5, schedule: null }, ['schedule']],
    ['threshold 0', withFields({ threshold: 0 }), ['threshold']],
    ['threshold 2.5', withFields({ threshold: 2.5 }), ['threshold']],
    ['threshold Infinity', withFields({ threshold: Number.POSITIVE_INFINITY }), ['threshold']],
    ['threshold "5"', withFields({ threshold: '5' }), ['threshold']],
    ['a threshold with a table', table({ threshold: 5 }), ['threshold']],
    [
      'locksOn and afterLock with a table',
      table({ locksOn: 'reaching', afterLock: 'fresh-budget' }),
      ['locksOn', 'afterLock'],
    ],
    ['an empty table', table({ schedule: { kind: 'table', rows: [] } }), ['schedule.rows']],
    [
      'rows that do not ascend',
      table({ schedule: { kind: 'table', rows: [...rows, ...rows] } }),
      ['schedule.rows[1].failures'],
    ],
    [
      'a row after an indefinite one',
      table({ schedule: { kind: 'table', rows: [{ failures: 1, lockMs: null }, ...rows] } }),
      ['schedule.rows[1]'],
    ],
    ['a row that is no object', table({ schedule: { kind: 'table', rows: [7] } }), ['schedule.rows[0]']],
    [
      'a negative duration',
      withFields({ schedule: { kind: 'fixed', durationMs: -1 } }),
      ['schedule.durationMs'],
    ],
    [
      'a duration of nothing',
      withFields({ schedule: { kind: 'fixed', durationMs: 0 } }),
      ['schedule.durationMs'],
    ],
    [
      'a broken duration',
      withFields({ schedule: { kind: 'fixed', durationMs: 1.5 } }),
      ['schedule.durationMs'],
    ],
    ['NaN', withFields({ schedule: { kind: 'fixed', durationMs: Number.NaN } }), ['schedule.durationMs']],
    [
      'Infinity',
      withFields({ schedule: { kind: 'fixed', durationMs: Number.POSITIVE_INFINITY } }),
      ['schedule.durationMs'],
    ],
    [
      'more than 100 years',
      withFields({ schedule: { kind: 'fixed', durationMs: MAX_DURATION_MS + 1 } }),
      ['schedule.durationMs'],
    ],
    ['a factor below 1', withFields({ schedule: { ...exponential, factor: 0.9 } }), ['schedule.factor']],
    ['no driver of growth', withFields({ schedule: { ...exponential, by: undefined } }), ['schedule.by']],
    [
      'a cap below the first lock',
      withFields({ schedule: { ...exponential, maximumMs: 9 } }),
      ['schedule.initialMs'],
    ],
    ['an unknown schedule', withFields({ schedule: { kind: 'random' } }), ['schedule.kind']],
    ['an unknown window', withFields({ window: { kind: 'daily' } }), ['window.kind']],
    ['a window without duration', withFields({ window: { kind: 'idle' } }), ['window.durationMs']],
    [
      'an anchor of a fixed window',
      withFields({ window: { kind: 'fixed', durationMs: 5, anchor: 'last-failure' } }),
      ['window.anchor'],
    ],
    [
      'an escalation window of nothing',
      withFields({ escalationWindow: { durationMs: 0 } }),
      ['escalationWindow.durationMs'],
    ],
    [
      'sliding threshold 129',
      withFields({ threshold: 129, window: { kind: 'sliding', durationMs: 9 } }),
      ['threshold'],
    ],
    [
      'sliding threshold 128 that must be exceeded',
      withFields({ threshold: 128, locksOn: 'exceeding', window: { kind: 'sliding', durationMs: 9 } }),
      ['threshold'],
    ],
    [
      'a sliding table past 128',
      table({
        window: { kind: 'sliding', durationMs: 9 },
        schedule: { kind: 'table', rows: [{ failures: 129, lockMs: 5 }] },
      }),
      ['schedule.rows[0].failures'],
    ],
    ['empty counts', withFields({ counts: [] }), ['counts']],
    ['a method counted twice', withFields({ counts: ['otp', 'otp'] }), ['counts']],
    ['an empty scope', withFields({ scope: [] }), ['scope']],
    ['a scope part twice', withFields({ scope: ['account', 'account'] }), ['scope']],
    ['a custom part twice', withFields({ scope: [{ custom: 'a' }, { custom: 'a' }] }), ['scope']],
    [
      'a scope of 65 characters, which no store takes',
      withFields({ scope: ['account', { custom: 'x'.repeat(50) }] }),
      ['scope'],
    ],
    ['an unknown scope part', withFields({ scope: ['user'] }), ['scope[0]']],
    ['success that clears an address', withFields({ scope: ['address'], onSuccess: 'clear' }), ['onSuccess']],
    [
      'clear-own-address without account',
      withFields({ scope: ['address'], onSuccess: 'clear-own-address' }),
      ['onSuccess'],
    ],
    [
      'a reset that unlocks an address',
      withFields({ scope: ['address'], onPasswordReset: 'unlock' }),
      ['onPasswordReset'],
    ],
    [
      'clear-own-address with a sliding window',
      withFields({ onSuccess: 'clear-own-address', window: { kind: 'sliding', durationMs: 9 } }),
      ['onSuccess'],
    ],
    ['a weight of nothing', withFields({ weights: { password: 0 } }), ['weights.password']],
    [
      'a weight of a method that does not count',
      withFields({ counts: ['otp'], weights: { password: 2 } }),
      ['weights.password'],
    ],
    ['a truthy switch', withFields({ enabled: 1 }), ['enabled']],
    ['a null switch', withFields({ enforce: null }), ['enforce']],
    ['exempt as a list', withFields({ exempt: ['root'] }), ['exempt']],
    ['a blank exempt account', withFields({ exempt: { accounts: [' '] } }), ['exempt.accounts[0]']],
    ['a message that is no text', withFields({ messages: [5] }), ['messages[0]']],
    ['notify from 0', withFields({ notify: { from: 0 } }), ['notify.from']],
    ['notify of nothing', withFields({ notify: {} }), ['notify.from']],
    ['notify after 0 failures', withFields({ notify: { successAfter: 0 } }), ['notify.successAfter']],
    [
      'notify after half a failure and from none',
      withFields({ notify: { from: null, successAfter: 1.5 } }),
      ['notify.from', 'notify.successAfter'],
    ],
    ['a timeout of nothing', withFields({ attemptTimeoutMs: 0 }), ['attemptTimeoutMs']],
    ['a retention of nothing', withFields({ retentionMs: 0 }), ['retentionMs']],
    ['a number above its limit', withFields({ limits: { threshold: { min: 1, max: 4 } } }), ['threshold']],
    [
      'a number that is no whole step',
      withFields({ limits: { 'schedule.durationMs': { min: 1, max: hours(1), multipleOf: 7 } } }),
      ['schedule.durationMs'],
    ],
    [
      'a number that must not be off',
      withFields({ retentionMs: null, limits: { retentionMs: { min: 1, max: 5, required: true } } }),
      ['retentionMs'],
    ],
    ['a limit of nothing', withFields({ limits: { treshold: { min: 1, max: 4 } } }), ['limits.treshold']],
    [
      'a limit that is upside down',
      withFields({ limits: { threshold: { min: 6, max: 4 } } }),
      ['limits.threshold.min'],
    ],
  ])('%s', (_, value, paths) => {
    expect(pathsOf(value)).toEqual(paths);
  });

  test.each<[string, unknown]>([
    [
      'a sliding threshold of 128',
      withFields({ threshold: 128, window: { kind: 'sliding', durationMs: 9 } }),
    ],
    ['a cap equal to the first lock', withFields({ schedule: { ...exponential, maximumMs: 10 } })],
    ['a factor of 1', withFields({ schedule: { ...exponential, factor: 1 } })],
    ['a scope of 64 characters', withFields({ scope: ['account', { custom: 'x'.repeat(49) }] })],
    ['a name of 64 characters', withFields({ name: 'x'.repeat(64) })],
    ['the longest duration', withFields({ schedule: { kind: 'fixed', durationMs: MAX_DURATION_MS } })],
    ['a number at its limit', withFields({ limits: { threshold: { min: 5, max: 5, integer: true } } })],
    ['a limit of a number that is off', withFields({ limits: { retentionMs: { min: 1, max: 5 } } })],
    [
      'every number at its smallest',
      withFields({
        threshold: 1,
        schedule: { kind: 'linear', initialMs: 1, stepMs: 0, by: 'lockouts', maximumMs: 1 },
        window: { kind: 'idle', durationMs: 1 },
        escalationWindow: { durationMs: 1 },
        indefiniteAfterLockouts: 1,
        indefiniteAfterFailures: 1,
        weights: { otp: 1 },
        minIntervalMs: 0,
        quickFailure: { withinMs: 1, lockMs: 1 },
        attemptTimeoutMs: 1,
        abandonAllowance: 0,
        retentionMs: 1,
        notify: { from: 1 },
        messages: ['.'],
        exempt: { accounts: ['x'], addresses: [] },
        limits: { threshold: { min: 1, max: 1, multipleOf: 1 } },
      }),
    ],
    [
      'every number at its largest',
      withFields({
        threshold: 1_000_000,
        schedule: { kind: 'exponential', initialMs: MAX_DURATION_MS, factor: 1000, by: 'failures' },
        window: { kind: 'fixed', durationMs: MAX_DURATION_MS },
        indefiniteAfterLockouts: 1_000_000,
        indefiniteAfterFailures: 1_000_000,
        weights: { otp: 128 },
        minIntervalMs: MAX_DURATION_MS,
        attemptTimeoutMs: 86_400_000,
        abandonAllowance: 1_000_000,
        messages: ['x'.repeat(500)],
        exempt: { accounts: ['x'.repeat(256)], addresses: ['x'.repeat(256)] },
        limits: { threshold: { min: 1, max: 1_000_000, multipleOf: 500_000 } },
      }),
    ],
    [
      'a table of 64 rows',
      withRows(
        Array.from({ length: 64 }, (_, row) => ({ failures: row + 1, lockMs: row === 63 ? null : 1 })),
      ),
    ],
    [
      'a sliding table whose last row is 128',
      { ...withRows([{ failures: 128, lockMs: 1 }]), window: { kind: 'sliding', durationMs: 9 } },
    ],
    ['7 scope parts', withFields({ scope: 'abcdefg'.split('').map((custom) => ({ custom })) })],
    [
      'custom parts beside the built-in ones',
      withFields({ scope: ['account', 'device', { custom: 'account' }] }),
    ],
    ['a weight of a method that is counted', withFields({ counts: ['otp'], weights: { otp: 2 } })],
    [
      'limits of a number in a table',
      {
        ...withRows([{ failures: 5, lockMs: 1000 }]),
        limits: {
          'schedule.rows.0.lockMs': { min: 1000, max: 1000 },
          'schedule.rows.0.failures': { min: 5, max: 9 },
        },
      },
    ],
    [
      'an own address with an idle window',
      withFields({ onSuccess: 'clear-own-address', window: { kind: 'idle', durationMs: 9 } }),
    ],
    [
      'an address that only refunds and keeps',
      withFields({ scope: ['address'], onSuccess: 'refund', onPasswordReset: 'keep' }),
    ],
  ])('but not %s', (_, value) => {
    expect(pathsOf(value)).toEqual([]);
  });
});
