import { describe, expect, test } from '@jest/globals';
import { ADMIN, rule, SingleKey, table } from '../testing/single-key.js';
import { playTimeline } from '../testing/timeline.js';
import { MANUAL_POLICY } from './manual.js';
import type { LockoutPolicy } from './policy.js';

/** The changes of all locks that a timeline sets. */
const changesIn = (policy: LockoutPolicy, text: string) =>
  playTimeline(policy, text, { unitMs: 1 }).events.flatMap((event) =>
    event.type === 'locked' ? [event.change] : [],
  );

const doubling = (by: 'failures' | 'lockouts', maximumMs = 1_000_000) =>
  ({ kind: 'exponential', initialMs: 10, factor: 2, by, maximumMs }) as const;

describe('what a lock is to those before it', () => {
  test('the first in a row is locked, and again the first once a success has ended the row', () => {
    expect(changesIn(rule(), '0 –, 0 –, 0 –, 100 ok, 100 –, 100 –, 100 –')).toEqual(['locked', 'locked']);
  });

  test('again as long is relocked, of a schedule that never grows or has reached its cap', () => {
    expect(changesIn(rule(), '0 –, 0 –, 0 –, 100 –, 200 –')).toEqual(['locked', 'relocked', 'relocked']);
    const capped = rule({ threshold: 1, schedule: doubling('lockouts', 20) });
    expect(changesIn(capped, '0 –, 10 –, 30 –, 50 –')).toEqual([
      'locked',
      'escalated',
      'relocked',
      'relocked',
    ]);
  });

  test.each(['failures', 'lockouts'] as const)('again for longer is escalated: growth by %s', (by) => {
    const growing = rule({ threshold: 2, schedule: doubling(by) });
    expect(changesIn(growing, '0 –, 0 –, 10 –, 30 –')).toEqual(['locked', 'escalated', 'escalated']);
  });

  test('by failures it is compared with the count that locked before, not with the failures since', () => {
    const multiples = rule({
      afterLock: 'relock-at-each-multiple',
      schedule: { kind: 'linear', initialMs: 10, stepMs: 10, by: 'failures', maximumMs: 30 },
    });
    // 3 failures: 10; 6: 40, capped to 30, which a count of 5 would have reached as well.
    expect(changesIn(multiples, '0 –, 0 –, 0 –, 10 –, 10 –, 10 –, 40 –, 40 –, 40 –')).toEqual([
      'locked',
      'escalated',
      'relocked',
    ]);
  });

  test('a fresh budget that ends as the one before is relocked by failures and escalated by lockouts', () => {
    const fresh = (by: 'failures' | 'lockouts') =>
      rule({ threshold: 2, afterLock: 'fresh-budget', schedule: doubling(by) });
    expect(changesIn(fresh('failures'), '0 –, 0 –, 10 –, 10 –')).toEqual(['locked', 'relocked']);
    expect(changesIn(fresh('lockouts'), '0 –, 0 –, 10 –, 10 –')).toEqual(['locked', 'escalated']);
  });

  test('of a table it is the row before that counts; the last row again is relocked', () => {
    const rows = [
      [1, 10],
      [2, 10],
      [3, 20],
    ] as const;
    expect(changesIn(table(rows), '0 –, 10 –, 20 –, 40 –')).toEqual([
      'locked',
      'relocked',
      'escalated',
      'relocked',
    ]);
  });

  test('of a table that is entered anew while the lockouts in a row stand it is relocked', () => {
    const anew = table(
      [
        [2, 10],
        [3, 50],
      ],
      { window: { kind: 'idle', durationMs: 40 }, escalationWindow: 'never' },
    );
    expect(changesIn(anew, '0 –, 0 –, 10 –, 100 –, 100 –')).toEqual(['locked', 'escalated', 'relocked']);
  });

  test('after an indefinite one, which was lifted and kept its count, a timed one is not longer', () => {
    const keeps = { unlockKeepsCount: true, unlockKeepsEscalation: true };
    const key = new SingleKey(table([[1, null]], keeps)).guesses(1, 0);
    key.apply({ type: 'unlock', via: 'admin', actor: ADMIN }, 1);
    key.policy = rule({ threshold: 1, ...keeps });
    expect(key.guess(2).events).toMatchObject([{ type: 'locked', change: 'relocked', until: 102 }]);
    const grown = new SingleKey(rule({ threshold: 1, schedule: { kind: 'indefinite' }, ...keeps })).guesses(
      1,
      0,
    );
    grown.apply({ type: 'unlock', via: 'admin', actor: ADMIN }, 1);
    grown.policy = table([[2, 100]], keeps);
    expect(grown.guess(2).events).toMatchObject([{ type: 'locked', change: 'relocked', until: 102 }]);
  });

  test('until unlocked is made-indefinite, the first time, after timed ones, and again', () => {
    const forever = rule({ schedule: { kind: 'indefinite' } });
    expect(changesIn(forever, '0 –, 0 –, 0 –')).toEqual(['made-indefinite']);
    const third = rule({ threshold: 1, indefiniteAfterLockouts: 2, unlockKeepsEscalation: true });
    expect(changesIn(third, '0 –, 100 –, 200 –, 201 unlock, 202 –')).toEqual([
      'locked',
      'relocked',
      'made-indefinite',
      'made-indefinite',
    ]);
    const capped = rule({ threshold: 9, indefiniteAfterFailures: 2 });
    expect(changesIn(capped, '0 –, 0 –')).toEqual(['made-indefinite']);
  });

  test('a quick failure alone is of no row: locked each time, also while lockouts in a row stand', () => {
    const quick = rule({ threshold: 3, quickFailure: { withinMs: 5, lockMs: 50 } });
    const events = playTimeline(quick, '0 –, 1 –, 60 –, 160 –, 161 –', { unitMs: 1 }).events;
    expect(events.flatMap((event) => (event.type === 'locked' ? [[event.cause, event.change]] : []))).toEqual(
      [
        ['quick', 'locked'],
        ['failures', 'locked'],
        ['failures', 'relocked'],
      ],
    );
    const fresh = rule({ afterLock: 'fresh-budget', quickFailure: { withinMs: 5, lockMs: 50 } });
    expect(changesIn(fresh, '0 –, 10 –, 20 –, 120 –, 121 –')).toEqual(['locked', 'locked']);
  });

  test('what a policy only watches changes alike', () => {
    const watching = rule({ enforce: false, schedule: doubling('lockouts') });
    expect(changesIn(watching, '0 –, 0 –, 0 –, 10 –')).toEqual(['locked', 'escalated']);
  });

  test('an administrator’s lock is locked, or made-indefinite, whatever stands', () => {
    const key = new SingleKey(MANUAL_POLICY);
    const changes = [20, 30, null, 40].map(
      (until) => key.apply({ type: 'lock', until, actor: ADMIN }, 10).events,
    );
    expect(changes).toMatchObject([
      [{ type: 'locked', change: 'locked' }],
      [{ type: 'locked', change: 'locked' }],
      [{ type: 'locked', change: 'made-indefinite' }],
      [{ type: 'locked', change: 'locked' }],
    ]);
  });
});
