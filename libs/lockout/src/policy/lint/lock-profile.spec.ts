import { expect, test } from '@jest/globals';
import { definePolicy } from '../define-policy.js';
import { hours, minutes, seconds } from '../duration.js';
import type { LockoutPolicy, PolicyInput } from '../policy.js';
import { reachFive } from '../presets/index.js';
import { lockProfile } from './lock-profile.js';

const rule = (fields: Partial<PolicyInput> = {}): LockoutPolicy =>
  definePolicy({
    name: 'p',
    threshold: 5,
    schedule: { kind: 'fixed', durationMs: minutes(1) },
    ...fields,
  } as PolicyInput);

test('tells the first lock and the longest', () => {
  expect(reachFive().map(lockProfile)).toEqual([
    { failuresToLock: 6, firstLockMs: minutes(5), longestLockMs: hours(24), endless: false },
  ]);
  expect(lockProfile(rule())).toEqual({
    failuresToLock: 5,
    firstLockMs: minutes(1),
    longestLockMs: minutes(1),
    endless: false,
  });
  expect(lockProfile(rule({ minIntervalMs: 10 }))).toMatchObject({ failuresToLock: 5 });
  expect(lockProfile(rule({ threshold: 1 }))).toMatchObject({ failuresToLock: 1, firstLockMs: minutes(1) });
});

test('the longest need not be the last', () => {
  const rows = [
    { failures: 2, lockMs: minutes(1) },
    { failures: 4, lockMs: minutes(9) },
    { failures: 5, lockMs: minutes(3) },
  ];
  const table = definePolicy({ name: 't', schedule: { kind: 'table', rows } });
  expect(lockProfile(table)).toMatchObject({ failuresToLock: 2, longestLockMs: minutes(9) });
});

test('until it is lifted is for ever, and not endless growth', () => {
  const doubling = { kind: 'exponential', initialMs: 10, factor: 2, by: 'lockouts' } as const;
  expect(lockProfile(rule({ schedule: doubling }))).toMatchObject({ firstLockMs: 10, endless: true });
  expect(lockProfile(rule({ schedule: { ...doubling, maximumMs: 50 } }))).toMatchObject({
    longestLockMs: 50,
    endless: false,
  });
  expect(lockProfile(rule({ schedule: doubling, indefiniteAfterLockouts: 3 }))).toEqual({
    failuresToLock: 5,
    firstLockMs: 10,
    longestLockMs: Number.POSITIVE_INFINITY,
    endless: false,
  });
});

test('of somebody no quicker than a person', () => {
  const quickFailure = { withinMs: seconds(1), lockMs: minutes(30) };
  expect(lockProfile(rule({ quickFailure }))).toMatchObject({
    failuresToLock: 5,
    longestLockMs: minutes(1),
  });
});

test('what a policy that is off or only watches would do', () => {
  for (const fields of [{ enabled: false }, { enforce: false }])
    expect(lockProfile(rule(fields))).toEqual(lockProfile(rule()));
});

test('none where no lock comes', () => {
  expect(lockProfile(rule({ minIntervalMs: 100, window: { kind: 'idle', durationMs: 100 } }))).toBeNull();
});
