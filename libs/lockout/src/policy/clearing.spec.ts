import { describe, expect, test } from '@jest/globals';
import { ADMIN, rule, SingleKey } from '../testing/single-key.js';
import { assertTimeline } from '../testing/timeline.js';
import type { PolicyInput } from './policy.js';
import { EMPTY_STATE } from './state.js';

const ms = { unitMs: 1 };
const complete = { type: 'complete', method: 'password' } as const;

/** Fails at `now` from an address; the success of a charge that came in between is settled by hand. */
const failFrom = (key: SingleKey, from: string, now: number) => {
  const id = `${from}-${now}-${key.state.failureSeq}`;
  key.apply({ type: 'charge', id, method: 'password', from }, now);
  key.fail(id, now);
};

describe('what a success clears', () => {
  test('everything: nothing is left but what tells old charges from new ones', () => {
    const key = new SingleKey(rule({ window: { kind: 'fixed', durationMs: 500 } })).guesses(3, 0);
    key.charge('a', 100);
    key.succeed('a', 101, 3);
    expect(key.state).toEqual({ ...EMPTY_STATE, failureSeq: 3, lastLockEndedAt: 100, updatedAt: 101 });
  });

  test('of a sliding window the failures it saw: the later ones stay, each with its own time', () => {
    const sliding = rule({ threshold: 9, window: { kind: 'sliding', durationMs: 500 } });
    const key = new SingleKey(sliding).guesses(1, 0);
    key.charge('right', 1);
    key.guess(60);
    key.guess(61);
    key.succeed('right', 62, 1);
    expect(key.state).toMatchObject({ failures: 2, times: [60, 61], windowStartedAt: 61, lastFailureAt: 61 });
  });

  test('an escalation that stands alone', () => {
    const key = new SingleKey(rule({ unlockKeepsEscalation: true })).guesses(3, 0);
    key.apply({ type: 'unlock', via: 'admin', actor: ADMIN }, 1);
    expect(key.apply(complete, 2).state).toMatchObject({ escalation: 0, lastFailureAt: null });
  });

  test('nothing where nothing stands: the same reference', () => {
    const fields: Partial<PolicyInput>[] = [{}, { quickFailure: { withinMs: 5, lockMs: 5 } }];
    for (const one of fields) {
      const fresh = new SingleKey(rule(one));
      expect(fresh.apply(complete, 5).state).toBe(EMPTY_STATE);
    }
    // The last failure is forgotten, and nothing is measured from it.
    const forgotten = new SingleKey(rule({ retentionMs: 10 })).guesses(1, 0);
    forgotten.charge('a', 20);
    forgotten.apply({ type: 'withdraw', id: 'a' }, 20);
    const { state } = forgotten;
    expect(state).toMatchObject({ consecutive: 0, lastFailureAt: 0 });
    expect(forgotten.apply(complete, 21).state).toBe(state);
  });

  test('a failure that no longer counts but would make the next one a quick one', () => {
    const key = new SingleKey(rule({ retentionMs: 10, quickFailure: { withinMs: 50, lockMs: 5 } })).guesses(
      1,
      0,
    );
    key.charge('a', 20);
    key.apply({ type: 'withdraw', id: 'a' }, 20);
    expect(key.state).toMatchObject({ consecutive: 0, lastFailureAt: 0 });
    key.apply(complete, 21);
    expect(key.state.lastFailureAt).toBeNull();
    expect(key.guess(22).events).toEqual([]);
  });
});

describe('clear-own-address', () => {
  const own = rule({ threshold: 9, onSuccess: 'clear-own-address' });

  test('counts each address’s part: every failure in its own, none without an address', () => {
    const key = new SingleKey(own);
    for (const from of ['A', 'B', 'A']) failFrom(key, from, 0);
    key.guess(0);
    expect(key.state.contributions).toEqual([
      { from: 'A', count: 2, seq: 3 },
      { from: 'B', count: 1, seq: 2 },
    ]);
  });

  test('takes its own part, whoever failed after its charge, and leaves the others’', () => {
    const key = new SingleKey(own);
    failFrom(key, 'A', 0);
    key.apply({ type: 'charge', id: 'right', method: 'password', from: 'A' }, 1);
    failFrom(key, 'B', 2);
    key.apply({ type: 'succeed', id: 'right', method: 'password', seq: 1, final: true, from: 'A' }, 3);
    expect(key.state).toMatchObject({ failures: 1, consecutive: 1 });
    expect(key.state.contributions).toEqual([{ from: 'B', count: 1, seq: 2 }]);
  });

  test('clears the escalation too where all of it is its own', () => {
    const growing = rule({
      onSuccess: 'clear-own-address',
      schedule: { kind: 'linear', initialMs: 10, stepMs: 10, by: 'lockouts' },
    });
    assertTimeline(growing, '0 @A –, 0 @A –, 0 @A: 10, 10 @A ok (0), 10 @A –, 10 @A –, 10 @A: 20', ms);
  });

  test('of a record that was pruned meanwhile clears nothing of the new one', () => {
    const key = new SingleKey(own);
    failFrom(key, 'A', 0);
    const { state } = key;
    const late = { type: 'succeed', id: 'old', method: 'password', seq: 7, final: true, from: 'A' } as const;
    expect(key.apply(late, 1).state).toBe(state);
  });

  test('a fresh budget has no parts either, when the lock is set or when it ends', () => {
    for (const afterLock of ['fresh-budget', 'fresh-budget-at-end'] as const) {
      const { state } = assertTimeline(
        rule({ onSuccess: 'clear-own-address', afterLock }),
        '0 @A –, 0 @A –, 0 @B: 100, 100 tick (0)',
        ms,
      );
      expect(state).toMatchObject({ failures: 0, times: [], contributions: [] });
    }
  });

  test('parts are only kept while the policy asks for them, also for what was charged before', () => {
    const key = new SingleKey(own);
    key.apply({ type: 'charge', id: 'a', method: 'password', from: 'A' }, 0);
    key.policy = rule({ threshold: 9 });
    key.fail('a', 1);
    expect(key.state.contributions).toEqual([]);
  });

  test('R25 a failure that was forgotten long ago is nobody else’s part: the success clears all of its own', () => {
    const growing = rule({
      onSuccess: 'clear-own-address',
      window: { kind: 'idle', durationMs: 50 },
      escalationWindow: 'never',
      schedule: { kind: 'linear', initialMs: 10, stepMs: 10, by: 'lockouts' },
    });
    assertTimeline(growing, '0 @A –, 50 @B –, 50 @B –, 50 @B: 60, 60 @B ok (0), 60 –, 60 –, 60: 70', ms);
    assertTimeline(growing, '0 @A –, 49 @B –, 49 @B: 59, 59 @B ok (1), 59: 79', ms);
  });
});
