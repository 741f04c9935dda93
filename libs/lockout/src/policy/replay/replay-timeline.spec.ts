import { describe, expect, test } from '@jest/globals';
import { attempt, type NamedInput, play, policiesOf, success } from '../../testing/replayed.js';
import { hours, minutes } from '../duration.js';
import { Replay } from './replay.js';

describe('all keys or none', () => {
  test('R13 an attempt that one policy refuses is counted by no other, and ends their locks that are over', () => {
    const replay = new Replay({
      policies: policiesOf(
        {
          name: 'address',
          threshold: 5,
          scope: ['address'],
          schedule: { kind: 'fixed', durationMs: hours(1) },
        },
        { name: 'account', window: { kind: 'none' } },
      ),
    });
    expect(play(replay, ...[0, 1, 2].map((at) => attempt(at)))).toEqual([2, 1, 0]);
    // Refused, right or wrong: the address still has two failures left.
    expect(play(replay, ...[3, 4, 5, 6].map((at) => attempt(at)), attempt(7, success))).toEqual(
      Array(5).fill('account'),
    );
    const bob = { account: 'bob' };
    expect(play(replay, attempt(8, bob), attempt(9, bob), attempt(10, bob))).toEqual([1, 0, 'address']);
    const told = replay.next(attempt(minutes(6)));
    expect(told.refusal).toEqual({
      reason: 'locked',
      retryAt: 9 + hours(1),
      policy: 'address',
      cause: 'failures',
    });
    expect(told.events).toEqual([{ policy: 'account', event: { type: 'expired', at: 2 + minutes(5) } }]);
    // The account's lock is over: only the address's refuses.
    expect(told.refusedBy.map(({ policy }) => policy)).toEqual(['address']);
    expect(replay.next(attempt(minutes(6))).events).toEqual([]);
  });

  test('R13 of equally strict refusals the first is named, of others the one that ends last', () => {
    const names = (first: number, second: number) => {
      const replay = new Replay({
        policies: policiesOf(
          { name: 'first', threshold: 1, schedule: { kind: 'fixed', durationMs: first } },
          { name: 'second', threshold: 1, schedule: { kind: 'fixed', durationMs: second } },
        ),
      });
      return play(replay, attempt(0), attempt(1))[1];
    };
    expect([names(500, 500), names(500, 501), names(501, 500)]).toEqual(['first', 'second', 'first']);
  });

  test('what remains is the least of what the policies that count it leave', () => {
    const otp: NamedInput = { name: 'otp', counts: ['otp'], refuses: 'all', threshold: 1 };
    const [strict, lax]: NamedInput[] = [
      { name: 'strict', threshold: 3 },
      { name: 'lax', threshold: 9 },
    ];
    for (const inputs of [
      [otp, strict, lax],
      [lax, strict, otp],
    ] as NamedInput[][])
      expect(play(new Replay({ policies: policiesOf(...inputs) }), attempt(0), attempt(1))).toEqual([2, 1]);
  });
});

describe('how a replay settles what it lets through', () => {
  test('a first factor, a fault of the verifier and a success of another method clear nothing', () => {
    const policies = policiesOf({
      name: 'account',
      counts: ['password'],
      refuses: 'all',
      abandonAllowance: 1,
    });
    const replay = new Replay({ policies });
    expect(
      play(
        replay,
        attempt(0),
        attempt(1),
        attempt(2, { outcome: 'first-factor' }),
        attempt(3, { outcome: 'abandoned' }),
        attempt(4, { ...success, method: 'otp' }),
        attempt(5, { ...success, method: 'password' }),
        attempt(6),
      ),
    ).toEqual([2, 1, 0, 0, null, 0, 2]);
    // A success without a method is one by password; a second fault is counted (R8).
    expect(play(replay, attempt(7, success), attempt(8, { outcome: 'abandoned' }))).toEqual([1, 2]);
    const second = replay.next(attempt(9, { outcome: 'abandoned' }));
    expect(second.events).toEqual([
      { policy: 'account', event: { type: 'refund-refused', at: 9, failures: 1 } },
    ]);
    expect(play(replay, attempt(10), attempt(11), attempt(12, { method: 'otp' }))).toEqual([1, 0, 'account']);
  });

  test('tells the end of a lock at a method that it refused but does not count', () => {
    const replay = new Replay({
      policies: policiesOf({ name: 'otp', counts: ['otp'], refuses: 'all', threshold: 1 }),
    });
    play(replay, attempt(0, { method: 'otp' }));
    expect(replay.next(attempt(1)).refusal?.policy).toBe('otp');
    expect(replay.next(attempt(minutes(5)))).toMatchObject({
      refusal: null,
      remaining: null,
      watched: true,
      locks: [],
      events: [{ policy: 'otp', event: { type: 'expired', at: minutes(5) } }],
    });
    expect(replay.next(attempt(minutes(5) + 1)).events).toEqual([]);
  });

  test('weighs methods, and warns before it locks', () => {
    const replay = new Replay({
      policies: policiesOf({ name: 'account', threshold: 5, weights: { otp: 3 }, notify: { from: 3 } }),
    });
    expect(replay.next(attempt(0, { method: 'otp' }))).toMatchObject({
      remaining: 2,
      events: [{ policy: 'account', event: { type: 'failed', at: 0, failures: 3 } }],
    });
    expect(replay.next(attempt(1, { method: 'otp' })).locks).toMatchObject([{ failures: 6 }]);
  });

  test('a policy that only watches locks without refusing', () => {
    const replay = new Replay({ policies: policiesOf({ name: 'watching', threshold: 2, enforce: false }) });
    play(replay, attempt(0));
    expect(replay.next(attempt(1)).locks).toMatchObject([{ cause: 'monitor', until: 1 + minutes(5) }]);
    expect(replay.next(attempt(2))).toMatchObject({ refusal: null, refusedBy: [], watched: true });
  });

  test('OW-9 a success clears what its own address contributed, where the policy says so', () => {
    const policies = policiesOf({ name: 'account', threshold: 6, onSuccess: 'clear-own-address' });
    const home = { address: '192.0.2.1' };
    const away = { address: '198.51.100.7' };
    const nowhere = { address: null };
    const replay = new Replay({ policies });
    expect(
      play(
        replay,
        ...[home, home, away, nowhere].map((from, at) => attempt(at, from)),
        attempt(4, { ...success, ...home }),
        attempt(5, { ...success, ...nowhere }),
        attempt(6, away),
      ),
    ).toEqual([5, 4, 3, 2, 1, 3, 3]);
    // The failure from nowhere stays, whoever signs in.
    expect(play(replay, attempt(7, { ...success, ...away }), attempt(8, away))).toEqual([2, 4]);
  });

  test('a pause after a lock that is over is no lock, and no lock refuses for it', () => {
    const replay = new Replay({
      policies: policiesOf({ name: 'account', threshold: 1, minIntervalMs: 1000 }),
    });
    expect(replay.next(attempt(0)).locks).toHaveLength(1);
    expect(replay.next(attempt(1)).refusedBy).toHaveLength(1);
    const monitored = new Replay({
      policies: policiesOf({ name: 'account', threshold: 2, minIntervalMs: 1000, afterLock: 'fresh-budget' }),
    });
    play(monitored, attempt(0), attempt(1000), attempt(minutes(6)));
    expect(monitored.next(attempt(minutes(6) + 1))).toMatchObject({
      refusal: { cause: 'pause', reason: 'locked', retryAt: minutes(6) + 1000 },
      refusedBy: [],
    });
  });
});

describe('the end of a lock', () => {
  test('is told at the next attempt there, whatever happened elsewhere meanwhile', () => {
    const replay = new Replay({
      policies: policiesOf({ name: 'account', window: { kind: 'idle', durationMs: minutes(20) } }),
    });
    play(replay, attempt(0), attempt(1), attempt(2), attempt(minutes(7), { account: 'bob' }));
    expect(replay.next(attempt(minutes(9))).events).toMatchObject([
      { policy: 'account', event: { type: 'expired', at: 2 + minutes(5) } },
      { policy: 'account', event: { type: 'locked', at: minutes(9), failures: 4 } },
    ]);
  });
});
