import { describe, expect, test } from '@jest/globals';
import { locked, rule, SingleKey, TIMEOUT, table } from '../testing/single-key.js';
import { assertTimeline } from '../testing/timeline.js';
import { MAX_PENDING } from './state.js';
import { judge } from './transition.js';

describe('R9 relocking', () => {
  test('driven by failures: only while the threshold still stands', () => {
    const policy = rule({ window: { kind: 'sliding', durationMs: 300 } });
    assertTimeline(policy, '0 –, 0 –, 250: 350, 350 – (2)', { unitMs: 1 });
    assertTimeline(policy, '0 –, 0 –, 100: 200, 200: 300', { unitMs: 1 });
  });

  test('driven by lockouts: while the escalation stands, whatever the count', () => {
    const policy = rule({
      schedule: { kind: 'exponential', initialMs: 10, factor: 2, by: 'lockouts' },
      window: { kind: 'idle', durationMs: 50 },
      escalationWindow: { durationMs: 200 },
    });
    assertTimeline(policy, '0 –, 0 –, 0: 10, 60: 80, 279: 319', { unitMs: 1 });
    assertTimeline(policy, '0 –, 0 –, 0: 10, 60: 80, 280 –', { unitMs: 1 });
  });

  test('an escalation that faded while an attempt was verified is not counted on', () => {
    const schedule = { kind: 'linear', initialMs: 10, stepMs: 10, by: 'lockouts' } as const;
    const key = new SingleKey(rule({ threshold: 1, schedule, escalationWindow: { durationMs: 50 } })).guesses(
      1,
      0,
    );
    key.charge('a', 59);
    expect(key.fail('a', 60).events).toMatchObject([{ type: 'locked', until: 70, escalation: 1 }]);
  });

  test('fresh-budget zeroes failures when the lock is set, never the escalation', () => {
    const key = new SingleKey(rule({ afterLock: 'fresh-budget' })).guesses(3, 0);
    expect(key.state).toMatchObject({ failures: 0, escalation: 1 });
    expect(key.last?.events).toMatchObject([{ type: 'locked', failures: 3 }]);
  });
});

describe('R10 tables', () => {
  test('a row locks when the count passes it; between rows nothing locks; the last locks for ever after', () => {
    assertTimeline(
      table([
        [2, 10],
        [4, 20],
      ]),
      '0 –, 0: 10, 10 –, 10: 30, 30: 50, 50: 70',
      { unitMs: 1 },
    );
  });

  test('of several rows passed at once the greatest locks', () => {
    const policy = table(
      [
        [2, 10],
        [4, 20],
        [9, 90],
      ],
      { weights: { otp: 5 } },
    );
    assertTimeline(policy, '0 #otp: 20, 20 #otp: 110', { unitMs: 1 });
  });

  test('a row is passed again when the window had forgotten', () => {
    const policy = table(
      [
        [2, 10],
        [4, 20],
      ],
      { window: { kind: 'sliding', durationMs: 100 } },
    );
    assertTimeline(policy, '0 –, 5: 15, 50 – (3), 104 – (3), 104: 124', { unitMs: 1 });
    assertTimeline(policy, '0 –, 5: 15, 150 –, 150: 160', { unitMs: 1 });
  });
});

describe('R12 expiry', () => {
  test('an ended lock leaves the record in one step, dated its end; escalation and that end stay', () => {
    const key = new SingleKey(rule()).guesses(3, 0);
    const { state } = key;
    expect(key.apply({ type: 'tick' }, 99).state).toBe(state);
    const { events } = key.apply({ type: 'tick' }, 5000);
    expect(events).toEqual([{ type: 'expired', at: 100 }]);
    expect(key.state).toMatchObject({ lock: null, lastLockEndedAt: 100, escalation: 1, failures: 3 });
    expect(key.apply({ type: 'tick' }, 9000).events).toEqual([]);
  });

  test('forgetting while a lock holds keeps the lock (P2)', () => {
    const policy = rule({ window: { kind: 'idle', durationMs: 20 } });
    assertTimeline(policy, '0 –, 0 –, 0: 100, 99 refused 100, 100 – (1)', { unitMs: 1 });
  });
});

describe('R13 modes', () => {
  test('disabled: neither counts nor refuses nor clears, stored locks and counts stay', () => {
    const key = new SingleKey(rule()).guesses(3, 0);
    key.policy = rule({ enabled: false });
    const { state } = key;
    expect(key.charge('a', 5)).toMatchObject({ allowed: true, remaining: null });
    expect(key.succeed('a', 6, 3).decision).toMatchObject({ allowed: true });
    key.apply({ type: 'complete', method: 'password' }, 6);
    expect(key.state).toBe(state);
    expect(judge(rule(), key.state, 'password', 99)).toEqual(locked(100));
  });

  test('disabled: charges from before settle as nothing and are not left for ever; locks still end', () => {
    const key = new SingleKey(rule()).guesses(2, 0);
    for (const id of ['a']) key.charge(id, 0);
    key.policy = rule({ enabled: false });
    expect(key.fail('a', 1)).toMatchObject({ state: { failures: 2, lock: null, pending: [] }, events: [] });
    const overdue = new SingleKey(rule({ threshold: 1 }));
    overdue.charge('b', 0);
    overdue.policy = rule({ threshold: 1, enabled: false });
    expect(overdue.apply({ type: 'tick' }, TIMEOUT)).toMatchObject({
      state: { failures: 0, pending: [] },
      events: [],
    });
    const ended = new SingleKey(rule()).guesses(3, 0);
    ended.policy = rule({ enabled: false });
    expect(ended.apply({ type: 'tick' }, 100).events).toEqual([{ type: 'expired', at: 100 }]);
  });

  test('monitor: locks are told with their own cause and never refuse, also not after enforce is switched on', () => {
    const key = new SingleKey(rule({ enforce: false })).guesses(3, 0);
    expect(key.last?.events).toMatchObject([{ type: 'locked', cause: 'monitor', until: 100 }]);
    key.guess(1);
    expect(key.state.lock).toMatchObject({ cause: 'monitor', until: 100 });
    key.policy = rule();
    expect(judge(key.policy, key.state, 'password', 2)).toMatchObject({ allowed: true });
    key.guess(3);
    expect(key.state.lock).toMatchObject({ cause: 'failures', until: 103 });
  });

  test('monitor: nobody is refused because others are in flight', () => {
    const key = new SingleKey(rule({ enforce: false }));
    for (let index = 0; index < 100; index += 1) expect(key.charge(`a${index}`, 0)?.allowed).toBe(true);
    expect(key.state.pending).toHaveLength(MAX_PENDING);
  });
});
