import { describe, expect, test } from '@jest/globals';
import { attempt } from '../../testing/replayed.js';
import { definePolicies } from '../define-policy.js';
import { hours, minutes, seconds } from '../duration.js';
import type { PolicyInput } from '../policy.js';
import { PolicyError } from '../policy-error.js';
import { contentstack, outSystems, reachFive } from '../presets/index.js';
import { Replay } from './replay.js';

const fixed = (input: Partial<PolicyInput> = {}) =>
  definePolicies([
    {
      name: 'account',
      threshold: 3,
      schedule: { kind: 'fixed', durationMs: minutes(5) },
      ...input,
    } as PolicyInput,
  ]);

describe('a replay', () => {
  test('tells the lock that a failure sets, and names it to whoever it refuses', () => {
    const replay = new Replay({ policies: fixed() });
    const told = [0, 1, 2].map((at) => replay.next(attempt(at)));
    expect(told.map(({ remaining }) => remaining)).toEqual([2, 1, 0]);
    const [lock] = told[2]?.locks ?? [];
    expect(lock).toEqual({
      policy: 'account',
      realm: 'default',
      subject: { account: 'alice' },
      since: 2,
      until: 2 + minutes(5),
      cause: 'failures',
      failures: 3,
      escalation: 1,
    });
    const refused = replay.next(attempt(3, { outcome: 'success' }));
    expect(refused).toMatchObject({
      refusal: { reason: 'locked', retryAt: 2 + minutes(5), policy: 'account', cause: 'failures' },
      remaining: null,
      locks: [],
    });
    // The same object: whoever adds up knows which lock it was.
    expect(refused.refusedBy[0]).toBe(lock);
    expect(replay.next(attempt(2 + minutes(5), { outcome: 'success' }))).toMatchObject({
      refusal: null,
      events: [
        { policy: 'account', event: { type: 'expired', at: 2 + minutes(5) } },
        { policy: 'account', event: { type: 'succeeded-after-failures', failures: 3 } },
        { policy: 'account', event: { type: 'cleared', via: 'success' } },
      ],
    });
  });

  test('ignores the outcome of what it refuses: a success under a lock clears nothing', () => {
    const replay = new Replay({ policies: contentstack() });
    for (let at = 0; at < 5; at += 1) replay.next(attempt(at));
    replay.next(attempt(10, { outcome: 'success' }));
    const [sixth] = replay.next(attempt(4 + minutes(5))).locks;
    expect(sixth).toMatchObject({ failures: 6, until: 4 + minutes(15) });
  });

  test('names every lock that refuses, and of the refusals the strictest', () => {
    const replay = new Replay({ policies: outSystems() });
    for (let at = 0; at < 17; at += 1) replay.next(attempt(at, { account: `other-${at}` }));
    for (const at of [20, 21, 22]) replay.next(attempt(at));
    const told = replay.next(attempt(30, { outcome: 'success' }));
    expect(told.refusedBy.map(({ policy, subject }) => [policy, subject])).toEqual([
      ['outsystems-user-at-address', { account: 'alice', address: '192.0.2.1' }],
      ['outsystems-address', { address: '192.0.2.1' }],
    ]);
    expect(told.refusal).toMatchObject({ policy: 'outsystems-address', retryAt: 22 + seconds(300) });
  });

  test('a pause refuses without being a lock', () => {
    const replay = new Replay({ policies: fixed({ minIntervalMs: 1000 }) });
    replay.next(attempt(0));
    expect(replay.next(attempt(999))).toMatchObject({
      refusal: { cause: 'pause', retryAt: 1000 },
      refusedBy: [],
    });
    expect(replay.next(attempt(1000)).refusal).toBeNull();
  });

  test('says of an attempt that nothing counts or refuses that nobody watches it', () => {
    const replay = new Replay({ policies: fixed({ counts: ['password'] }) });
    expect(replay.next(attempt(0, { method: 'sms' }))).toMatchObject({ watched: false, remaining: null });
    expect(replay.next(attempt(0)).watched).toBe(true);
    const byAddress = new Replay({ policies: fixed({ scope: ['address'] }) });
    expect(byAddress.next(attempt(0, { address: null })).watched).toBe(false);
  });

  test('keeps realms, names that nobody has, and lookalike subjects apart', () => {
    const replay = new Replay({ policies: fixed({ threshold: 1 }) });
    replay.next(attempt(0));
    expect(replay.next(attempt(1, { realm: 'staff' })).refusal).toBeNull();
    expect(replay.next(attempt(1, { known: false })).refusal).toBeNull();
    expect(replay.next(attempt(1)).refusal).not.toBeNull();
    const pairs = new Replay({ policies: fixed({ threshold: 1, scope: ['account', 'device'] }) });
    pairs.next(attempt(0, { account: 'a', device: 'b\n1:c' }));
    expect(pairs.next(attempt(1, { account: 'a\n5:b', device: 'c' })).refusal).toBeNull();
  });

  test('a time that runs back is taken as the one before; one that is no time is refused', () => {
    const replay = new Replay({ policies: fixed({ threshold: 1 }) });
    expect(replay.next(attempt(minutes(9))).locks[0]?.until).toBe(minutes(14));
    expect(replay.next(attempt(0)).at).toBe(minutes(9));
    expect(() => replay.next(attempt(Number.NaN))).toThrow(RangeError);
  });

  test('does not guess how exempt addresses are read', () => {
    const policies = fixed({ threshold: 1, exempt: { accounts: ['root'], addresses: ['10.0.0.0/8'] } });
    expect(() => new Replay({ policies })).toThrow(PolicyError);
    const replay = new Replay({
      policies,
      addresses: {
        canonical: (address) => address.toLowerCase(),
        crowd: (address) => address,
        isExempt: (_, address) => address.startsWith('10.'),
      },
    });
    for (const given of [{ address: '10.1.2.3' }, { account: 'root' }]) {
      expect(replay.next(attempt(0, given)).watched).toBe(false);
    }
    expect(replay.next(attempt(0)).watched).toBe(true);
  });

  test('a brand uses its overrides, on the same count', () => {
    const replay = new Replay({ policies: fixed(), brands: { shop: fixed({ threshold: 2 }) } });
    replay.next(attempt(0));
    expect(replay.next(attempt(1, { brand: 'shop' })).locks).toHaveLength(1);
    expect(replay.next(attempt(2, { brand: 'elsewhere' })).refusal).not.toBeNull();
  });
});

describe('what a replay remembers', () => {
  test('grows with the keys that have something to remember, not with the attempts', () => {
    const replay = new Replay({ policies: reachFive() });
    for (let n = 0; n < 3000; n += 1) {
      replay.next(attempt(n * minutes(1), { account: `user-${n}` }));
      replay.next(attempt(n * minutes(1), { account: `guest-${n}`, outcome: 'success' }));
    }
    // One account fails in each minute, and ReachFive remembers an hour.
    expect(replay.keys.live).toBeLessThanOrEqual(62);
    expect(replay.keys.peak).toBeLessThanOrEqual(64);
    replay.next(attempt(hours(10_000), { outcome: 'success' }));
    expect(replay.keys.live).toBe(0);
  });

  test('a success leaves nothing behind at once', () => {
    const replay = new Replay({ policies: fixed() });
    replay.next(attempt(0));
    expect(replay.keys.live).toBe(1);
    replay.next(attempt(1, { outcome: 'success' }));
    expect(replay.keys).toEqual({ live: 0, peak: 1 });
  });

  test('a count that does not fade stays, and so does a lock without an end', () => {
    const replay = new Replay({ policies: contentstack() });
    replay.next(attempt(0));
    for (let n = 0; n < 10; n += 1) replay.next(attempt(n * hours(1), { account: 'bob' }));
    replay.next(attempt(hours(100_000), { account: 'carol', outcome: 'success' }));
    expect(replay.keys.live).toBe(2);
    expect(replay.next(attempt(hours(100_001), { account: 'bob' })).refusal).toMatchObject({ retryAt: null });
  });

  test('nothing is dropped that the override of a brand still counts', () => {
    const short = fixed({ window: { kind: 'idle', durationMs: minutes(1) } });
    const long = fixed({ window: { kind: 'idle', durationMs: hours(9) } });
    const replay = new Replay({ policies: short, brands: { shop: long } });
    const shop = (at: number) => replay.next(attempt(at, { brand: 'shop' }));
    shop(0);
    shop(hours(8));
    // The first failure's nine hours are over: everything is looked at again.
    replay.next(attempt(hours(10), { account: 'bob' }));
    expect(shop(hours(11)).locks).toHaveLength(1);
  });

  test('a name that nobody has is not exempt because an account of that name is', () => {
    const replay = new Replay({ policies: fixed({ exempt: { accounts: ['root'], addresses: [] } }) });
    expect(replay.next(attempt(0, { account: 'root', known: false })).watched).toBe(true);
  });

  test('R22 names that nobody has share one counter beyond their address’s cap', () => {
    const replay = new Replay({ policies: fixed({ threshold: 4 }), newcomersPerAddress: 2 });
    const nobody = (n: number, at: number) =>
      replay.next(attempt(at, { account: `nobody-${n}`, known: false }));
    for (let n = 0; n < 100; n += 1) nobody(n, n);
    // Two names of their own, the counter they share, and the count of new names.
    expect(replay.keys.live).toBe(4);
    expect(nobody(200, 200).refusedBy[0]?.subject).toEqual({ overflow: '192.0.2.1' });
    expect(nobody(1, 201).refusal).toBeNull();
    expect(nobody(201, hours(2)).refusal).toBeNull();
  });
});

test('of policies that share a counter and refuse each other’s methods, the one that counts the method counts it', () => {
  const policies = definePolicies(
    [
      { name: 'password', counts: ['password' as const], threshold: 2 },
      { name: 'otp', counts: ['otp' as const], threshold: 5 },
    ].map((each) => ({
      ...each,
      counter: 'one',
      refuses: 'all',
      schedule: { kind: 'fixed', durationMs: minutes(5) },
    })),
  );
  const replay = new Replay({ policies });
  replay.next(attempt(0));
  // The second at the counter, and the password’s policy would lock.
  expect(replay.next(attempt(1, { method: 'otp' }))).toMatchObject({ remaining: 3, locks: [] });
  expect(replay.next(attempt(2, { method: 'otp' }))).toMatchObject({ remaining: 2, locks: [] });
  expect(replay.next(attempt(3))).toMatchObject({ locks: [{ policy: 'password', failures: 4 }] });
});
