import { describe, expect, test } from '@jest/globals';
import { ADMIN, locked, rule, SingleKey, TIMEOUT } from '../testing/single-key.js';
import { assertTimeline } from '../testing/timeline.js';
import { minutes } from './duration.js';
import { type PolicyInput } from './policy.js';
import { EMPTY_STATE } from './state.js';

describe('R4 idempotent settles', () => {
  test.each(['fail', 'abandon', 'withdraw'] as const)(
    '%s of an id that is not in flight is nothing',
    (type) => {
      const key = new SingleKey(rule()).guesses(2, 0);
      const { state } = key;
      expect(key.apply({ type, id: 'unknown' }, 0).state).toBe(state);
      key.charge('a', 0);
      key.apply({ type, id: 'a' }, 0);
      const settled = key.state;
      expect(key.apply({ type, id: 'a' }, 0).state).toBe(settled);
    },
  );

  test('a late success still clears what its charge saw, and not the failure it was taken for', () => {
    const key = new SingleKey(rule()).guesses(1, 0);
    key.charge('late', 0);
    key.apply({ type: 'tick' }, TIMEOUT);
    expect(key.state.failures).toBe(2);
    key.succeed('late', TIMEOUT + 1, 1);
    expect(key.state.failures).toBe(1);
  });
});

describe('R5 several in flight', () => {
  test('a success clears the failures its charge saw; later ones and other charges stay (pitfalls 2, 3)', () => {
    const key = new SingleKey(rule({ threshold: 9 })).guesses(2, 0);
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

  test('of an address’s own part, too, what came after the charge stays (AG-11)', () => {
    const key = new SingleKey(rule({ threshold: 9, onSuccess: 'clear-own-address' }));
    const from = 'A';
    for (const id of ['early', 'right', 'late']) {
      key.apply({ type: 'charge', id, method: 'password', from }, 0);
      if (id !== 'right') key.fail(id, 0);
    }
    key.apply({ type: 'succeed', id: 'right', method: 'password', seq: 1, final: true, from }, 1);
    expect(key.state).toMatchObject({ failures: 1, consecutive: 1, contributions: [{ from, count: 1 }] });
  });

  test('what stays is forgotten no earlier than its own failure says', () => {
    const fixed = new SingleKey(rule({ threshold: 9, window: { kind: 'fixed', durationMs: 100 } })).guesses(
      1,
      0,
    );
    fixed.charge('right', 1);
    fixed.guess(60);
    fixed.succeed('right', 61, 1);
    fixed.guess(101);
    expect(fixed.state.failures).toBe(2);
    const sliding = new SingleKey(
      rule({ threshold: 9, window: { kind: 'sliding', durationMs: 100 } }),
    ).guesses(1, 0);
    sliding.charge('right', 1);
    sliding.guess(60);
    sliding.succeed('right', 61, 1);
    expect(sliding.state.times).toEqual([60]);
  });

  test('a failure takes its own charge only, an abandoned attempt too, and moves nothing else', () => {
    const key = new SingleKey(rule());
    key.charge('a', 0);
    key.charge('b', 0);
    key.fail('a', 1);
    expect(key.state).toMatchObject({ failures: 1, pending: [{ id: 'b' }] });
    key.abandon('b', 2);
    expect(key.state).toMatchObject({ failures: 1, pending: [] });
  });

  test('a success of a record that was pruned meanwhile clears nothing of the new one', () => {
    const key = new SingleKey(rule()).guesses(1, 0);
    const { state } = key;
    expect(key.succeed('old', 1, 7).state).toBe(state);
  });
});

describe('R6 settling under a lock', () => {
  const underLock = (policy = rule()) => {
    const key = new SingleKey(policy);
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

describe('R8 refund abuse', () => {
  test('beyond its allowance an abandoned attempt counts as a failure, and says so', () => {
    const key = new SingleKey(rule({ abandonAllowance: 2 }));
    const events = [0, 1, 2, 3, 4].flatMap((now) => {
      key.charge('x', now);
      return key.abandon('x', now).events.map((event) => event.type);
    });
    expect(events).toEqual(['refund-refused', 'refund-refused', 'refund-refused', 'locked']);
  });

  test('it is the abandoned attempt that counts, with its own weight and address', () => {
    const key = new SingleKey(
      rule({ threshold: 9, abandonAllowance: 0, onSuccess: 'clear-own-address', weights: { otp: 2 } }),
    );
    key.apply({ type: 'charge', id: 'a', method: 'password', from: 'A' }, 0);
    key.apply({ type: 'charge', id: 'b', method: 'otp', from: 'B' }, 0);
    const { state } = key;
    expect(key.abandon('unknown', 1).state).toBe(state);
    key.abandon('b', 1);
    expect(key.state).toMatchObject({
      failures: 2,
      pending: [{ id: 'a' }],
      contributions: [{ from: 'B', count: 2 }],
    });
  });

  test('while the policy is off an abandoned attempt is nothing but over', () => {
    const key = new SingleKey(rule({ abandonAllowance: 0 }));
    key.charge('a', 0);
    key.policy = rule({ abandonAllowance: 0, enabled: false });
    expect(key.abandon('a', 1)).toMatchObject({
      state: { failures: 0, abandons: 0, pending: [] },
      events: [],
    });
    const granting = new SingleKey(rule({ abandonAllowance: 1 }));
    granting.charge('a', 0);
    granting.policy = rule({ abandonAllowance: 1, enabled: false });
    expect(granting.abandon('a', 1).state).toMatchObject({ abandons: 0, abandonsSince: null, pending: [] });
  });

  test('the allowance comes back with the window, and a day after without one', () => {
    const refund = (fields: Partial<PolicyInput>, later: number) => {
      const key = new SingleKey(rule({ abandonAllowance: 1, ...fields }));
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

  test('a success gives the whole allowance back', () => {
    const key = new SingleKey(rule({ abandonAllowance: 1 }));
    for (const end of ['abandon', 'succeed', 'abandon'] as const) {
      key.charge('x', 0);
      if (end === 'abandon') key.abandon('x', 0);
      else key.succeed('x', 0, 0);
    }
    expect(key.state).toMatchObject({ failures: 0, abandons: 1 });
  });

  test('a withdrawn charge (another key refused) costs nothing', () => {
    const key = new SingleKey(rule({ abandonAllowance: 0 }));
    for (let now = 0; now < 9; now += 1) {
      key.charge('x', now);
      key.apply({ type: 'withdraw', id: 'x' }, now);
    }
    expect(key.state).toEqual({ ...EMPTY_STATE, updatedAt: 8 });
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
