import { describe, expect, test } from '@jest/globals';
import { failed, NOW } from '../testing/counted-apart.js';
import { definePolicy } from './define-policy.js';
import type { LockoutPolicy, PolicyInput } from './policy.js';
import { EMPTY_STATE, type Lock, type LockoutState, MAX_PENDING } from './state.js';
import { stricterState } from './stricter-state.js';

const MINUTE = 60_000;
const policyOf = (input: Partial<PolicyInput> = {}): LockoutPolicy =>
  definePolicy({
    name: 'account',
    threshold: 5,
    schedule: { kind: 'fixed', durationMs: 5 * MINUTE },
    ...input,
  } as PolicyInput);
const lockUntil = (until: number | null, cause: Lock['cause'] = 'failures'): Lock => ({
  since: NOW,
  until,
  cause,
  step: 0,
});
const merge = (
  stored: LockoutState | null,
  apart: LockoutState,
  base: LockoutState | null = null,
  policy = policyOf(),
) => stricterState(policy, stored, { base, apart, ended: new Set() }, NOW);

describe('bringing back what was counted apart', () => {
  test('of two counts the larger one stands, not the sum', () => {
    expect(merge(failed(3), failed(2)).state).toMatchObject({ failures: 3 });
    expect(merge(failed(2), failed(3)).state).toMatchObject({ failures: 3, consecutive: 3, failureSeq: 3 });
    const stored = failed(3);
    expect(merge(stored, failed(3)).state).toBe(stored);
  });

  test.each([
    ['the later end', lockUntil(NOW + 1), lockUntil(NOW + 2), NOW + 2],
    ['the later end, the other way round', lockUntil(NOW + 2), lockUntil(NOW + 1), NOW + 2],
    ['one without an end', lockUntil(null), lockUntil(NOW + 2), null],
    ['one without an end, the other way round', lockUntil(NOW + 2), lockUntil(null), null],
    ['one that refuses over one that only watches', lockUntil(NOW + 1), lockUntil(null, 'monitor'), NOW + 1],
    ['the other way round', lockUntil(null, 'monitor'), lockUntil(NOW + 1), NOW + 1],
  ])('of two locks: %s', (_, stored, apart, until) => {
    const { state } = merge({ ...failed(5), lock: stored }, { ...failed(5), lock: apart });
    expect(state.lock).toMatchObject({ until });
  });

  test('of two that end at once the one that fewer may lift', () => {
    for (const causes of [['admin', 'failures'] as const, ['failures', 'admin'] as const]) {
      const [stored, apart] = causes.map((cause) => ({ ...failed(5), lock: lockUntil(null, cause) }));
      expect(merge(stored ?? null, apart ?? EMPTY_STATE).state.lock?.cause).toBe('admin');
    }
  });

  test('a lock that was lifted there meanwhile stays lifted, though something else changed here', () => {
    const base = { ...failed(5), lock: lockUntil(null) };
    const lifted = { ...EMPTY_STATE, failureSeq: 5, lastLockEndedAt: NOW, updatedAt: NOW };
    const pending = [{ id: 'x', at: NOW, seq: 5, weight: 1 }];
    expect(merge(lifted, { ...base, pending }, base).state).toMatchObject({
      lock: null,
      failures: 0,
      pending,
    });
  });

  test('sliding windows: each failure is as late as on the side where it is later', () => {
    const policy = policyOf({ window: { kind: 'sliding', durationMs: MINUTE } });
    const slid = (...ages: readonly number[]): LockoutState => ({
      ...failed(ages.length),
      times: ages.map((age) => NOW - age),
    });
    const { state } = merge(slid(50_000, 10_000), slid(40_000, 30_000, 20_000), null, policy);
    expect(state).toMatchObject({ failures: 3, times: [NOW - 40_000, NOW - 30_000, NOW - 10_000] });
  });

  test('what is forgotten by now stays forgotten on both sides', () => {
    const policy = policyOf({ window: { kind: 'idle', durationMs: MINUTE } });
    const old = failed(4, NOW - MINUTE);
    expect(merge(old, failed(1), null, policy).state).toMatchObject({ failures: 1 });
    expect(merge(failed(1), old, null, policy).state).toMatchObject({ failures: 1 });
  });

  test('refunds that were granted apart are granted', () => {
    const apart = { ...EMPTY_STATE, abandons: 3, abandonsSince: NOW - 1, updatedAt: NOW };
    const stored = { ...EMPTY_STATE, abandons: 2, abandonsSince: NOW - 5, updatedAt: NOW };
    expect(merge(stored, apart).state).toMatchObject({ abandons: 3, abandonsSince: NOW - 1 });
    expect(merge(stored, { ...apart, abandons: 2 }, { ...EMPTY_STATE, abandons: 2 }).state).toBe(stored);
  });

  test('an overdue charge becomes a failure, dated by its deadline, with the lock that it sets (R3)', () => {
    const policy = policyOf({ attemptTimeoutMs: 1_000 });
    const apart = { ...failed(4, NOW - 5_000), pending: [{ id: 'x', at: NOW - 3_000, seq: 4, weight: 1 }] };
    const { state, events } = merge(null, apart, null, policy);
    expect(state).toMatchObject({ failures: 5, lock: { since: NOW - 2_000 }, pending: [] });
    expect(events).toMatchObject([{ type: 'locked', at: NOW - 2_000 }]);
  });

  test('the end of a lock that the store knows is for the store to tell', () => {
    const base = { ...failed(5, NOW - 10), lock: { ...lockUntil(NOW - 1), since: NOW - 10 } };
    const { state, events } = merge(base, { ...base, failures: 6, failureSeq: 6 }, base);
    expect(state.lock).toBeNull();
    expect(events).toEqual([{ type: 'expired', at: NOW - 1 }]);
  });

  test('more charges than a record can hold: the oldest become failures, none is lost', () => {
    const charges = (name: string, count: number, at: number) =>
      Array.from({ length: count }, (_, n) => ({ id: `${name}${n}`, at: at + n, seq: 0, weight: 1 }));
    const policy = policyOf({ threshold: 200 });
    const stored = { ...EMPTY_STATE, pending: charges('s', 40, NOW - 100), updatedAt: NOW };
    const apart = { ...EMPTY_STATE, pending: charges('a', 40, NOW - 1_000), updatedAt: NOW };
    const { state } = merge(stored, apart, null, policy);
    expect(state.pending).toHaveLength(MAX_PENDING);
    expect(state.failures).toBe(16);
    expect(state.pending.filter(({ id }) => id.startsWith('s'))).toHaveLength(40);
    const off = merge(stored, apart, null, policyOf({ threshold: 200, enabled: false })).state;
    expect(off).toMatchObject({ failures: 0 });
  });
});
