import { describe, expect, test } from '@jest/globals';
import { definePolicies } from '../define-policy.js';
import { hours, minutes } from '../duration.js';
import type { PolicyInput } from '../policy.js';
import { PolicyError } from '../policy-error.js';
import { Replay } from './replay.js';
import type { ReplayAddresses, ReplayAttempt, ReplayOutcome } from './replay-attempt.js';

type Input = Partial<PolicyInput> & { readonly name: string };

/** Three failures lock for five minutes, unless said otherwise. */
const policiesOf = (...inputs: Input[]) =>
  definePolicies(
    inputs.map(
      (input) =>
        ({ threshold: 3, schedule: { kind: 'fixed', durationMs: minutes(5) }, ...input }) as PolicyInput,
    ),
  );

const attempt = (at: number, given: Partial<ReplayAttempt> = {}): ReplayAttempt => ({
  at,
  account: 'alice',
  address: '192.0.2.1',
  outcome: 'failure',
  ...given,
});

/** What an attempt was told, in a word: what remains, or who refuses. */
const word = ({ refusal, remaining }: ReplayOutcome) => (refusal ? refusal.policy : remaining);

const play = (replay: Replay, ...attempts: ReplayAttempt[]) => attempts.map((one) => word(replay.next(one)));

const success = { outcome: 'success' } as const;

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
    const otp: Input = { name: 'otp', counts: ['otp'], refuses: 'all', threshold: 1 };
    const [strict, lax]: Input[] = [
      { name: 'strict', threshold: 3 },
      { name: 'lax', threshold: 9 },
    ];
    for (const inputs of [
      [otp, strict, lax],
      [lax, strict, otp],
    ] as Input[][])
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

describe('policies that share a counter', () => {
  const shared = (...inputs: Input[]) =>
    new Replay({ policies: policiesOf(...inputs.map((input) => ({ ...input, counter: 'one' }))) });

  test('each for its methods: one count, and the lock of the one whose threshold it reaches', () => {
    const replay = shared(
      { name: 'password', counts: ['password'], threshold: 5 },
      { name: 'otp', counts: ['otp'] },
    );
    const otp = { method: 'otp' };
    expect(play(replay, attempt(0), attempt(1, otp), attempt(2), attempt(3, { ...success, ...otp }))).toEqual(
      [4, 1, 2, 0],
    );
    expect(play(replay, attempt(4), attempt(5, otp), attempt(6, otp))).toEqual([4, 1, 0]);
    // The lock is on the record that both read.
    expect(play(replay, attempt(7), attempt(8, otp))).toEqual(['password', 'otp']);
  });

  test('both for one method: an attempt is counted once', () => {
    const replay = shared({ name: 'strict', threshold: 3 }, { name: 'lax', threshold: 9 });
    const told = [0, 1, 2].map((at) => replay.next(attempt(at)));
    expect(told.map(({ remaining }) => remaining)).toEqual([2, 1, 0]);
    expect(told[2]?.locks).toMatchObject([{ policy: 'strict', failures: 3, since: 2 }]);
    expect(told[2]?.events).toHaveLength(1);
  });

  test('both for one method: a success clears what one of them lets it clear', () => {
    const clear: Input = { name: 'clear', threshold: 9 };
    const refund: Input = { name: 'refund', threshold: 9, onSuccess: 'refund' };
    for (const inputs of [
      [clear, refund],
      [refund, clear],
    ]) {
      const replay = shared(...inputs);
      play(replay, attempt(0), attempt(1), attempt(2, success));
      expect(replay.next(attempt(3)).remaining).toBe(8);
    }
  });

  test('both for one method: a fault of the verifier is taken back once', () => {
    const replay = shared(
      { name: 'a', threshold: 9, abandonAllowance: 3 },
      { name: 'b', threshold: 9, abandonAllowance: 3 },
    );
    const fault = (at: number) => attempt(at, { outcome: 'abandoned' });
    expect(play(replay, attempt(0), fault(1), fault(2), fault(3), attempt(4))).toEqual([8, 7, 7, 7, 7]);
    expect(play(replay, fault(5), attempt(6))).toEqual([6, 5]);
  });

  test('for one method: the first one’s weight stands, and its answer to a fault', () => {
    const weighing = shared(
      { name: 'a', threshold: 9 },
      { name: 'b', threshold: 9 },
      { name: 'c', threshold: 9, weights: { password: 2 } },
    );
    expect(play(weighing, attempt(0), attempt(1))).toEqual([7, 6]);
    const patient = shared(
      { name: 'a', threshold: 9, abandonAllowance: 3 },
      { name: 'b', threshold: 9, abandonAllowance: 1 },
    );
    const fault = (at: number) => attempt(at, { outcome: 'abandoned' });
    expect(play(patient, fault(0), fault(1), attempt(2))).toEqual([8, 8, 8]);
  });

  test('one of them beside a policy that counts apart', () => {
    const replay = new Replay({
      policies: policiesOf(
        { name: 'a', counter: 'one', threshold: 9 },
        { name: 'apart', threshold: 4, onSuccess: 'refund' },
        { name: 'b', counter: 'one', threshold: 5 },
      ),
    });
    expect(play(replay, attempt(0), attempt(1), attempt(2, success), attempt(3))).toEqual([3, 2, 1, 1]);
    const told = replay.next(attempt(4));
    expect(told.locks).toMatchObject([{ policy: 'apart', failures: 4 }]);
    expect(told.events.map(({ policy }) => policy)).toEqual(['apart']);
  });

  test('the end of a lock is told once', () => {
    const replay = shared({ name: 'a', threshold: 2 }, { name: 'b', threshold: 9 });
    play(replay, attempt(0), attempt(1));
    expect(replay.next(attempt(minutes(6), success)).events).toEqual([
      { policy: 'a', event: { type: 'expired', at: 1 + minutes(5) } },
    ]);
  });
});

describe('how a replay reads a log', () => {
  const addresses: ReplayAddresses = {
    // Anything that is no text would not be read at all.
    canonical: (address) => (address === 'unix:' ? null : address.toLowerCase()),
    crowd: (canonical) => canonical.slice(0, 3),
    isExempt: (policy, address) => policy.exempt.addresses.includes(address),
  };

  test('by the canonical spelling of an address; what has none is not watched by address', () => {
    const replay = new Replay({ policies: policiesOf({ name: 'address', scope: ['address'] }), addresses });
    expect(play(replay, attempt(0, { address: 'AB::1' }), attempt(1, { address: 'ab::1' }))).toEqual([2, 1]);
    for (const address of ['unix:', null, undefined as unknown as null])
      expect(replay.next(attempt(2, { address })).watched).toBe(false);
  });

  test('says which policy exempts addresses that nobody can compare, also an override of a brand', () => {
    const exempt = { accounts: [], addresses: ['192.0.2.0/24'] };
    const problem = (create: () => Replay) => {
      try {
        create();
      } catch (error) {
        return error instanceof PolicyError ? error.problems : error;
      }
      return null;
    };
    const [policies, brand] = [policiesOf({ name: 'account' }), policiesOf({ name: 'account', exempt })];
    const expected = [
      {
        path: 'exempt.addresses',
        message: 'of "account" cannot be compared with the addresses of the log',
        hint: 'pass `addresses` to the replay',
      },
    ];
    expect(problem(() => new Replay({ policies: brand }))).toEqual(expected);
    expect(problem(() => new Replay({ policies, brands: { shop: brand } }))).toEqual(expected);
    expect(problem(() => new Replay({ policies, brands: { shop: brand }, addresses }))).toBeNull();
    expect(() => new Replay({ policies }).next(attempt(Number.NaN))).toThrow(
      'The time of an attempt must be epoch ms; it is NaN.',
    );
  });

  test('an attempt without a brand is not of the brand `undefined`', () => {
    const replay = new Replay({
      policies: policiesOf({ name: 'account' }),
      brands: { undefined: policiesOf({ name: 'account', threshold: 1 }) },
    });
    expect(play(replay, attempt(0), attempt(1, { brand: 'undefined' }))).toEqual([2, 0]);
  });

  test('R22 a name that one of the policies remembers is not a new one', () => {
    const replay = new Replay({
      policies: policiesOf(
        { name: 'account', window: { kind: 'idle', durationMs: minutes(1) } },
        { name: 'device', scope: ['account', 'device'], window: { kind: 'idle', durationMs: minutes(90) } },
      ),
      newcomersPerAddress: 1,
    });
    const nobody = (at: number, account: string) => attempt(at, { account, known: false, device: 'phone' });
    // The first keeps its own counter for the device, though the other has faded and the cap is reached.
    expect(play(replay, nobody(0, 'a'), nobody(1, 'b'))).toEqual([2, 2]);
    expect(play(replay, nobody(minutes(30), 'a'), nobody(minutes(30), 'c'))).toEqual([1, 1]);
    // An hour after the first new name the next one has a counter of its own again.
    expect(play(replay, nobody(minutes(61), 'd'), nobody(minutes(61), 'e'))).toEqual([2, 0]);
  });

  test('R22 a name that is refused but not counted is nobody’s newcomer', () => {
    const policies = policiesOf({ name: 'otp', counts: ['otp'], refuses: 'all', threshold: 1 });
    const replay = new Replay({ policies, newcomersPerAddress: 0 });
    const nobody = (account: string, method: string) => attempt(0, { account, known: false, method });
    expect(play(replay, nobody('a', 'otp'), nobody('b', 'otp'), nobody('c', 'password'))).toEqual([
      0,
      'otp',
      null,
    ]);
  });

  test('R22 new names are forgotten after an hour', () => {
    const replay = new Replay({
      policies: policiesOf({ name: 'account', window: { kind: 'idle', durationMs: minutes(1) } }),
    });
    play(replay, attempt(0, { account: 'nobody', known: false }));
    expect(replay.keys.live).toBe(2);
    play(replay, attempt(minutes(62), success));
    expect(replay.keys).toEqual({ live: 0, peak: 2 });
  });
});
