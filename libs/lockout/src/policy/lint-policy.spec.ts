import { describe, expect, test } from '@jest/globals';
import { definePolicy } from './define-policy.js';
import { lintPolicy } from './lint-policy.js';
import type { LockoutPolicy, PolicyInput, Schedule } from './policy.js';
import { authgear, contentstack, oneWelcome, outSystems, reachFive } from './presets/index.js';

const idsOf = (policy: LockoutPolicy | undefined) =>
  lintPolicy(policy as LockoutPolicy).map((warning) => warning.id);
const doubling: Schedule = { kind: 'exponential', initialMs: 10, factor: 2, by: 'failures', maximumMs: 80 };
const idsWith = (fields: Partial<PolicyInput>) =>
  idsOf(definePolicy({ name: 'p', threshold: 3, schedule: doubling, ...fields } as PolicyInput));

describe('lintPolicy', () => {
  test('finds nothing in a plain policy', () => {
    expect(idsWith({})).toEqual([]);
    expect(idsWith({ window: { kind: 'idle', durationMs: 81 } })).toEqual([]);
  });

  test('AG-13 LCK101 a history not longer than the longest lock', () => {
    expect(idsWith({ window: { kind: 'idle', durationMs: 80 } })).toEqual(['LCK101']);
    expect(idsOf(authgear({ enabled: true, historyMs: 300_000 })[0])).toEqual(['LCK101']);
    expect(idsOf(authgear({ enabled: true, historyMs: 300_001 })[0])).toEqual([]);
  });

  test('LCK101 not where the window is measured from the end of the lock, or nothing rests on it', () => {
    const short = { kind: 'idle', durationMs: 5 } as const;
    expect(idsWith({ window: { ...short, anchor: 'later-of-failure-and-lock-end' } })).toEqual([]);
    const fixed = { kind: 'fixed', durationMs: 80 } as const;
    expect(idsWith({ window: short, schedule: fixed })).toEqual(['LCK101']);
    expect(idsWith({ window: short, schedule: fixed, afterLock: 'fresh-budget' })).toEqual([]);
    expect(
      idsWith({ window: short, schedule: { ...doubling, by: 'lockouts' }, escalationWindow: 'never' }),
    ).toEqual([]);
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
    ['LCK106', { enforce: false }],
    ['LCK107', { window: { kind: 'idle', durationMs: 500 }, retentionMs: 500 }],
    ['LCK108', { window: { kind: 'idle', durationMs: 500 }, minIntervalMs: 500 }],
  ])('%s', (id, fields) => {
    expect(idsWith(fields)).toEqual([id]);
  });

  test('the presets warn of nothing else', () => {
    expect(idsOf(reachFive()[0])).toEqual([]);
    // The vendor's own numbers: the address is forgotten exactly when its longest block ends (OS-21).
    expect(outSystems().map(idsOf)).toEqual([[], ['LCK101']]);
    expect(idsOf(authgear()[0])).toEqual([]);
  });
});
