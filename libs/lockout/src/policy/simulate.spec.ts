import { describe, expect, test } from '@jest/globals';
import { definePolicy } from './define-policy.js';
import { minutes } from './duration.js';
import type { LockoutPolicy } from './policy.js';
import { authgear, reachFive } from './presets/index.js';
import { simulate } from './simulate.js';

describe('simulate', () => {
  const [policy] = reachFive({ allowedFailures: 1 }) as readonly [LockoutPolicy];

  test('tells of each step what was decided, what resulted and what stands', () => {
    const outcomes = simulate(policy, [
      { at: 0, type: 'failure' },
      { at: 0, type: 'failure' },
      { at: 1, type: 'success' },
      { at: 2, type: 'success', method: 'sms' },
      { at: 3, type: 'unlock' },
      { at: 4, type: 'failure' },
      { at: 5, type: 'abandoned' },
      { at: 6, type: 'success' },
      { at: 7, type: 'nothing' },
    ]);
    const told = outcomes.map(({ decision, failures, lock, events }) => [
      decision?.allowed ?? null,
      failures,
      lock?.until ?? null,
      events.map((event) => event.type).join(),
    ]);
    const until = minutes(5);
    expect(told).toEqual([
      [true, 1, null, ''],
      [true, 2, until, 'locked'],
      [false, 2, until, ''],
      [true, 2, until, ''],
      [null, 0, null, 'unlocked'],
      [true, 1, null, ''],
      [true, 1, null, ''],
      [true, 0, null, 'cleared'],
      [null, 0, null, ''],
    ]);
  });

  test('a first factor clears nothing, a password reset unlocks, and addresses are told apart', () => {
    const [shared] = authgear({ enabled: true, maximumAttempts: 2 }) as readonly [LockoutPolicy];
    const outcomes = simulate(shared, [
      { at: 0, type: 'failure', from: 'A' },
      { at: 1, type: 'first-factor', from: 'A' },
      { at: 2, type: 'failure', method: 'totp', from: 'B' },
      { at: 3, type: 'reset-password' },
      { at: 4, type: 'failure', from: 'B' },
      { at: 5, type: 'success', from: 'A' },
    ]);
    expect(outcomes.map(({ failures }) => failures)).toEqual([1, 1, 2, 0, 1, 1]);
  });

  test('a time that runs back is taken as the one before', () => {
    const outcomes = simulate(policy, [
      { at: 100, type: 'failure' },
      { at: 0, type: 'failure' },
    ]);
    expect(outcomes[1]?.lock).toMatchObject({ since: 100, until: 100 + minutes(5) });
  });

  test('tells how many attempts are left before a lock, and the whole state', () => {
    const [five] = reachFive() as readonly [LockoutPolicy];
    const failures = simulate(
      five,
      Array.from({ length: 7 }, (_, at) => ({ at, type: 'failure' as const })),
    );
    expect(failures.map(({ remaining }) => remaining)).toEqual([5, 4, 3, 2, 1, 0, 0]);
    expect(failures.at(-1)?.state).toMatchObject({ failures: 6, escalation: 1, lastFailureAt: 5 });
    const [other] = simulate(five, [{ at: 0, type: 'success', method: 'sms' }]);
    expect(other?.remaining).toBeNull();
  });

  test('R11 a completed sign-in clears what its first factor did not', () => {
    const [five] = reachFive() as readonly [LockoutPolicy];
    const outcomes = simulate(five, [
      { at: 0, type: 'failure' },
      { at: 1, type: 'first-factor' },
      { at: 2, type: 'complete', method: 'sms' },
      { at: 3, type: 'complete' },
    ]);
    expect(outcomes.map(({ failures }) => failures)).toEqual([1, 1, 1, 0]);
  });

  test('R8 an abandoned attempt is refunded within the allowance, then counts', () => {
    const plain = definePolicy({
      name: 'p',
      threshold: 9,
      schedule: { kind: 'fixed', durationMs: 1000 },
      abandonAllowance: 1,
    });
    const outcomes = simulate(plain, [
      { at: 0, type: 'failure' },
      { at: 1, type: 'abandoned' },
      { at: 2, type: 'abandoned' },
    ]);
    expect(outcomes.map(({ failures, events }) => [failures, events.map(({ type }) => type)])).toEqual([
      [1, []],
      [1, []],
      [2, ['refund-refused']],
    ]);
  });

  test('an address’s success clears only its own part, a refused attempt settles nothing', () => {
    const own = definePolicy({
      name: 'p',
      threshold: 3,
      schedule: { kind: 'fixed', durationMs: 1000 },
      onSuccess: 'clear-own-address',
    });
    const outcomes = simulate(own, [
      { at: 0, type: 'failure', from: 'A' },
      { at: 0, type: 'failure', from: 'B' },
      { at: 0, type: 'success' },
      { at: 0, type: 'success', from: 'A' },
      { at: 0, type: 'failure', from: 'B' },
      { at: 0, type: 'failure', from: 'A' },
      { at: 1, type: 'success', from: 'B' },
      { at: 2, type: 'unlock' },
    ]);
    expect(outcomes.map(({ failures }) => failures)).toEqual([1, 2, 2, 1, 2, 3, 3, 0]);
    expect(outcomes[6]).toMatchObject({ decision: { allowed: false, retryAt: 1000 }, events: [] });
    expect(outcomes[7]?.events).toMatchObject([
      { type: 'unlocked', via: 'admin', by: 'simulation', reason: 'simulation' },
    ]);
    expect(outcomes[0]?.state.contributions).toEqual([{ from: 'A', count: 1, seq: 1 }]);
    expect(simulate(own, [{ at: 0, type: 'failure' }])[0]?.state.contributions).toEqual([]);
  });
});
