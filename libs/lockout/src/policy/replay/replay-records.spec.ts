import { describe, expect, test } from '@jest/globals';
import { definePolicy } from '../define-policy.js';
import { minutes } from '../duration.js';
import { EMPTY_STATE } from '../state.js';
import { transition } from '../transition.js';
import { ReplayRecords } from './replay-records.js';

const policy = definePolicy({
  name: 'account',
  threshold: 3,
  window: { kind: 'idle', durationMs: minutes(10) },
  schedule: { kind: 'fixed', durationMs: minutes(5) },
});

/** A key that keeps failing, and one that fails and succeeds in turn, each minute. */
function played(minutesLong: number): ReplayRecords {
  const records = new ReplayRecords([policy]);
  for (let minute = 0; minute < minutesLong; minute += 1) {
    const now = minutes(minute);
    records.forget(now);
    for (const key of ['always', 'in-turn']) {
      const state = records.get(key)?.state ?? EMPTY_STATE;
      const charged = transition(policy, state, { type: 'charge', id: 'a', method: 'password' }, now).state;
      const isFailure = key === 'always' || minute % 2 === 0;
      const input = isFailure
        ? { type: 'fail' as const, id: 'a' }
        : { type: 'succeed' as const, id: 'a', method: 'password', seq: charged.failureSeq, final: true };
      records.put(policy.counter, key, transition(policy, charged, input, now).state, null, now);
    }
  }
  return records;
}

describe('the records of a replay', () => {
  test('are in the calendar once, however often they change', () => {
    const records = played(500);
    expect(records.size).toBe(1);
    expect(records.scheduled).toBe(1);
    expect(records.peak).toBe(2);
  });

  test('are gone once they say nothing any more', () => {
    const records = played(500);
    records.forget(minutes(520));
    expect([records.size, records.scheduled]).toEqual([0, 0]);
  });

  /** The state of a key after failures at these moments. */
  const failed = (...times: number[]) =>
    times.reduce((state, at) => {
      const charged = transition(policy, state, { type: 'charge', id: 'a', method: 'password' }, at).state;
      return transition(policy, charged, { type: 'fail', id: 'a' }, at).state;
    }, EMPTY_STATE);
  const LOCK = {
    policy: 'account',
    realm: 'default',
    subject: { account: 'alice' },
    since: 2,
    until: 2 + minutes(5),
    cause: 'failures',
    failures: 3,
    escalation: 1,
  } as const;

  test('keep the last lock of a key while its state changes', () => {
    const records = new ReplayRecords([policy]);
    records.put(policy.counter, 'key', failed(0, 1), null, 1);
    expect(records.get('key')?.lock).toBeNull();
    records.put(policy.counter, 'key', failed(0, 1, 2), LOCK, 2);
    records.forget(minutes(6));
    // Nobody looks before everything is over: the end of the lock is still to be told.
    expect(records.get('key')?.state.lock).not.toBeNull();
    const later = failed(0, 1, 2, minutes(6));
    records.put(policy.counter, 'key', later, null, minutes(6));
    expect(records.get('key')).toMatchObject({ counter: 'account', state: later, lock: LOCK });
    // Long after the ten minutes of the first failure, and before those of the last.
    records.forget(minutes(14));
    expect([records.size, records.scheduled]).toEqual([1, 1]);
    records.forget(minutes(17));
    expect([records.size, records.scheduled]).toEqual([0, 0]);
  });

  test('take a lock that is over out of what they look at again', () => {
    const records = new ReplayRecords([policy]);
    const long = definePolicy({
      name: 'brand',
      counter: policy.counter,
      threshold: 3,
      window: { kind: 'idle', durationMs: minutes(60) },
      schedule: { kind: 'fixed', durationMs: minutes(5) },
    });
    const shared = new ReplayRecords([policy, long]);
    for (const each of [records, shared]) {
      each.put(policy.counter, 'key', failed(0, 1, 2), LOCK, 2);
      each.forget(minutes(12));
      each.forget(minutes(30));
    }
    expect(records.size).toBe(0);
    expect(shared.size).toBe(1);
    shared.forget(minutes(70));
    expect(shared.size).toBe(0);
  });

  test('remember nothing of a key that has nothing to say, and a charge in flight whatever else is over', () => {
    const records = new ReplayRecords([policy]);
    records.put(policy.counter, 'empty', EMPTY_STATE, null, 0);
    records.put(policy.counter, 'over', failed(0), null, minutes(10));
    expect([records.size, records.peak]).toEqual([0, 0]);
    const charged = transition(policy, null, { type: 'charge', id: 'a', method: 'password' }, 0).state;
    records.put(policy.counter, 'open', charged, null, minutes(30));
    expect([records.size, records.peak, records.scheduled]).toEqual([1, 1, 1]);
  });

  test('never look again at a lock without an end, until a success cleared it', () => {
    const forever = definePolicy({ name: 'forever', threshold: 3, schedule: { kind: 'indefinite' } });
    const records = new ReplayRecords([forever]);
    records.put(forever.counter, 'key', failed(0, 1), null, 1);
    expect([records.size, records.scheduled]).toEqual([1, 0]);
    records.put(forever.counter, 'key', EMPTY_STATE, null, 2);
    expect([records.size, records.peak]).toEqual([0, 1]);
  });
});
