import { describe, expect, test } from '@jest/globals';
import { definePolicy } from './define-policy.js';
import { hours, minutes } from './duration.js';
import { lintPolicies, lintPolicy } from './lint-policy.js';
import type { LockoutPolicy, PolicyInput, Schedule } from './policy.js';
import { authgear, contentstack, oneWelcome, outSystems, reachFive } from './presets/index.js';

const idsOf = (policy: LockoutPolicy | undefined) =>
  lintPolicy(policy as LockoutPolicy)
    .filter(({ level }) => level === 'warning')
    .map((warning) => warning.id);
const doubling: Schedule = {
  kind: 'exponential',
  initialMs: minutes(10),
  factor: 2,
  by: 'failures',
  maximumMs: minutes(80),
};
const rule = (fields: Partial<PolicyInput> = {}) =>
  definePolicy({ name: 'p', threshold: 3, schedule: doubling, ...fields } as PolicyInput);
const idsWith = (fields: Partial<PolicyInput>) => idsOf(rule(fields));
const found = (policies: readonly LockoutPolicy[], id: string) =>
  lintPolicies(policies).filter((warning) => warning.id === id);

describe('lintPolicy', () => {
  test('warns of nothing in a plain policy', () => {
    expect(idsWith({})).toEqual([]);
    expect(idsWith({ window: { kind: 'idle', durationMs: minutes(81) } })).toEqual([]);
  });

  test('AG-13 LCK101 a history not longer than the longest lock', () => {
    const window = { kind: 'idle', durationMs: minutes(80) } as const;
    expect(idsWith({ window })).toEqual(['LCK101']);
    expect(lintPolicy(rule({ window }))[0]).toEqual({
      id: 'LCK101',
      level: 'warning',
      path: 'window.durationMs',
      message:
        'is 1 h 20 min, and the longest lock lasts 1 h 20 min: after one that outlasts it the next is the first again',
      hint: 'more than 4800000, or anchor "later-of-failure-and-lock-end"',
      numbers: { windowMs: minutes(80), longestLockMs: minutes(80) },
    });
    expect(idsOf(authgear({ enabled: true, historyMs: 300_000 })[0])).toContain('LCK101');
    expect(idsOf(authgear({ enabled: true, historyMs: 300_001 })[0])).not.toContain('LCK101');
  });

  test('LCK101 not where the window is measured from the end of the lock, or nothing rests on it', () => {
    const short = { kind: 'idle', durationMs: minutes(5) } as const;
    expect(idsWith({ window: { ...short, anchor: 'later-of-failure-and-lock-end' } })).toEqual([]);
    const fixed = { kind: 'fixed', durationMs: minutes(80) } as const;
    expect(idsWith({ window: short, schedule: fixed })).toEqual(['LCK101']);
    expect(idsWith({ window: short, schedule: fixed, afterLock: 'fresh-budget' })).toEqual([]);
    expect(idsWith({ window: short, schedule: fixed, afterLock: 'fresh-budget-at-end' })).toEqual([]);
    expect(
      idsWith({ window: short, schedule: { ...doubling, by: 'lockouts' }, escalationWindow: 'never' }),
    ).toEqual([]);
  });

  test('LCK101 locks without a maximum outlast every window', () => {
    const schedule = { kind: 'linear', initialMs: 1, stepMs: 1, by: 'lockouts' } as const;
    const window = { kind: 'idle', durationMs: hours(24) } as const;
    const [warning] = lintPolicy(rule({ schedule, window, threshold: 5 }));
    expect(warning).toMatchObject({ id: 'LCK101', numbers: { windowMs: hours(24) } });
    expect(warning?.message).toMatch(/^is 24 h, and locks grow without a maximum/);
    expect(warning?.hint).not.toMatch(/Infinity/);
  });

  test('LCK102 an indefinite lock that nobody but an administrator lifts', () => {
    const schedule = { kind: 'indefinite' } as const;
    expect(idsWith({ schedule })).toEqual(['LCK102']);
    expect(idsWith({ indefiniteAfterLockouts: 3 })).toEqual(['LCK102']);
    expect(idsWith({ indefiniteAfterFailures: 3 })).toEqual(['LCK102']);
    expect(idsWith({ schedule, onPasswordReset: 'unlock' })).toEqual([]);
    expect(idsWith({ schedule, selfService: 'all' })).toEqual([]);
    expect(idsOf(contentstack()[0])).toEqual(['LCK102']);
  });

  test('OW-16 LCK103 multiplied time without a maximum', () => {
    expect(idsOf(oneWelcome()[0])).toEqual(['LCK103']);
    expect(idsOf(oneWelcome({ maximumLockMs: 86_400_000 })[0])).toEqual([]);
  });

  test.each<[string, Partial<PolicyInput>]>([
    ['LCK104', { unknownAccounts: 'ignore' }],
    ['LCK105', { afterLock: 'fresh-budget' }],
    ['LCK105', { afterLock: 'fresh-budget-at-end' }],
    ['LCK106', { enforce: false }],
    ['LCK107', { window: { kind: 'idle', durationMs: hours(5) }, retentionMs: hours(5) }],
    ['LCK108', { window: { kind: 'idle', durationMs: hours(5) }, minIntervalMs: hours(5) }],
    ['LCK109', { threshold: 2 }],
    ['LCK110', { schedule: { kind: 'fixed', durationMs: minutes(0.5) } }],
    ['LCK113', { scope: ['account', 'device'] }],
  ])('%s', (id, fields) => {
    expect(idsWith(fields)).toEqual([id]);
  });

  test('the presets warn of nothing else', () => {
    expect(idsOf(reachFive()[0])).toEqual([]);
    // The vendor's own numbers: the address is forgotten exactly when its longest block ends (OS-21).
    expect(outSystems().map(idsOf)).toEqual([[], ['LCK101']]);
    expect(idsOf(authgear()[0])).toEqual([]);
  });

  test('numbers are finite, and every message tells the ones it has', () => {
    for (const policy of [...reachFive(), ...outSystems(), ...contentstack(), ...oneWelcome()]) {
      for (const { numbers, message, hint } of lintPolicy(policy)) {
        expect(Object.values(numbers).every(Number.isFinite)).toBe(true);
        expect(`${message} ${hint}`).not.toMatch(/Infinity|NaN|undefined/);
      }
    }
  });
});

describe('what an attacker gets', () => {
  test('LCK109 tells the cost of keeping a victim out, as information unless slips of the owner lock', () => {
    expect(found(reachFive(), 'LCK109')).toMatchObject([
      {
        level: 'info',
        policy: 'reachfive',
        message:
          'is the account, wherever attempts come from: who knows the name keeps its owner out with 6 requests, ' +
          'in the end 1 every 24 h: 14 requests on the first day, 1 a day later',
        numbers: { requestsToLock: 6, requestsFirstDay: 14, requestsPerDay: 1, roundMs: hours(24) },
      },
    ]);
    expect(found([rule({ threshold: 2 })], 'LCK109')).toMatchObject([{ level: 'warning' }]);
    expect(found([rule({ threshold: 3 })], 'LCK109')).toMatchObject([{ level: 'info' }]);
    expect(found(outSystems(), 'LCK109')).toEqual([]);
  });

  test('LCK110 comes above 100 guesses an hour: a warning from one address, information from 1,000', () => {
    const hourly = { schedule: { kind: 'fixed', durationMs: hours(1) } } as const;
    expect(found([rule({ ...hourly, threshold: 100 })], 'LCK110')).toEqual([]);
    expect(found([rule({ ...hourly, threshold: 101 })], 'LCK110')).toMatchObject([{ level: 'warning' }]);
    expect(found(outSystems(), 'LCK110')).toMatchObject([
      {
        level: 'info',
        policy: null,
        numbers: { guessesPerDay: 145, guessesPerDayFrom1000Addresses: 145_000, guessesPerYear: 52_129 },
        message: expect.stringMatching(/145 guesses a day, 52,129 a year .* 145,000 guesses a day/),
      },
    ]);
  });

  test('LCK111 and LCK112 say yes and no', () => {
    expect(found(contentstack(), 'LCK111')).toMatchObject([
      {
        level: 'info',
        message: expect.stringMatching(/^meets NIST SP 800-63B-4/),
        numbers: { failuresInARow: 10 },
      },
    ]);
    expect(found(authgear({ enabled: true }), 'LCK112')).toMatchObject([
      {
        level: 'info',
        message: expect.stringMatching(/^does not meet PCI DSS 4.0.1, 8.3.4: locks last no longer/),
      },
    ]);
  });

  test('LCK113 is information where another policy limits those without the part', () => {
    const device = rule({ name: 'device', scope: ['account', 'device'] });
    expect(found([device], 'LCK113')).toMatchObject([{ level: 'warning', policy: 'device' }]);
    expect(found([device, rule()], 'LCK113')).toMatchObject([{ level: 'info' }]);
    expect(found([device, rule({ enforce: false })], 'LCK113')).toMatchObject([{ level: 'warning' }]);
  });

  test('of what refuses nothing there is nothing to say', () => {
    expect(lintPolicy(rule({ enabled: false }))).toEqual([]);
    expect(lintPolicies([])).toEqual([]);
  });
});
