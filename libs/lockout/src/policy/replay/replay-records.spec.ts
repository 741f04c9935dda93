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
});
