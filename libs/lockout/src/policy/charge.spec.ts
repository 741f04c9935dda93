import { describe, expect, test } from '@jest/globals';
import { ADMIN, exhausted, locked, rule, SingleKey, TIMEOUT, table } from '../testing/single-key.js';
import { isFaded, keepUntil } from './record-life.js';
import { MAX_PENDING } from './state.js';
import { judge } from './transition.js';

describe('R1 charging', () => {
  test('a charge adds its entry and nothing else: no lock, no anchor, no event', () => {
    const key = new SingleKey(rule()).guesses(1, 5);
    const before = key.state;
    const { state, events } = key.apply({ type: 'charge', id: 'a', method: 'password' }, 9);
    expect(state).toEqual({ ...before, pending: [{ id: 'a', at: 9, seq: 1, weight: 1 }], updatedAt: 9 });
    expect(events).toEqual([]);
  });

  test('where the attempt comes from is kept only where a success clears its own address’s part', () => {
    const chargedBy = (onSuccess: 'clear' | 'clear-own-address', from?: string) => {
      const key = new SingleKey(rule({ onSuccess }));
      key.apply({ type: 'charge', id: 'a', method: 'password', ...(from ? { from } : {}) }, 9);
      return key.state.pending;
    };
    const plain = { id: 'a', at: 9, seq: 0, weight: 1 };
    expect(chargedBy('clear', 'A')).toStrictEqual([plain]);
    expect(chargedBy('clear-own-address')).toStrictEqual([plain]);
    expect(chargedBy('clear-own-address', 'A')).toStrictEqual([{ ...plain, from: 'A' }]);
  });

  test('room is threshold − failures, and one is admitted only while charges in flight leave some', () => {
    const key = new SingleKey(rule()).guesses(1, 0);
    expect(key.charge('a', 0)).toMatchObject({ allowed: true, remaining: 1 });
    expect(key.charge('b', 0)).toMatchObject({ allowed: true, remaining: 0 });
    expect(key.charge('c', 0)).toEqual(exhausted);
  });

  test('room is one more with exceeding, before the first lock only', () => {
    const key = new SingleKey(rule({ locksOn: 'exceeding' }));
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
    const key = new SingleKey(
      table([
        [2, 10],
        [5, 10],
      ]),
    ); // Rows at 2 and 5, then every failure.
    for (let now = 0; now < failures * 10; now += 10) key.guess(now);
    expect(judge(key.policy, key.state, 'password', 1000)).toMatchObject({ allowed: true, remaining });
  });

  test('charging the same id twice charges once', () => {
    const key = new SingleKey(rule());
    const first = key.charge('a', 0);
    const { state } = key;
    expect(key.charge('a', 1)).toEqual(first);
    expect(key.state).toBe(state);
  });

  test('the lock is set by the failure that crosses, and its since is the settle’s now', () => {
    const key = new SingleKey(rule()).guesses(2, 0);
    key.charge('a', 10);
    const { events } = key.fail('a', 40);
    expect(key.state.lock).toEqual({ since: 40, until: 140, cause: 'failures', step: 0 });
    expect(events).toEqual([
      {
        type: 'locked',
        at: 40,
        until: 140,
        cause: 'failures',
        failures: 3,
        escalation: 1,
        step: 0,
        change: 'locked',
        previousFailureAt: 0,
      },
    ]);
  });

  test('weights count against the room, and a heavy failure passes the threshold without hitting it', () => {
    const key = new SingleKey(rule({ weights: { otp: 2 } }));
    expect(key.charge('a', 0, 'otp')).toMatchObject({ remaining: 1 });
    key.fail('a', 0);
    key.charge('b', 0, 'otp');
    key.fail('b', 0);
    expect(key.state).toMatchObject({ failures: 4, lock: { until: 100 } });
  });

  test('a method called like a field of every object weighs one', () => {
    const key = new SingleKey(rule());
    key.charge('a', 0, 'constructor');
    key.fail('a', 0);
    expect(key.state.failures).toBe(1);
  });

  test(`no more than ${MAX_PENDING} charges are in flight at one key (R34)`, () => {
    const key = new SingleKey(rule({ threshold: 500 }));
    for (let index = 0; index < MAX_PENDING; index += 1)
      expect(key.charge(`a${index}`, 0)?.allowed).toBe(true);
    expect(key.charge('one more', 0)).toEqual(exhausted);
  });
});

describe('R2 refusals', () => {
  test('locked names the end, and null for an indefinite lock', () => {
    expect(judge(rule(), new SingleKey(rule()).guesses(3, 0).state, 'password', 1)).toEqual(locked(100));
    const forever = rule({ schedule: { kind: 'indefinite' } });
    expect(judge(forever, new SingleKey(forever).guesses(3, 0).state, 'password', 1e15)).toEqual(
      locked(null),
    );
  });

  test('exhausted writes nothing and is no lock', () => {
    const key = new SingleKey(rule({ threshold: 1 }));
    key.charge('a', 0);
    const { state } = key;
    expect(key.charge('b', 0)).toEqual(exhausted);
    expect(key.state).toBe(state);
    expect(key.last?.events).toEqual([]);
  });
});

describe('R3 crash', () => {
  test('a charge that nobody settles is a failure at its deadline, one millisecond before it is not', () => {
    const key = new SingleKey(rule());
    key.charge('a', 5);
    key.apply({ type: 'tick' }, 5 + TIMEOUT - 1);
    expect(key.state).toMatchObject({ failures: 0, pending: [{ id: 'a' }] });
    key.apply({ type: 'tick' }, 5 + TIMEOUT);
    expect(key.state).toMatchObject({ failures: 1, pending: [], lastFailureAt: 5 + TIMEOUT });
  });

  test('presumed failures lock, dated by their deadline, before the input that found them is decided', () => {
    const key = new SingleKey(rule());
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
    const key = new SingleKey(rule({ threshold: 1 }));
    key.charge('a', 0);
    const { events } = key.apply({ type: 'tick' }, 9999);
    expect(events.map((event) => [event.type, event.at])).toEqual([
      ['locked', TIMEOUT],
      ['expired', TIMEOUT + 100],
    ]);
  });

  test('a deadline at the very end of a lock is a failure after it, which may lock again', () => {
    const key = new SingleKey(rule({ threshold: 1 }));
    key.charge('a', 0);
    key.apply({ type: 'lock', until: TIMEOUT, actor: ADMIN }, 1);
    const { events } = key.apply({ type: 'tick' }, TIMEOUT);
    expect(events.map((event) => event.type)).toEqual(['expired', 'locked']);
    expect(key.state.lock).toMatchObject({ since: TIMEOUT, until: TIMEOUT + 100 });
  });

  test('a record lives to its last deadline and then on as a failure', () => {
    const key = new SingleKey(rule({ window: { kind: 'idle', durationMs: 50 } }));
    key.charge('a', 0);
    key.charge('b', 10);
    expect(keepUntil(key.policy, key.state)).toBe(10 + TIMEOUT);
    expect(isFaded(key.policy, key.state, 1e9)).toBe(false);
    key.apply({ type: 'tick' }, 10 + TIMEOUT);
    expect(keepUntil(key.policy, key.state)).toBe(10 + TIMEOUT + 50);
  });

  test('a deadline that a shorter timeout moved into the past does not run time back', () => {
    const key = new SingleKey(rule({ threshold: 9 }));
    key.charge('slow', 0);
    key.guess(900);
    key.policy = rule({ threshold: 9, attemptTimeoutMs: 10 });
    key.apply({ type: 'tick' }, 901);
    expect(key.state).toMatchObject({ failures: 2, lastFailureAt: 900 });
  });
});

describe('a clock that runs back (R28)', () => {
  test('an input dated before the record’s last update is taken as that update', () => {
    const key = new SingleKey(rule()).guesses(3, 1000);
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
