import { describe, expect, test } from '@jest/globals';
import { attempt, type NamedInput, play, policiesOf, success } from '../../testing/replayed.js';
import { minutes } from '../duration.js';
import { Replay } from './replay.js';

describe('policies that share a counter', () => {
  const shared = (...inputs: NamedInput[]) =>
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
    const clear: NamedInput = { name: 'clear', threshold: 9 };
    const refund: NamedInput = { name: 'refund', threshold: 9, onSuccess: 'refund' };
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
    expect(replay.next(attempt(minutes(6), success)).events).toMatchObject([
      { policy: 'a', event: { type: 'expired', at: 1 + minutes(5) } },
      { policy: 'a', event: { type: 'succeeded-after-failures', failures: 2 } },
      { policy: 'a', event: { type: 'cleared', via: 'success' } },
    ]);
  });
});
