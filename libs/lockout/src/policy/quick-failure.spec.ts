import { describe, expect, test } from '@jest/globals';
import { ADMIN, exhausted, locked, rule, SingleKey } from '../testing/single-key.js';
import { assertTimeline } from '../testing/timeline.js';
import type { PolicyInput } from './policy.js';
import { isFaded, keepUntil } from './record-life.js';
import { judge } from './transition.js';

const ms = { unitMs: 1 };
const quick = (fields: Partial<PolicyInput> = {}) =>
  rule({
    threshold: 5,
    schedule: { kind: 'fixed', durationMs: 100 },
    quickFailure: { withinMs: 10, lockMs: 30 },
    ...fields,
  } as Partial<PolicyInput>);

describe('failures that come faster than a person types', () => {
  test('the second within 10 ms locks for 30 ms; at exactly 10 ms it does not', () => {
    assertTimeline(quick(), '0 –, 9: 39, 39 – (3)', ms);
    assertTimeline(quick(), '0 –, 10 –, 20 – (3)', ms);
  });

  test('it counts, but is no step: escalation and the schedule go on as if it were not', () => {
    const growing = quick({
      threshold: 3,
      schedule: { kind: 'exponential', initialMs: 100, factor: 2, by: 'lockouts' },
    });
    const { events, state } = assertTimeline(growing, '0 –, 5: 35, 50: 150', ms);
    expect(events.filter(({ type }) => type === 'locked')).toEqual([
      expect.objectContaining({ cause: 'quick', escalation: 0, failures: 2, step: 0, previousFailureAt: 0 }),
      expect.objectContaining({
        cause: 'failures',
        escalation: 1,
        failures: 3,
        step: 0,
        previousFailureAt: 5,
      }),
    ]);
    expect(state.escalation).toBe(1);
  });

  test('where the schedule locks too the longer of both holds', () => {
    assertTimeline(quick({ threshold: 2 }), '0 –, 5: 105', ms);
    assertTimeline(quick({ threshold: 2, quickFailure: { withinMs: 10, lockMs: 500 } }), '0 –, 5: 505', ms);
    assertTimeline(quick({ threshold: 2, schedule: { kind: 'indefinite' } }), '0 –, 5: ∞', ms);
  });

  test('a success between them is the end of it, also when the failure no longer counts', () => {
    assertTimeline(quick(), '0 –, 3 ok, 6 – (1)', ms);
    assertTimeline(quick({ window: { kind: 'idle', durationMs: 2 } }), '0 –, 3 ok, 6 – (1)', ms);
    assertTimeline(quick({ window: { kind: 'idle', durationMs: 2 } }), '0 –, 6: 36', ms);
  });

  test('an unlock is too, and an unlock of nothing writes nothing', () => {
    const key = new SingleKey(quick({ window: { kind: 'idle', durationMs: 2 } }));
    key.guess(0);
    const unlocked = key.apply({ type: 'unlock', via: 'admin', actor: ADMIN }, 5);
    expect(unlocked.state.lastFailureAt).toBeNull();
    expect(key.apply({ type: 'unlock', via: 'admin', actor: ADMIN }, 5).state).toBe(unlocked.state);
    expect(key.guess(6).events).toEqual([]);
  });

  test('of many at once two are verified: with a fresh failure one (P1)', () => {
    const key = new SingleKey(quick());
    expect(key.charge('a', 0)).toMatchObject({ allowed: true, remaining: 1 });
    expect(key.charge('b', 0)).toMatchObject({ allowed: true, remaining: 0 });
    expect(key.charge('c', 0)).toEqual(exhausted);
    key.fail('a', 0);
    expect(key.charge('d', 1)).toEqual(exhausted);
    key.fail('b', 1);
    expect(key.charge('e', 1)).toEqual(locked(31, 'quick'));
    const alone = new SingleKey(quick());
    alone.guess(0);
    expect(alone.charge('a', 9)).toMatchObject({ allowed: true, remaining: 0 });
    expect(alone.charge('b', 9)).toEqual(exhausted);
    // The threshold is nearer than the second failure.
    const near = new SingleKey(quick({ threshold: 3 }));
    near.guess(0);
    near.guess(20);
    expect(near.charge('a', 40)).toMatchObject({ remaining: 0 });
    expect(near.charge('b', 40)).toEqual(exhausted);
  });

  test('under a lock in force it neither extends nor replaces it (R6)', () => {
    const key = new SingleKey(quick({ threshold: 2, counts: 'all' }));
    key.guess(0);
    key.charge('late', 20);
    key.fail('late', 20);
    expect(key.state.lock?.until).toBe(120);
  });

  test('monitor: recorded, never refusing', () => {
    const { events } = assertTimeline(quick({ enforce: false }), '0 –, 5: 35, 6 –, 7 –', ms);
    expect(events[0]).toMatchObject({ type: 'locked', cause: 'monitor', escalation: 0 });
  });

  test('a lock from a quick failure is kept by no fresh budget: the count stands', () => {
    for (const afterLock of ['fresh-budget', 'fresh-budget-at-end'] as const)
      assertTimeline(quick({ afterLock }), '0 –, 5: 35 (2), 35 – (3)', ms);
  });

  test('the record lives as long as the failure may make the next one quick (R25)', () => {
    const policy = quick({ window: { kind: 'idle', durationMs: 2 } });
    const key = new SingleKey(policy);
    key.guess(0);
    expect(keepUntil(policy, key.state)).toBe(10);
    expect([isFaded(policy, key.state, 9), isFaded(policy, key.state, 10)]).toEqual([false, true]);
  });

  test('what an attempt is told after the lock: the whole budget but for the quick one', () => {
    const { state } = assertTimeline(quick(), '0 –, 5: 35', ms);
    expect(judge(quick(), state, 'password', 34)).toEqual(locked(35, 'quick'));
    expect(judge(quick(), state, 'password', 35)).toMatchObject({ allowed: true, remaining: 1 });
  });
});
