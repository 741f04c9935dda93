import { describe, expect, test } from '@jest/globals';
import { attempt, play, policiesOf, success } from '../../testing/replayed.js';
import { minutes } from '../duration.js';
import { PolicyError } from '../policy-error.js';
import { Replay } from './replay.js';
import type { ReplayAddresses } from './replay-attempt.js';

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
