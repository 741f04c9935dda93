import { describe, expect, test } from '@jest/globals';
import { assertTimeline } from '../testing/timeline.js';
import { definePolicy } from './define-policy.js';
import { minutes } from './duration.js';
import type { Actor, Input } from './input.js';
import { MANUAL_POLICY } from './manual.js';
import type { LockoutPolicy, PolicyInput } from './policy.js';
import { isFaded, keepUntil } from './record-life.js';
import { EMPTY_STATE, type LockoutState, MAX_CONTRIBUTIONS, MAX_PENDING } from './state.js';
import { judge, type Transition, transition } from './transition.js';

const ADMIN: Actor = { by: 'ann', reason: 'called the help desk' };
const TIMEOUT = 1000;

/** Threshold 3, locks of 100 ms; small numbers so that every moment can be written down. */
const rule = (fields: Partial<PolicyInput> = {}): LockoutPolicy =>
  definePolicy({
    name: 'p',
    threshold: 3,
    schedule: { kind: 'fixed', durationMs: 100 },
    attemptTimeoutMs: TIMEOUT,
    ...fields,
  } as PolicyInput);

const table = (rows: readonly (readonly [number, number | null])[], fields: Partial<PolicyInput> = {}) =>
  definePolicy({
    name: 't',
    schedule: { kind: 'table', rows: rows.map(([failures, lockMs]) => ({ failures, lockMs })) },
    ...fields,
  } as PolicyInput);

/** A key in one hand and a policy in the other. */
class Key {
  state: LockoutState;
  last: Transition | undefined;
  constructor(
    public policy: LockoutPolicy,
    state: LockoutState = EMPTY_STATE,
  ) {
    this.state = state;
  }
  apply(input: Input, now: number): Transition {
    this.last = transition(this.policy, this.state, input, now);
    this.state = this.last.state;
    return this.last;
  }
  charge(id: string, now: number, method = 'password') {
    return this.apply({ type: 'charge', id, method }, now).decision;
  }
  fail(id: string, now: number) {
    return this.apply({ type: 'fail', id }, now);
  }
  succeed(id: string, now: number, seq: number, final = true, method = 'password') {
    return this.apply({ type: 'succeed', id, method, seq, final }, now);
  }
  abandon(id: string, now: number) {
    return this.apply({ type: 'abandon', id }, now);
  }
  /** One wrong guess. */
  guess(now: number, method = 'password') {
    expect(this.charge(`g${now}-${this.state.failureSeq}`, now, method)?.allowed).toBe(true);
    return this.fail(`g${now}-${this.state.failureSeq}`, now);
  }
  guesses(count: number, now: number) {
    for (let guess = 0; guess < count; guess += 1) this.guess(now);
    return this;
  }
}

const exhausted = { allowed: false, reason: 'exhausted', retryAt: null };
const locked = (retryAt: number | null, cause = 'failures', step = 0) => ({
  allowed: false,
  reason: 'locked',
  retryAt,
  cause,
  step,
});

describe('R1 charging', () => {
  test('a charge adds its entry and nothing else: no lock, no anchor, no event', () => {
    const key = new Key(rule()).guesses(1, 5);
    const before = key.state;
    const { state, events } = key.apply({ type: 'charge', id: 'a', method: 'password' }, 9);
    expect(state).toEqual({ ...before, pending: [{ id: 'a', at: 9, seq: 1, weight: 1 }], updatedAt: 9 });
    expect(events).toEqual([]);
  });

  test('room is threshold − failures, and one is admitted only while charges in flight leave some', () => {
    const key = new Key(rule()).guesses(1, 0);
    expect(key.charge('a', 0)).toMatchObject({ allowed: true, remaining: 1 });
    expect(key.charge('b', 0)).toMatchObject({ allowed: true, remaining: 0 });
    expect(key.charge('c', 0)).toEqual(exhausted);
  });

  test('room is one more with exceeding, before the first lock only', () => {
    const key = new Key(rule({ locksOn: 'exceeding' }));
    expect(key.charge('a', 0)).toMatchObject({ remaining: 3 });
    key.apply({ type: 'withdraw', id: 'a' }, 0);
    key.guesses(4, 0);
    expect(judge(key.policy, key.state, 'password', 100)).toMatchObject({ allowed: true, remaining: 0 });
  });

  test.each([
    [0, 1],
    [2, 2],
    [5, 0],
    [6, 0],
  ])('room in a table after %i failures: %i more can follow the next attempt', (failures, remaining) => {
    const key = new Key(
      table([
        [2, 10],
        [5, 10],
      ]),
    ); // Rows at 2 and 5, then every failure.
    for (let now = 0; now < failures * 10; now += 10) key.guess(now);
    expect(judge(key.policy, key.state, 'password', 1000)).toMatchObject({ allowed: true, remaining });
  });

  test('charging the same id twice charges once', () => {
    const key = new Key(rule());
    const first = key.charge('a', 0);
    const { state } = key;
    expect(key.charge('a', 1)).toEqual(first);
    expect(key.state).toBe(state);
  });

  test('the lock is set by the failure that crosses, and its since is the settle’s now', () => {
    const key = new Key(rule()).guesses(2, 0);
    key.charge('a', 10);
    const { events } = key.fail('a', 40);
    expect(key.state.lock).toEqual({ since: 40, until: 140, cause: 'failures', step: 0 });
    expect(events).toEqual([
      { type: 'locked', at: 40, until: 140, cause: 'failures', failures: 3, escalation: 1, step: 0 },
    ]);
  });

  test('weights count against the room, and a heavy failure passes the threshold without hitting it', () => {
    const key = new Key(rule({ weights: { otp: 2 } }));
    expect(key.charge('a', 0, 'otp')).toMatchObject({ remaining: 1 });
    key.fail('a', 0);
    key.charge('b', 0, 'otp');
    key.fail('b', 0);
    expect(key.state).toMatchObject({ failures: 4, lock: { until: 100 } });
  });

  test('a method called like a field of every object weighs one', () => {
    const key = new Key(rule());
    key.charge('a', 0, 'constructor');
    key.fail('a', 0);
    expect(key.state.failures).toBe(1);
  });

  test(`no more than ${MAX_PENDING} charges are in flight at one key (R34)`, () => {
    const key = new Key(rule({ threshold: 500 }));
    for (let index = 0; index < MAX_PENDING; index += 1)
      expect(key.charge(`a${index}`, 0)?.allowed).toBe(true);
    expect(key.charge('one more', 0)).toEqual(exhausted);
  });
});

describe('R2 refusals', () => {
  test('locked names the end, and null for an indefinite lock', () => {
    expect(judge(rule(), new Key(rule()).guesses(3, 0).state, 'password', 1)).toEqual(locked(100));
    const forever = rule({ schedule: { kind: 'indefinite' } });
    expect(judge(forever, new Key(forever).guesses(3, 0).state, 'password', 1e15)).toEqual(locked(null));
  });

  test('exhausted writes nothing and is no lock', () => {
    const key = new Key(rule({ threshold: 1 }));
    key.charge('a', 0);
    const { state } = key;
    expect(key.charge('b', 0)).toEqual(exhausted);
    expect(key.state).toBe(state);
    expect(key.last?.events).toEqual([]);
  });
});

describe('R3 crash', () => {
  test('a charge that nobody settles is a failure at its deadline, one millisecond before it is not', () => {
    const key = new Key(rule());
    key.charge('a', 5);
    key.apply({ type: 'tick' }, 5 + TIMEOUT - 1);
    expect(key.state).toMatchObject({ failures: 0, pending: [{ id: 'a' }] });
    key.apply({ type: 'tick' }, 5 + TIMEOUT);
    expect(key.state).toMatchObject({ failures: 1, pending: [], lastFailureAt: 5 + TIMEOUT });
  });

  test('presumed failures lock, dated by their deadline, before the input that found them is decided', () => {
    const key = new Key(rule());
    for (const [id, at] of [
      ['a', 0],
      ['b', 1],
      ['c', 2],
    ] as const)
      key.charge(id, at);
    expect(key.charge('d', TIMEOUT + 50)).toEqual(locked(TIMEOUT + 2 + 100));
    expect(key.last?.events).toMatchObject([{ type: 'locked', at: TIMEOUT + 2, until: TIMEOUT + 102 }]);
  });

  test('found late, the lock they set has begun and ended in order', () => {
    const key = new Key(rule({ threshold: 1 }));
    key.charge('a', 0);
    const { events } = key.apply({ type: 'tick' }, 9999);
    expect(events.map((event) => [event.type, event.at])).toEqual([
      ['locked', TIMEOUT],
      ['expired', TIMEOUT + 100],
    ]);
  });

  test('a record lives to its last deadline and then on as a failure', () => {
    const key = new Key(rule({ window: { kind: 'idle', durationMs: 50 } }));
    key.charge('a', 0);
    key.charge('b', 10);
    expect(keepUntil(key.policy, key.state)).toBe(10 + TIMEOUT);
    expect(isFaded(key.policy, key.state, 1e9)).toBe(false);
    key.apply({ type: 'tick' }, 10 + TIMEOUT);
    expect(keepUntil(key.policy, key.state)).toBe(10 + TIMEOUT + 50);
  });

  test('a deadline that a shorter timeout moved into the past does not run time back', () => {
    const key = new Key(rule({ threshold: 9 }));
    key.charge('slow', 0);
    key.guess(900);
    key.policy = rule({ threshold: 9, attemptTimeoutMs: 10 });
    key.apply({ type: 'tick' }, 901);
    expect(key.state).toMatchObject({ failures: 2, lastFailureAt: 900 });
  });
});

describe('R4 idempotent settles', () => {
  test.each(['fail', 'abandon', 'withdraw'] as const)(
    '%s of an id that is not in flight is nothing',
    (type) => {
      const key = new Key(rule()).guesses(2, 0);
      const { state } = key;
      expect(key.apply({ type, id: 'unknown' }, 0).state).toBe(state);
      key.charge('a', 0);
      key.apply({ type, id: 'a' }, 0);
      const settled = key.state;
      expect(key.apply({ type, id: 'a' }, 0).state).toBe(settled);
    },
  );

  test('a late success still clears what its charge saw, and not the failure it was taken for', () => {
    const key = new Key(rule()).guesses(1, 0);
    key.charge('late', 0);
    key.apply({ type: 'tick' }, TIMEOUT);
    expect(key.state.failures).toBe(2);
    key.succeed('late', TIMEOUT + 1, 1);
    expect(key.state.failures).toBe(1);
  });
});

describe('R5 several in flight', () => {
  test('a success clears the failures its charge saw; later ones and other charges stay (pitfalls 2, 3)', () => {
    const key = new Key(rule({ threshold: 9 })).guesses(2, 0);
    const seen = key.charge('right', 1);
    key.charge('other', 1);
    key.guess(2);
    key.succeed('right', 3, seen?.allowed ? seen.seq : -1);
    expect(key.state).toMatchObject({
      failures: 1,
      consecutive: 1,
      lastFailureAt: 2,
      pending: [{ id: 'other' }],
    });
  });

  test('what stays is forgotten no earlier than its own failure says', () => {
    const fixed = new Key(rule({ threshold: 9, window: { kind: 'fixed', durationMs: 100 } })).guesses(1, 0);
    fixed.charge('right', 1);
    fixed.guess(60);
    fixed.succeed('right', 61, 1);
    fixed.guess(101);
    expect(fixed.state.failures).toBe(2);
    const sliding = new Key(rule({ threshold: 9, window: { kind: 'sliding', durationMs: 100 } })).guesses(
      1,
      0,
    );
    sliding.charge('right', 1);
    sliding.guess(60);
    sliding.succeed('right', 61, 1);
    expect(sliding.state.times).toEqual([60]);
  });

  test('a failure takes its own charge only, an abandoned attempt too, and moves nothing else', () => {
    const key = new Key(rule());
    key.charge('a', 0);
    key.charge('b', 0);
    key.fail('a', 1);
    expect(key.state).toMatchObject({ failures: 1, pending: [{ id: 'b' }] });
    key.abandon('b', 2);
    expect(key.state).toMatchObject({ failures: 1, pending: [] });
  });

  test('a success of a record that was pruned meanwhile clears nothing of the new one', () => {
    const key = new Key(rule()).guesses(1, 0);
    const { state } = key;
    expect(key.succeed('old', 1, 7).state).toBe(state);
  });
});

describe('R6 settling under a lock', () => {
  const underLock = (policy = rule()) => {
    const key = new Key(policy);
    for (const id of ['a', 'b', 'c']) key.charge(id, 0);
    key.apply({ type: 'lock', until: 50, actor: ADMIN }, 1);
    return key;
  };

  test('a right credential is told of the lock, clears and lifts nothing, and gives its charge back', () => {
    const key = underLock();
    key.fail('a', 2);
    const { decision } = key.succeed('b', 3, 0);
    expect(decision).toEqual(locked(50, 'admin'));
    expect(key.state).toMatchObject({ failures: 1, lock: { until: 50 }, pending: [{ id: 'c' }] });
    key.apply({ type: 'complete', method: 'password' }, 3);
    expect(key.state.failures).toBe(1);
  });

  test('failures count, but neither extend nor escalate the lock in force', () => {
    const key = underLock();
    for (const id of ['a', 'b', 'c']) expect(key.fail(id, 9).events).toEqual([]);
    expect(key.state).toMatchObject({ failures: 3, escalation: 0, lock: { until: 50, cause: 'admin' } });
    key.guess(50);
    expect(key.state).toMatchObject({ failures: 4, escalation: 1, lock: { until: 150 } });
  });
});

describe('R7 unlock', () => {
  test('clears lock, count, escalation and charges in one go; old ids settle as nothing', () => {
    const key = new Key(rule({ threshold: 4 })).guesses(2, 0);
    key.charge('old', 0);
    const { events, state } = key.apply({ type: 'unlock', via: 'admin', actor: ADMIN }, 1);
    expect(state).toEqual({ ...EMPTY_STATE, failureSeq: 2, updatedAt: 1 });
    expect(events).toEqual([]); // Nothing was locked.
    expect(key.fail('old', 2).state).toBe(state);
    expect(key.succeed('old', 2, 2).state).toBe(state);
  });

  test('tells who lifted the lock, why, and what stood before', () => {
    const key = new Key(rule()).guesses(3, 0);
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

  test('may keep the escalation, which fades as before', () => {
    const policy = rule({
      unlockKeepsEscalation: true,
      schedule: { kind: 'linear', initialMs: 10, stepMs: 10, by: 'lockouts' },
      window: { kind: 'idle', durationMs: 500 },
    });
    assertTimeline(policy, '0 –, 0 –, 0: 10, 5 unlock, 5: 25', { unitMs: 1 });
    assertTimeline(policy, '0 –, 0 –, 0: 10, 5 unlock, 500-1ms: 520-1ms', { unitMs: 1 });
    assertTimeline(policy, '0 –, 0 –, 0: 10, 5 unlock, 500 –', { unitMs: 1 });
  });
});

describe('R8 refund abuse', () => {
  test('beyond its allowance an abandoned attempt counts as a failure, and says so', () => {
    const key = new Key(rule({ abandonAllowance: 2 }));
    const events = [0, 1, 2, 3, 4].flatMap((now) => {
      key.charge('x', now);
      return key.abandon('x', now).events.map((event) => event.type);
    });
    expect(events).toEqual(['refund-refused', 'refund-refused', 'refund-refused', 'locked']);
  });

  test('the allowance comes back with the window, and a day after without one', () => {
    const refund = (fields: Partial<PolicyInput>, later: number) => {
      const key = new Key(rule({ abandonAllowance: 1, ...fields }));
      for (const now of [0, later]) {
        key.charge('x', now);
        key.abandon('x', now);
      }
      return key.state.failures;
    };
    const window = { kind: 'idle', durationMs: 300 } as const;
    expect([refund({ window }, 299), refund({ window }, 300)]).toEqual([1, 0]);
    expect([refund({}, minutes(1440) - 1), refund({}, minutes(1440))]).toEqual([1, 0]);
  });

  test('a withdrawn charge (another key refused) costs nothing', () => {
    const key = new Key(rule({ abandonAllowance: 0 }));
    for (let now = 0; now < 9; now += 1) {
      key.charge('x', now);
      key.apply({ type: 'withdraw', id: 'x' }, now);
    }
    expect(key.state).toEqual({ ...EMPTY_STATE, updatedAt: 8 });
  });
});

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

  test('fresh-budget zeroes failures when the lock is set, never the escalation', () => {
    const key = new Key(rule({ afterLock: 'fresh-budget' })).guesses(3, 0);
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

describe('R11 first factors', () => {
  test('a first factor only refunds; the count clears when the sign-in completes (pitfall 21)', () => {
    const policy = rule({ counts: ['password', 'totp'] });
    assertTimeline(policy, '0 –, 0 #totp –, 0 partial (2), 0 #totp: 100', { unitMs: 1 });
    assertTimeline(policy, '0 –, 0 #totp –, 0 partial (2), 0 #totp ok (0)', { unitMs: 1 });
    assertTimeline(policy, '0 –, 0 –, 0 partial (2), 0 complete (0)', { unitMs: 1 });
  });

  test('completing clears only counters of the methods used (P4)', () => {
    assertTimeline(rule({ counts: ['password'] }), '0 –, 0 –, 0 #totp ok (2), 0 #totp complete (2), 0: 100', {
      unitMs: 1,
    });
  });
});

describe('R12 expiry', () => {
  test('an ended lock leaves the record in one step, dated its end; escalation and that end stay', () => {
    const key = new Key(rule()).guesses(3, 0);
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
    const key = new Key(rule()).guesses(3, 0);
    key.policy = rule({ enabled: false });
    const { state } = key;
    expect(key.charge('a', 5)).toMatchObject({ allowed: true, remaining: null });
    expect(key.succeed('a', 6, 3).decision).toMatchObject({ allowed: true });
    key.apply({ type: 'complete', method: 'password' }, 6);
    expect(key.state).toBe(state);
    expect(judge(rule(), key.state, 'password', 99)).toEqual(locked(100));
  });

  test('disabled: charges from before settle as nothing and are not left for ever; locks still end', () => {
    const key = new Key(rule()).guesses(2, 0);
    for (const id of ['a']) key.charge(id, 0);
    key.policy = rule({ enabled: false });
    expect(key.fail('a', 1)).toMatchObject({ state: { failures: 2, lock: null, pending: [] }, events: [] });
    const overdue = new Key(rule({ threshold: 1 }));
    overdue.charge('b', 0);
    overdue.policy = rule({ threshold: 1, enabled: false });
    expect(overdue.apply({ type: 'tick' }, TIMEOUT)).toMatchObject({
      state: { failures: 0, pending: [] },
      events: [],
    });
    const ended = new Key(rule()).guesses(3, 0);
    ended.policy = rule({ enabled: false });
    expect(ended.apply({ type: 'tick' }, 100).events).toEqual([{ type: 'expired', at: 100 }]);
  });

  test('monitor: locks are told with their own cause and never refuse, also not after enforce is switched on', () => {
    const key = new Key(rule({ enforce: false })).guesses(3, 0);
    expect(key.last?.events).toMatchObject([{ type: 'locked', cause: 'monitor', until: 100 }]);
    key.guess(1);
    expect(key.state.lock).toMatchObject({ cause: 'monitor', until: 100 });
    key.policy = rule();
    expect(judge(key.policy, key.state, 'password', 2)).toMatchObject({ allowed: true });
    key.guess(3);
    expect(key.state.lock).toMatchObject({ cause: 'failures', until: 103 });
  });

  test('monitor: nobody is refused because others are in flight', () => {
    const key = new Key(rule({ enforce: false }));
    for (let index = 0; index < 100; index += 1) expect(key.charge(`a${index}`, 0)?.allowed).toBe(true);
    expect(key.state.pending).toHaveLength(MAX_PENDING);
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
    const key = new Key(rule({ onPasswordReset, ...fields })).guesses(3, 0);
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

  test('without a lock it clears count and escalation', () => {
    const key = new Key(rule()).guesses(2, 0);
    key.apply(reset(), 1);
    expect(key.state.failures).toBe(0);
  });
});

describe('R15 manual locks', () => {
  const manual = (until: number | null) => {
    const key = new Key(MANUAL_POLICY);
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
    const key = new Key(MANUAL_POLICY);
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
  const lift = (selfService: PolicyInput['selfService'], fields: Partial<PolicyInput> = {}) => {
    const key = new Key(rule({ selfService, ...fields })).guesses(3, 0);
    key.apply({ type: 'unlock', via: 'link', actor: ADMIN }, 1);
    return key.state.lock === null;
  };
  const forever = { schedule: { kind: 'indefinite' } } as const;

  test('lift timed locks, indefinite ones only where the policy says all, and none where it says none', () => {
    expect([lift('none'), lift('timed'), lift('all')]).toEqual([false, true, true]);
    expect([lift('timed', forever), lift('all', forever)]).toEqual([false, true]);
  });
});

describe('windows, on both sides of their end', () => {
  const idle = { kind: 'idle', durationMs: 50 } as const;
  test.each<[string, PolicyInput['window'], string]>([
    ['idle exclusive, inside', idle, '0 –, 10 –, 60-1ms: 160-1ms'],
    ['idle exclusive, at the end', idle, '0 –, 10 –, 60 – (1)'],
    ['idle inclusive, at the end', { ...idle, end: 'inclusive' }, '0 –, 10 –, 60: 160'],
    ['idle inclusive, past it', { ...idle, end: 'inclusive' }, '0 –, 10 –, 61 – (1)'],
    ['fixed, inside', { kind: 'fixed', durationMs: 50 }, '0 –, 10 –, 50-1ms: 150-1ms'],
    ['fixed, at the end', { kind: 'fixed', durationMs: 50 }, '0 –, 10 –, 50 – (1)'],
    [
      'fixed inclusive, at the end',
      { kind: 'fixed', durationMs: 50, end: 'inclusive' },
      '0 –, 10 –, 50: 150',
    ],
    ['sliding, inside', { kind: 'sliding', durationMs: 50 }, '0 –, 10 –, 50-1ms: 150-1ms'],
    [
      'sliding, at the end of the first',
      { kind: 'sliding', durationMs: 50 },
      '0 –, 10 –, 50 – (2), 60-1ms: 160-1ms',
    ],
    [
      'sliding inclusive, at the end',
      { kind: 'sliding', durationMs: 50, end: 'inclusive' },
      '0 –, 10 –, 50: 150',
    ],
    ['none, a year later', { kind: 'none' }, '0 –, 10 –, 31536000000: 31536000100'],
  ])('%s', (_, window, timeline) => {
    assertTimeline(rule({ window }), timeline, { unitMs: 1 });
  });

  test('a policy whose kind of window changed forgets no failure early', () => {
    const { state } = assertTimeline(rule({ window: idle }), '0 –, 10 – (2)', { unitMs: 1 });
    const sliding = rule({ window: { kind: 'sliding', durationMs: 50 } });
    assertTimeline(sliding, '59: 159', { unitMs: 1, state });
    assertTimeline(sliding, '60 – (1)', { unitMs: 1, state });
  });
});

describe('the other fields', () => {
  test('minIntervalMs: after a failure a pause, exact on both sides, one at a time, and it is no lock', () => {
    const policy = rule({ minIntervalMs: 20 });
    assertTimeline(policy, '0 –, 20-1ms refused 20, 20 –, 40: 140', { unitMs: 1 });
    expect(judge(policy, new Key(policy).guesses(1, 0).state, 'password', 1)).toEqual(locked(20, 'pause'));
    const key = new Key(policy);
    expect(key.charge('a', 0)).toMatchObject({ allowed: true, remaining: 2 });
    expect(key.charge('b', 0)).toEqual(exhausted);
  });

  test('of a lock and a pause the one that ends last is told', () => {
    const policy = rule({ threshold: 1, minIntervalMs: 150 });
    assertTimeline(policy, '0: 100, 50 refused 150, 120 refused 150, 150: 250', { unitMs: 1 });
  });

  test('indefiniteAfterLockouts: after so many temporary locks in a row the next is indefinite', () => {
    const policy = rule({ threshold: 1, indefiniteAfterLockouts: 2 });
    assertTimeline(policy, '0: 100, 100: 200, 200: ∞', { unitMs: 1 });
  });

  test('indefiniteAfterFailures: consecutive failures in all, whatever the window; a success ends the count', () => {
    const policy = rule({ indefiniteAfterFailures: 4, window: { kind: 'idle', durationMs: 10 } });
    assertTimeline(policy, '0 –, 20 –, 40 –, 60: ∞', { unitMs: 1 });
    assertTimeline(policy, '0 –, 20 –, 40 ok, 60 –, 80 –, 100 –, 120: ∞', { unitMs: 1 });
  });

  test('indefiniteAfterFailures: a record whose window is over is not faded while the cap still counts', () => {
    const policy = rule({
      indefiniteAfterFailures: 4,
      window: { kind: 'idle', durationMs: 10 },
      retentionMs: 500,
    });
    const key = new Key(policy).guesses(1, 0);
    key.charge('a', 20);
    key.apply({ type: 'withdraw', id: 'a' }, 20);
    expect(isFaded(policy, key.state, 499)).toBe(false);
    expect(isFaded(policy, key.state, 500)).toBe(true);
    assertTimeline(policy, '0 –, 20 tick, 499 –, 510 –, 520: ∞', { unitMs: 1 });
    assertTimeline(policy, '0 –, 20 tick, 500 –, 511 –, 522 –', { unitMs: 1 });
  });

  test('retentionMs ends a count on both sides of its moment, and never a lock', () => {
    const policy = rule({ retentionMs: 500 });
    assertTimeline(policy, '0 –, 0 –, 500-1ms: 600-1ms', { unitMs: 1 });
    assertTimeline(policy, '0 –, 0 –, 500 – (1)', { unitMs: 1 });
    assertTimeline(rule({ retentionMs: 1 }), '0 –, 0 –, 0: 100, 99 refused 100', { unitMs: 1 });
  });

  test('notify: a failure from the named count on is told even when it does not lock', () => {
    const key = new Key(rule({ threshold: 4, notify: { from: 2 } }));
    const told = [0, 0, 0, 0].flatMap(() => key.guess(0).events.map((event) => event.type));
    expect(told).toEqual(['failed', 'failed', 'locked']);
  });

  test('multiples: a step for each whole threshold of failures', () => {
    const policy = rule({ threshold: 2, schedule: { kind: 'multiples', stepMs: 10, by: 'failures' } });
    assertTimeline(policy, '0 –, 0: 10, 10: 20, 20: 40, 40: 60, 60: 90', { unitMs: 1 });
  });

  test(`past ${MAX_CONTRIBUTIONS} addresses a part stays that no success clears (R34)`, () => {
    const policy = rule({ threshold: 99, onSuccess: 'clear-own-address' });
    const addresses = Array.from({ length: MAX_CONTRIBUTIONS + 2 }, (_, index) => `a${index}`);
    const fails = addresses.map((from) => `0 @${from} –`).join(',');
    const clears = addresses.map((from) => `1 @${from} ok`).join(',');
    assertTimeline(policy, `${fails}, ${clears} (2)`);
  });

  test("clear-own-address: one's own success does not clear the escalation that another address caused", () => {
    const policy = rule({
      onSuccess: 'clear-own-address',
      afterLock: 'fresh-budget',
      escalationWindow: 'never',
      schedule: { kind: 'exponential', initialMs: 10, factor: 2, by: 'lockouts' },
    });
    assertTimeline(policy, '0 @B –, 0 @B –, 0 @B: 10, 10 @A –, 10 @A ok (0), 11 @B –, 11 @B –, 11 @B: 31', {
      unitMs: 1,
    });
  });
});

describe('a clock that runs back (R28)', () => {
  test('an input dated before the record’s last update is taken as that update', () => {
    const key = new Key(rule()).guesses(3, 1000);
    expect(judge(key.policy, key.state, 'password', 0)).toEqual(locked(1100));
    key.charge('a', 1100);
    key.fail('a', 3);
    expect(key.state).toMatchObject({
      updatedAt: 1100,
      lastFailureAt: 1100,
      lock: { since: 1100, until: 1200 },
    });
  });
});
