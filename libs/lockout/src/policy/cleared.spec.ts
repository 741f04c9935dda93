import { describe, expect, test } from '@jest/globals';
import { ADMIN, rule, SingleKey } from '../testing/single-key.js';
import { MANUAL_POLICY } from './manual.js';
import type { PolicyInput } from './policy.js';
import { EMPTY_STATE } from './state.js';

const complete = { type: 'complete', method: 'password' } as const;
const unlock = { type: 'unlock', via: 'admin', actor: ADMIN } as const;
const reset = { type: 'reset-password', actor: ADMIN, manualLock: false } as const;

/** A right credential, charged and settled at once. */
const signIn = (key: SingleKey, now: number, final = true) => {
  const decision = key.charge('right', now);
  if (!decision?.allowed) throw new Error(`The sign-in at ${now} was refused`);
  return key.succeed('right', now, decision.seq, final);
};

/** What stands where no lock does. */
const counted = (failures: number, escalation = 0) => ({
  failures,
  escalation,
  since: null,
  until: null,
  cause: null,
});

describe('a count that is cleared is told of', () => {
  test('by a success, with what stood before it', () => {
    const key = new SingleKey(rule({ threshold: 9 })).guesses(2, 0);
    expect(signIn(key, 5).events).toEqual([
      { type: 'cleared', at: 5, via: 'success', before: counted(2), consecutive: 2 },
    ]);
  });

  test('by the last factor of several', () => {
    const key = new SingleKey(rule({ threshold: 9 })).guesses(2, 0);
    expect(signIn(key, 5, false).events).toEqual([]);
    expect(key.apply(complete, 6).events).toEqual([
      { type: 'cleared', at: 6, via: 'completed', before: counted(2), consecutive: 2 },
    ]);
  });

  test('by a completed password reset, with who did it and why', () => {
    const key = new SingleKey(rule({ threshold: 9 })).guesses(2, 0);
    expect(key.apply(reset, 5).events).toEqual([
      { type: 'cleared', at: 5, via: 'password-reset', before: counted(2), consecutive: 2, ...ADMIN },
    ]);
  });

  test('by an administrator’s unlock, with who did it and why', () => {
    const key = new SingleKey(rule({ threshold: 9 })).guesses(2, 0);
    expect(key.apply(unlock, 5).events).toEqual([
      { type: 'cleared', at: 5, via: 'unlock', before: counted(2), consecutive: 2, ...ADMIN },
    ]);
  });

  test('lockouts in a row that stand alone, too', () => {
    for (const input of [complete, reset, unlock]) {
      const key = new SingleKey(rule({ unlockKeepsEscalation: true })).guesses(3, 0);
      key.apply(unlock, 1);
      key.policy = rule();
      expect(key.apply(input, 2).events).toMatchObject([
        { type: 'cleared', before: counted(0, 1), consecutive: 0 },
      ]);
    }
  });

  test('and failures in a row that no window counts any more, where the policy counts them', () => {
    const window = { kind: 'idle', durationMs: 10 } as const;
    for (const input of [complete, reset, unlock]) {
      const key = new SingleKey(rule({ window, indefiniteAfterFailures: 9 })).guesses(2, 0);
      expect(key.apply(input, 20).events).toMatchObject([
        { type: 'cleared', before: counted(0), consecutive: 2 },
      ]);
    }
  });

  test('where a lock goes with it, it is the lock’s lifting alone that is told of', () => {
    for (const input of [reset, unlock]) {
      const key = new SingleKey(rule()).guesses(3, 0);
      expect(key.apply(input, 1).events.map(({ type }) => type)).toEqual(['unlocked']);
    }
  });
});

describe('what still stands after it is told of, too', () => {
  test('failures that came after the success was charged', () => {
    const key = new SingleKey(rule({ threshold: 9 })).guesses(2, 0);
    key.charge('right', 1);
    key.guess(2);
    expect(key.succeed('right', 3, 2).events).toMatchObject([
      { type: 'cleared', before: counted(3), consecutive: 3, left: { failures: 1, escalation: 0 } },
    ]);
  });

  test('failures from elsewhere, with the lockouts in a row', () => {
    const key = new SingleKey(rule({ onSuccess: 'clear-own-address' }));
    for (const from of ['A', 'A', 'B']) {
      key.apply({ type: 'charge', id: from, method: 'password', from }, 0);
      key.fail(from, 0);
    }
    expect(key.apply({ ...complete, from: 'A' }, 100).events).toMatchObject([
      { type: 'expired' },
      { type: 'cleared', before: counted(3, 1), consecutive: 3, left: { failures: 1, escalation: 1 } },
    ]);
    // Nothing is A's any more.
    expect(key.apply({ ...complete, from: 'A' }, 101).events).toEqual([]);
  });

  test('what the policy keeps of an unlock', () => {
    const key = new SingleKey(rule({ unlockKeepsCount: true, unlockKeepsEscalation: true })).guesses(3, 0);
    key.apply(unlock, 1);
    key.policy = rule({ unlockKeepsCount: true });
    expect(key.apply(unlock, 2).events).toMatchObject([
      { type: 'cleared', before: counted(3, 1), consecutive: 3, left: { failures: 3, escalation: 0 } },
    ]);
    expect(key.apply(unlock, 3).events).toEqual([]);
  });

  test('a lock that only watches, which no success lifts', () => {
    const key = new SingleKey(rule({ enforce: false })).guesses(3, 0);
    const before = { failures: 3, escalation: 1, since: 0, until: 100, cause: 'monitor' };
    expect(signIn(key, 5).events).toMatchObject([
      { type: 'succeeded-after-failures' },
      { type: 'cleared', via: 'success', before },
    ]);
    expect(key.state.lock).toMatchObject({ until: 100 });
  });
});

describe('nothing is told of where nothing stood', () => {
  test.each<[string, Partial<PolicyInput>, number]>([
    ['nobody failed', {}, 0],
    ['the window has forgotten it', { window: { kind: 'idle', durationMs: 10 } }, 1],
    [
      'a pause or a quick guess alone is left',
      { retentionMs: 10, quickFailure: { withinMs: 50, lockMs: 5 } },
      1,
    ],
  ])('%s', (_, fields, failures) => {
    for (const input of [complete, reset, unlock]) {
      const key = new SingleKey(rule(fields)).guesses(failures, 0);
      expect(key.apply(input, 20).events).toEqual([]);
      const other = new SingleKey(rule(fields)).guesses(failures, 0);
      expect(signIn(other, 20).events).toEqual([]);
    }
  });

  test('and a key without a record stays without one', () => {
    for (const input of [complete, reset, unlock])
      expect(new SingleKey(rule()).apply(input, 5).state).toBe(EMPTY_STATE);
  });

  test('a charge in flight, or a refund, that an unlock ends is no count', () => {
    const key = new SingleKey(rule());
    key.charge('a', 0);
    key.abandon('a', 0);
    key.charge('b', 0);
    expect(key.apply(unlock, 1)).toMatchObject({ events: [], state: { pending: [], abandons: 0 } });
  });

  test('failures that all came after the success was charged stay, and with them the silence', () => {
    const key = new SingleKey(rule({ threshold: 9 }));
    key.charge('right', 0);
    key.guess(1);
    expect(key.succeed('right', 2, 0)).toMatchObject({ events: [], state: { failures: 1 } });
  });

  test('a success never brings back what its moment has forgotten', () => {
    const key = new SingleKey(rule({ threshold: 9, window: { kind: 'fixed', durationMs: 100 } })).guesses(
      1,
      0,
    );
    key.charge('right', 1);
    key.guess(60);
    expect(key.succeed('right', 101, 1)).toMatchObject({
      events: [],
      state: { failures: 0, consecutive: 0 },
    });
  });
});

describe('a success after many failures is told of', () => {
  const after = (fields: Partial<PolicyInput>, failures: number) => {
    const key = new SingleKey(rule(fields)).guesses(failures, 0);
    return signIn(key, 1000).events.map(({ type }) => type);
  };
  const BOTH = ['succeeded-after-failures', 'cleared'];

  test('with how many it ended, before the count that goes with them', () => {
    const key = new SingleKey(rule({ threshold: 9, notify: { successAfter: 2 } })).guesses(2, 0);
    expect(signIn(key, 5).events).toEqual([
      { type: 'succeeded-after-failures', at: 5, failures: 2 },
      { type: 'cleared', at: 5, via: 'success', before: counted(2), consecutive: 2 },
    ]);
  });

  test('from the number that the policy says on, whether or not it tells of failures', () => {
    for (const notify of [{ successAfter: 2 }, { from: 9, successAfter: 2 }]) {
      expect(after({ threshold: 9, notify }, 1)).toEqual(['cleared']);
      expect(after({ threshold: 9, notify }, 2)).toEqual(BOTH);
    }
  });

  test('by default from as many on as first lock', () => {
    expect(after({}, 2)).toEqual(['cleared']);
    expect(after({}, 3)).toEqual(BOTH);
    expect(after({ locksOn: 'exceeding' }, 3)).toEqual(['cleared']);
    expect(after({ locksOn: 'exceeding' }, 4)).toEqual(BOTH);
    expect(after({ notify: { from: 1 } }, 2)).toEqual(['cleared']);
    expect(after({ notify: { from: 1 } }, 3)).toEqual(BOTH);
    const rows = [
      { failures: 2, lockMs: 10 },
      { failures: 4, lockMs: 20 },
    ];
    const table = { threshold: undefined, schedule: { kind: 'table', rows } } as const;
    expect(after(table as Partial<PolicyInput>, 1)).toEqual(['cleared']);
    expect(after(table as Partial<PolicyInput>, 2)).toEqual(BOTH);
  });

  test('or as first lock because they are in a row', () => {
    const policy = { indefiniteAfterFailures: 2, unlockKeepsCount: true };
    const key = new SingleKey(rule(policy)).guesses(2, 0);
    key.apply(unlock, 1);
    expect(signIn(key, 2).events.map(({ type }) => type)).toEqual(BOTH);
  });

  test('counted before a fresh budget, too', () => {
    expect(after({ afterLock: 'fresh-budget' }, 3)).toEqual(BOTH);
  });

  test('by the last factor of several, and not by a first one', () => {
    const key = new SingleKey(rule()).guesses(3, 0);
    expect(signIn(key, 100, false).events).toEqual([]);
    expect(key.apply(complete, 101).events).toMatchObject([
      { type: 'succeeded-after-failures', at: 101, failures: 3 },
      { type: 'cleared', via: 'completed' },
    ]);
  });

  test('but not by a reset or an unlock, which are no success', () => {
    for (const input of [reset, unlock]) {
      const key = new SingleKey(rule({ threshold: 9, notify: { successAfter: 1 } })).guesses(3, 0);
      expect(key.apply(input, 1).events.map(({ type }) => type)).toEqual(['cleared']);
    }
  });

  test('nor where it ends no run: elsewhere’s failures, a refund, a method or a policy that does not count', () => {
    const own = new SingleKey(rule({ onSuccess: 'clear-own-address', notify: { successAfter: 2 } }));
    for (const [id, from] of [
      ['1', 'A'],
      ['2', 'B'],
    ] as const) {
      own.apply({ type: 'charge', id, method: 'password', from }, 0);
      own.fail(id, 0);
    }
    expect(own.apply({ ...complete, from: 'A' }, 1).events.map(({ type }) => type)).toEqual(['cleared']);
    expect(after({ onSuccess: 'refund' }, 3)).toEqual([]);
    const password = new SingleKey(rule({ counts: ['password'] })).guesses(3, 0);
    expect(password.apply({ ...complete, method: 'passkey' }, 100).events).toEqual([
      { type: 'expired', at: 100 },
    ]);
    const off = new SingleKey(rule()).guesses(2, 0);
    off.policy = rule({ enabled: false });
    expect(off.apply(complete, 1).events).toEqual([]);
    expect(new SingleKey(MANUAL_POLICY).apply(complete, 1).events).toEqual([]);
  });

  test('of failures that raced it only those that its charge saw are ended', () => {
    const key = new SingleKey(rule({ threshold: 9, notify: { successAfter: 2 } })).guesses(2, 0);
    key.charge('right', 1);
    key.guess(2);
    expect(key.succeed('right', 3, 2).events).toMatchObject([
      { type: 'succeeded-after-failures', failures: 2 },
      { type: 'cleared', consecutive: 3, left: { failures: 1 } },
    ]);
  });

  test('R6 under a lock it is no success: nothing is told of', () => {
    const key = new SingleKey(rule());
    key.charge('right', 0);
    key.guesses(2, 0);
    key.apply({ type: 'lock', until: 50, actor: ADMIN }, 1);
    expect(key.succeed('right', 2, 2).events).toEqual([]);
    expect(key.apply(complete, 3).events).toEqual([]);
  });
});
