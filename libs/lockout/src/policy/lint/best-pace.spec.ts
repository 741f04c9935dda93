import { describe, expect, test } from '@jest/globals';
import { rule } from '../../testing/single-key.js';
import { days, hours, minutes } from '../duration.js';
import type { LockoutPolicy, ThresholdPolicy } from '../policy.js';
import { AT_ONCE, Attack } from './attack.js';
import { guessesBefore } from './attack-trace.js';
import { type Played, playAll, playUnwaiting } from './best-pace.js';

const method = 'password';
const tacticsOf = (played: readonly Played[]) =>
  played.map(({ tactic: { locks, until, spacingMs } }) =>
    locks === Number.POSITIVE_INFINITY ? `never waits, ${spacingMs}` : `${locks}, ${until}, ${spacingMs}`,
  );
const tactics = (...policies: readonly LockoutPolicy[]) => tacticsOf(playAll({ policies, method }));
const idle = { window: { kind: 'idle', durationMs: 500 } } as const;
const all = (...locks: readonly number[]) => locks.map((each) => `${each}, everything-faded, 0`);
const both = (...locks: readonly number[]) =>
  locks.flatMap((each) => [`${each}, everything-faded, 0`, `${each}, something-fades, 0`]);

describe('the tactics that are tried', () => {
  test('are one where nothing fades', () => {
    expect(tactics(rule())).toEqual(['never waits, 0']);
    expect(tactics(rule({ escalationWindow: 'never' }))).toEqual(['never waits, 0']);
    expect(tactics(rule(), rule({ name: 'q' }))).toEqual(['never waits, 0']);
  });

  test.each<[string, Partial<ThresholdPolicy>]>([
    ['a window', idle],
    ['a retention', { retentionMs: 500 }],
  ])('are to wait before some lock until everything has faded, where it fades at once: %s', (_, fields) => {
    expect(tactics(rule(fields))).toEqual(['never waits, 0', ...all(0, 1, 2)]);
  });

  test.each<[string, readonly LockoutPolicy[]]>([
    ['one by one', [rule({ window: { kind: 'sliding', durationMs: 500 } })]],
    ['the escalation apart', [rule({ escalationWindow: { durationMs: 500 } })]],
    ['the escalation never', [rule({ ...idle, escalationWindow: 'never' })]],
    ['failures in a row apart', [rule({ ...idle, indefiniteAfterFailures: 50 })]],
    ['in one of two policies', [rule(idle), rule({ name: 'q' })]],
    ['in the other of two policies', [rule(), rule({ name: 'q', ...idle })]],
  ])('or until something has, where it fades in parts: %s', (_, policies) => {
    const tried = tactics(...policies);
    expect(tried[0]).toBe('never waits, 0');
    expect(tried).toEqual(expect.arrayContaining(both(0, 1)));
    expect(tried.length % 2).toBe(1);
  });

  test('each at once and, where quick failures lock, no quicker than they may be', () => {
    const quick = (withinMs: number) => rule({ ...idle, quickFailure: { withinMs, lockMs: 50 } });
    const tried = tactics(quick(20), quick(30));
    expect(tried.filter((tactic) => tactic.startsWith('never'))).toEqual([
      'never waits, 0',
      'never waits, 30',
    ]);
    expect(tried).toContain('0, everything-faded, 30');
    expect(tacticsOf(playUnwaiting({ policies: [rule(), quick(20)], method }))).toEqual([
      'never waits, 0',
      'never waits, 20',
    ]);
  });
});

/** Locks that grow by 10 min: 10, 20, 30, … */
const growing = (fields: Partial<ThresholdPolicy> = {}): LockoutPolicy =>
  rule({
    schedule: {
      kind: 'linear',
      initialMs: minutes(10),
      stepMs: minutes(10),
      by: 'failures',
      maximumMs: hours(3),
    },
    window: { kind: 'idle', durationMs: hours(4) },
    ...fields,
  });

describe('the best of the tactics', () => {
  const SPANS = [hours(1), days(1), days(365)];
  const apart = { escalationWindow: { durationMs: hours(9) } } as const;
  const longer = { window: { kind: 'idle', durationMs: days(2) } } as const;

  test.each<[string, LockoutPolicy, readonly string[]]>([
    ['locks that grow', growing(), all(0, 1, 2, 3, 5)],
    ['with another threshold', growing({ threshold: 7 }), all(0, 1, 2, 3)],
    // The best of a day, and the best of a year.
    ['a window that is longer', growing(longer), all(0, 1, 2, 3, 17, 22)],
    ['an escalation that fades apart', growing(apart), both(0, 1, 2, 3, 9, 5)],
  ])('takes as many locks as pay: %s', (_, policy, tried) => {
    const played = playAll({ policies: [policy], method });
    expect(tacticsOf(played)).toEqual(['never waits, 0', ...tried]);
    const attack = new Attack([policy], method);
    const byLocks = Array.from({ length: 24 }, (_each, locks) =>
      attack.play({ ...AT_ONCE, locks }, { untilMs: days(365), steps: 1000 }),
    );
    for (const spanMs of SPANS) {
      const guesses = byLocks.map((trace) => guessesBefore(trace, spanMs));
      const best = Math.max(...played.map(({ trace }) => guessesBefore(trace, spanMs)));
      expect(best).toBeGreaterThanOrEqual(Math.max(...guesses));
    }
  });

  test('is followed until it comes round, also where a round is of many guesses one by one', () => {
    const played = playAll({ policies: [rule({ threshold: 150, minIntervalMs: 1, ...idle })], method });
    expect(played.map(({ trace }) => trace.end)).toEqual(played.map(() => 'cycle'));
    expect(played.map(({ trace }) => guessesBefore(trace, 150))).toEqual([150, 149, 150, 150]);
  });

  test('begins where it is told to', () => {
    const policy = rule(idle);
    const { states, now } = new Attack([policy], method).untouched();
    const failed = states.map((state) => ({ ...state, failures: 1, windowStartedAt: 0, lastFailureAt: 0 }));
    const played = playAll({ policies: [policy], method }, { states: failed, now: now + 499 });
    expect(played.map(({ trace }) => guessesBefore(trace, 1))).toEqual([2, 1, 2, 2]);
  });
});
