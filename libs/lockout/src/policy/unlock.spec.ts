import { describe, expect, test } from '@jest/globals';
import { ADMIN, locked, rule, SingleKey } from '../testing/single-key.js';
import { assertTimeline } from '../testing/timeline.js';
import { type Input } from './input.js';
import { MANUAL_POLICY } from './manual.js';
import { type PolicyInput } from './policy.js';
import { EMPTY_STATE } from './state.js';
import { judge, transition } from './transition.js';

describe('R7 unlock', () => {
  test('clears lock, count, escalation and charges in one go; old ids settle as nothing', () => {
    const key = new SingleKey(rule({ threshold: 4 })).guesses(2, 0);
    key.charge('old', 0);
    const { events, state } = key.apply({ type: 'unlock', via: 'admin', actor: ADMIN }, 1);
    expect(state).toEqual({ ...EMPTY_STATE, failureSeq: 2, updatedAt: 1 });
    expect(events.map(({ type }) => type)).toEqual(['cleared']); // Nothing was locked.
    expect(key.fail('old', 2).state).toBe(state);
    expect(key.succeed('old', 2, 2).state).toBe(state);
  });

  test('tells who lifted the lock, why, and what stood before', () => {
    const key = new SingleKey(rule()).guesses(3, 0);
    const { events } = key.apply({ type: 'unlock', via: 'admin', actor: ADMIN }, 7);
    const before = { failures: 3, escalation: 1, since: 0, until: 100, cause: 'failures' };
    expect(events).toEqual([{ type: 'unlocked', at: 7, via: 'admin', ...ADMIN, before }]);
    expect(key.state.lastLockEndedAt).toBe(7);
  });

  test('of a key with nothing to clear is nothing', () => {
    expect(transition(rule(), EMPTY_STATE, { type: 'unlock', via: 'admin', actor: ADMIN }, 7).state).toBe(
      EMPTY_STATE,
    );
  });

  test('N are verified per budget, and a budget ends with its lock', () => {
    assertTimeline(rule({ afterLock: 'fresh-budget' }), '0 –, 0 –, 0: 100, 100 –, 100 –, 100: 200', {
      unitMs: 1,
    });
    assertTimeline(
      rule({ locksOn: 'exceeding', afterLock: 'fresh-budget' }),
      '0 –, 0 –, 0 –, 0: 100, 100 –, 100 –, 100: 200',
      { unitMs: 1 },
    );
  });

  test('ends a pause too, also one that outlasts the count; where nothing is left to end, it writes nothing', () => {
    for (const fields of [{ minIntervalMs: 50 }, { quickFailure: { withinMs: 50, lockMs: 9 } }]) {
      const key = new SingleKey(rule({ ...fields, retentionMs: 10 })).guesses(1, 0);
      key.apply({ type: 'unlock', via: 'admin', actor: ADMIN }, 20);
      expect(key.state).toEqual({ ...EMPTY_STATE, failureSeq: 1, updatedAt: 20 });
    }
    const plain = new SingleKey(rule({ retentionMs: 10 })).guesses(1, 0);
    const { state } = plain;
    expect(plain.apply({ type: 'unlock', via: 'admin', actor: ADMIN }, 20).state).toBe(state);
  });

  test('gives refunds back, and forgets failures in a row that no window counts any more', () => {
    const refunded = new SingleKey(rule());
    refunded.charge('a', 0);
    refunded.abandon('a', 0);
    refunded.apply({ type: 'unlock', via: 'admin', actor: ADMIN }, 1);
    expect(refunded.state).toEqual({ ...EMPTY_STATE, updatedAt: 1 });
    const window = { kind: 'idle', durationMs: 10 } as const;
    const capped = new SingleKey(rule({ window, indefiniteAfterFailures: 9 })).guesses(2, 0);
    capped.apply({ type: 'unlock', via: 'admin', actor: ADMIN }, 20);
    expect(capped.state).toEqual({ ...EMPTY_STATE, failureSeq: 2, updatedAt: 20 });
  });

  test('an escalation that was kept is cleared once the policy keeps none', () => {
    const key = new SingleKey(rule({ unlockKeepsEscalation: true })).guesses(3, 0);
    key.apply({ type: 'unlock', via: 'admin', actor: ADMIN }, 1);
    expect(key.state).toMatchObject({ escalation: 1, consecutive: 0, lastFailureAt: 0 });
    key.policy = rule();
    key.apply({ type: 'unlock', via: 'admin', actor: ADMIN }, 2);
    expect(key.state).toEqual({ ...EMPTY_STATE, failureSeq: 3, lastLockEndedAt: 1, updatedAt: 2 });
  });

  test('keeps nothing where the policy keeps what does not stand: a pause ends all the same', () => {
    const window = { kind: 'idle', durationMs: 10 } as const;
    const paused = { minIntervalMs: 50, threshold: 9 };
    const unlocked = (fields: Partial<PolicyInput>, now: number) => {
      const key = new SingleKey(rule({ ...paused, ...fields })).guesses(1, 0);
      return key.apply({ type: 'unlock', via: 'admin', actor: ADMIN }, now).state;
    };
    const nothing = (updatedAt: number) => ({ ...EMPTY_STATE, failureSeq: 1, updatedAt });
    expect(unlocked({ unlockKeepsCount: true, window }, 20)).toEqual(nothing(20));
    expect(unlocked({ unlockKeepsCount: true, indefiniteAfterFailures: 9, retentionMs: 10 }, 20)).toEqual(
      nothing(20),
    );
    expect(unlocked({ unlockKeepsEscalation: true }, 5)).toEqual(nothing(5));
    // Failures in a row are kept past the window only where they are counted.
    expect(unlocked({ unlockKeepsCount: true, indefiniteAfterFailures: 9, window }, 20)).toMatchObject({
      consecutive: 1,
      lastFailureAt: 0,
    });
  });

  test('may keep the escalation, which fades as before', () => {
    const policy = rule({
      unlockKeepsEscalation: true,
      schedule: { kind: 'linear', initialMs: 10, stepMs: 10, by: 'lockouts' },
      window: { kind: 'idle', durationMs: 500 },
    });
    assertTimeline(policy, '0 –, 0 –, 0: 10, 5 unlock, 5: 25', { unitMs: 1 });
    assertTimeline(policy, '0 –, 0 –, 0: 10, 5 unlock, 499: 519', { unitMs: 1 });
    assertTimeline(policy, '0 –, 0 –, 0: 10, 5 unlock, 500 –', { unitMs: 1 });
  });
});

describe('R14 password reset', () => {
  const reset = (manualLock = false): Input => ({ type: 'reset-password', actor: ADMIN, manualLock });
  const forever = { schedule: { kind: 'indefinite' } } as const;

  test.each<[PolicyInput['onPasswordReset'], Partial<PolicyInput>, boolean, boolean]>([
    ['unlock-timed', {}, false, true],
    ['unlock-timed', {}, true, false],
    ['unlock-timed', forever, false, false],
    ['unlock', forever, false, true],
    ['keep', {}, false, false],
  ])('%s, with %j, manual lock %s: unlocks %s', (onPasswordReset, fields, manualLock, unlocks) => {
    const key = new SingleKey(rule({ onPasswordReset, ...fields })).guesses(3, 0);
    const { state } = key;
    const { events } = key.apply(reset(manualLock), 1);
    if (unlocks) {
      expect(key.state).toMatchObject({ lock: null, failures: 0, escalation: 0 });
      expect(events).toMatchObject([{ type: 'unlocked', via: 'password-reset' }]);
    } else {
      expect(key.state).toBe(state);
      expect(events).toEqual([]);
    }
  });

  test('never lifts what an administrator set at this key', () => {
    const key = new SingleKey(rule({ onPasswordReset: 'unlock' })).guesses(2, 0);
    const { state } = key.apply({ type: 'lock', until: 50, actor: ADMIN }, 1);
    expect(key.apply(reset(), 2).state).toBe(state);
  });

  test('without a lock it clears count and escalation', () => {
    const key = new SingleKey(rule()).guesses(2, 0);
    key.apply(reset(), 1);
    expect(key.state.failures).toBe(0);
  });
});

describe('R15 manual locks', () => {
  const manual = (until: number | null) => {
    const key = new SingleKey(MANUAL_POLICY);
    key.apply({ type: 'lock', until, actor: ADMIN }, 10);
    return key;
  };

  test('refuse every method, with the cause admin, to the millisecond', () => {
    const key = manual(60);
    expect(key.last?.events).toMatchObject([{ type: 'locked', cause: 'admin', until: 60, ...ADMIN }]);
    for (const method of ['password', 'passkey', 'anything']) {
      expect(judge(MANUAL_POLICY, key.state, method, 59)).toEqual(locked(60, 'admin'));
      expect(judge(MANUAL_POLICY, key.state, method, 60)).toMatchObject({ allowed: true, remaining: null });
    }
  });

  test('are lifted by an administrator only: no reset, no success, no link', () => {
    const key = manual(null);
    const { state } = key;
    key.apply({ type: 'reset-password', actor: ADMIN, manualLock: true }, 11);
    expect(key.succeed('x', 11, 0).decision).toEqual(locked(null, 'admin'));
    key.apply({ type: 'complete', method: 'password' }, 11);
    key.apply({ type: 'unlock', via: 'link', actor: ADMIN }, 11);
    expect(key.state).toBe(state);
    key.apply({ type: 'unlock', via: 'admin', actor: ADMIN }, 12);
    expect(judge(MANUAL_POLICY, key.state, 'password', 12).allowed).toBe(true);
  });

  test('count nothing: an attempt at the key writes nothing', () => {
    const key = new SingleKey(MANUAL_POLICY);
    expect(key.charge('a', 0)).toMatchObject({ allowed: true, remaining: null });
    expect(key.state).toBe(EMPTY_STATE);
  });

  test('a lock that would be over already is nothing, and one past the calendar ends with it', () => {
    expect(manual(10).state).toBe(EMPTY_STATE);
    expect(manual(Number.NaN).state).toBe(EMPTY_STATE);
    expect(manual(1e300).state.lock?.until).toBe(8.64e15);
  });
});

describe('R45 unlock links', () => {
  test('never lift what an administrator set', () => {
    const key = new SingleKey(rule({ selfService: 'all' }));
    const { state } = key.apply({ type: 'lock', until: 50, actor: ADMIN }, 0);
    expect(key.apply({ type: 'unlock', via: 'link', actor: ADMIN }, 1).state).toBe(state);
  });

  test('do nothing where nothing is locked', () => {
    const key = new SingleKey(rule({ selfService: 'all' })).guesses(2, 0);
    const { state } = key;
    expect(key.apply({ type: 'unlock', via: 'link', actor: ADMIN }, 1).state).toBe(state);
  });

  test('lift the lock that they were made for, and no later one at the same key', () => {
    const key = new SingleKey(rule({ afterLock: 'fresh-budget' })).guesses(3, 0).guesses(3, 200);
    const open = (now: number, since?: number) => {
      const link = { type: 'unlock', via: 'link', actor: ADMIN } as const;
      return key.apply(since === undefined ? link : { ...link, since }, now);
    };
    expect(key.state.lock).toMatchObject({ since: 200, until: 300 });
    const { state } = key;
    for (const since of [0, 199, 201, Number.NaN]) {
      expect(open(210, since)).toMatchObject({ state, events: [] });
      expect(key.state).toBe(state);
    }
    expect(open(220, 200).events).toMatchObject([{ type: 'unlocked', via: 'link', before: { since: 200 } }]);
    expect(key.state).toMatchObject({ lock: null, failures: 0, escalation: 0 });
  });

  test('bound to a lock do nothing where it is over: by its end, or lifted before', () => {
    const open = (key: SingleKey, now: number) =>
      key.apply({ type: 'unlock', via: 'link', actor: ADMIN, since: 0 }, now);
    const ended = new SingleKey(rule()).guesses(3, 0);
    expect(open(ended, 100).events).toMatchObject([{ type: 'expired', at: 100 }]);
    expect(ended.state).toMatchObject({ lock: null, escalation: 1 });
    const lifted = new SingleKey(rule()).guesses(3, 0);
    lifted.apply({ type: 'unlock', via: 'admin', actor: ADMIN }, 1);
    lifted.guesses(2, 2);
    const { state } = lifted;
    expect(open(lifted, 3).state).toBe(state);
  });

  const lift = (selfService: PolicyInput['selfService'], fields: Partial<PolicyInput> = {}) => {
    const key = new SingleKey(rule({ selfService, ...fields })).guesses(3, 0);
    key.apply({ type: 'unlock', via: 'link', actor: ADMIN }, 1);
    return key.state.lock === null;
  };
  const forever = { schedule: { kind: 'indefinite' } } as const;

  test('lift timed locks, indefinite ones only where the policy says all, and none where it says none', () => {
    expect([lift('none'), lift('timed'), lift('all')]).toEqual([false, true, true]);
    expect([lift('timed', forever), lift('all', forever)]).toEqual([false, true]);
  });
});
