import { describe, expect, test } from '@jest/globals';
import { rule, table } from '../../testing/single-key.js';
import type { LockoutPolicy } from '../policy.js';
import { EMPTY_STATE, type LockoutState } from '../state.js';
import { transition } from '../transition.js';
import { AT_ONCE, Attack, type AttackLimits, type Beginning, type Tactic } from './attack.js';
import type { AttackTrace } from './attack-trace.js';
import { guessesBefore } from './attack-trace.js';

const NEVER = Number.POSITIVE_INFINITY;
const LONG: AttackLimits = { untilMs: 1e9, steps: 60 };
const patient = (locks: number, until: Tactic['until'] = 'everything-faded', spacingMs = 0): Tactic => ({
  locks,
  until,
  spacingMs,
});

interface Fight {
  readonly tactic?: Tactic;
  readonly limits?: Partial<AttackLimits>;
  readonly method?: string;
  readonly from?: Beginning;
}

function fight(policies: readonly LockoutPolicy[], { tactic = AT_ONCE, limits, method, from }: Fight = {}) {
  const attack = new Attack(policies, method ?? 'password');
  return attack.play(tactic, { ...LONG, ...limits }, from);
}

/** `0 × 3 → 100`: three guesses at 0, the last of which locks for 100 ms. */
const told = ({ volleys }: AttackTrace): string =>
  volleys.map(({ at, guesses, lockMs }) => `${at} × ${guesses} → ${lockMs}`).join(', ');

/** A state after failures at these moments. */
const after = (policy: LockoutPolicy, ...moments: readonly number[]): LockoutState =>
  moments.reduce((state, now) => {
    const charged = transition(policy, state, { type: 'charge', id: 'x', method: 'password' }, now).state;
    return transition(policy, charged, { type: 'fail', id: 'x' }, now).state;
  }, EMPTY_STATE);

const idle = { kind: 'idle', durationMs: 500 } as const;

describe('an attacker who never waits', () => {
  test('guesses as often as it is let, in one volley; rounds that are alike are a cycle', () => {
    const trace = fight([rule()]);
    expect(told(trace)).toBe('0 × 2 → 0, 0 × 1 → 100, 100 × 1 → 100, 200 × 1 → 100');
    expect(trace).toMatchObject({ cycle: { startMs: 200, periodMs: 100 }, end: 'cycle' });
    expect(guessesBefore(trace, 365 * 86_400_000)).toBe(3 + 365 * 864_000 - 1);
  });

  test('has longer rounds where each budget is a fresh one, or the lock outlasts the window', () => {
    for (const fields of [
      { afterLock: 'fresh-budget' },
      { window: { kind: 'idle', durationMs: 60 } },
    ] as const) {
      const trace = fight([rule(fields)]);
      expect(told(trace)).toContain('0 × 2 → 0, 0 × 1 → 100, 100 × 2 → 0, 100 × 1 → 100');
      expect(trace).toMatchObject({ end: 'cycle', cycle: { periodMs: 100 } });
    }
  });

  test('ends with a lock that does not', () => {
    const trace = fight([
      table([
        [2, 50],
        [3, null],
      ]),
    ]);
    expect(told(trace)).toBe('0 × 1 → 0, 0 × 1 → 50, 50 × 1 → Infinity');
    expect(trace).toMatchObject({ cycle: null, end: 'locked' });
  });

  test('and with the time and the steps it is given: a guess at the last moment is not made', () => {
    expect(fight([rule()], { limits: { untilMs: 100 } })).toMatchObject({
      volleys: [
        { at: 0, guesses: 2, lockMs: 0 },
        { at: 0, guesses: 1, lockMs: 100 },
      ],
      end: 'time',
      cycle: null,
    });
    expect(told(fight([rule()], { limits: { untilMs: 101 } }))).toMatch(/, 100 × 1 → 100$/);
    expect(fight([rule()], { limits: { steps: 2 } })).toMatchObject({ end: 'steps', cycle: null });
    expect(fight([rule()], { limits: { steps: 2 } }).volleys).toHaveLength(2);
  });

  test('is told where it could have stopped: at each guess that locks, with when what was done would fade', () => {
    const { stops } = fight([
      rule({ window: idle, quickFailure: { withinMs: 1, lockMs: 5 }, escalationWindow: 'never' }),
    ]);
    expect(stops[0]).toEqual({ locks: 0, guesses: 1, fadedMs: 500, fadesMs: 1 });
    const own = rule({
      window: idle,
      escalationWindow: { durationMs: 900 },
      schedule: { kind: 'fixed', durationMs: 100 },
    });
    expect(fight([own]).stops.slice(0, 2)).toEqual([
      { locks: 0, guesses: 2, fadedMs: 500, fadesMs: 500 },
      { locks: 1, guesses: 3, fadedMs: 1000, fadesMs: 500 },
    ]);
    expect(fight([rule()]).stops[0]).toEqual({ locks: 0, guesses: 2, fadedMs: NEVER, fadesMs: NEVER });
    expect(fight([rule({ window: idle })], { tactic: patient(0) }).stops).toEqual([]);
  });

  test('takes its time where it is to: so long after each guess, and after the end of each lock', () => {
    const spaced = { ...AT_ONCE, spacingMs: 30 };
    expect(told(fight([rule()], { tactic: spaced }))).toMatch(
      /^0 × 1 → 0, 30 × 1 → 0, 60 × 1 → 100, 160 × 1 → 100/,
    );
    expect(told(fight([rule()], { tactic: { ...AT_ONCE, spacingMs: 130 } }))).toMatch(
      /^0 × 1 → 0, 130 × 1 → 0, 260 × 1 → 100, 390 × 1 → 100/,
    );
  });

  test('begins with what was done before, at its moment 0', () => {
    const fixed = rule({ threshold: 5, window: { kind: 'fixed', durationMs: 1000 } });
    const from = { states: [after(fixed, 3000, 3000)], now: 3900 };
    const trace = fight([fixed], { from, limits: { untilMs: 301 } });
    // The window ends at 4000, under the lock.
    expect(told(trace)).toBe(
      '0 × 2 → 0, 0 × 1 → 100, 100 × 4 → 0, 100 × 1 → 100, 200 × 1 → 100, 300 × 1 → 100',
    );
    expect(trace.stops[0]).toEqual({ locks: 0, guesses: 2, fadedMs: 100, fadesMs: 100 });
  });

  test('has a cycle from there on, if what was done is what comes again', () => {
    const from = { states: [after(rule(), 0, 0, 0, 100)], now: 200 };
    const trace = fight([rule()], { from });
    expect(told(trace)).toBe('0 × 1 → 100');
    expect(trace.cycle).toEqual({ startMs: 0, periodMs: 100 });
  });

  test('gets nothing where a lock stands that does not end', () => {
    const forever = rule({ threshold: 1, schedule: { kind: 'indefinite' } });
    const from = { states: [after(forever, 0)], now: 10 };
    expect(fight([forever], { from })).toEqual({ volleys: [], stops: [], cycle: null, end: 'locked' });
  });
});

describe('guesses one by one', () => {
  test('where a pause follows each', () => {
    const paused = rule({ minIntervalMs: 30 });
    expect(told(fight([paused]))).toMatch(/^0 × 1 → 0, 30 × 1 → 0, 60 × 1 → 100, 160 × 1 → 100/);
    // Also where only one of two policies wants it.
    expect(told(fight([rule({ threshold: 9 }), paused]))).toMatch(/^0 × 1 → 0, 30 × 1 → 0, 60 × 1 → 100/);
    expect(told(fight([paused, rule({ threshold: 9 })]))).toMatch(/^0 × 1 → 0, 30 × 1 → 0, 60 × 1 → 100/);
  });

  test('where quick ones lock', () => {
    const quick = rule({ threshold: 4, quickFailure: { withinMs: 20, lockMs: 50 } });
    expect(told(fight([quick]))).toMatch(/^0 × 1 → 0, 0 × 1 → 50, 50 × 1 → 0, 50 × 1 → 100/);
    expect(told(fight([quick], { tactic: { ...AT_ONCE, spacingMs: 20 } }))).toMatch(
      /^0 × 1 → 0, 20 × 1 → 0, 40 × 1 → 0, 60 × 1 → 100/,
    );
  });
});

describe('heavier failures', () => {
  const codes = rule({ threshold: 7, weights: { code: 3 } });

  test('are fewer, and the one that goes over the threshold locks', () => {
    expect(told(fight([codes], { method: 'code' }))).toMatch(/^0 × 2 → 0, 0 × 1 → 100, 100 × 1 → 100/);
    expect(told(fight([codes]))).toMatch(/^0 × 6 → 0, 0 × 1 → 100/);
  });

  test('a method may have the name of anything', () => {
    expect(told(fight([codes], { method: 'constructor' }))).toMatch(/^0 × 6 → 0, 0 × 1 → 100/);
  });
});

describe('an attacker who waits', () => {
  test('just before the first lock, until everything has faded, over and over', () => {
    const trace = fight([rule({ window: idle })], { tactic: patient(0) });
    expect(told(trace)).toBe('0 × 2 → 0, 500 × 2 → 0');
    expect(trace.cycle).toEqual({ startMs: 500, periodMs: 500 });
  });

  test('before the second, the third, …', () => {
    const growing = rule({
      window: idle,
      schedule: { kind: 'linear', initialMs: 100, stepMs: 50, by: 'failures' },
    });
    const once = fight([growing], { tactic: patient(1) });
    expect(told(once)).toBe('0 × 2 → 0, 0 × 1 → 100, 500 × 2 → 0, 500 × 1 → 100');
    // At 100 it is where it was at 600: before the second lock.
    expect(once.cycle).toEqual({ startMs: 100, periodMs: 500 });
    const twice = fight([growing], { tactic: patient(2) });
    expect(told(twice)).toMatch(/^0 × 2 → 0, 0 × 1 → 100, 100 × 1 → 150, 600 × 2 → 0/);
    expect(twice.cycle?.periodMs).toBe(600);
  });

  test('and in any case before one without end', () => {
    const capped = table(
      [
        [2, 50],
        [3, null],
      ],
      { window: idle },
    );
    const trace = fight([capped], { tactic: patient(9) });
    expect(told(trace)).toBe('0 × 1 → 0, 0 × 1 → 50, 500 × 1 → 0, 500 × 1 → 50');
    expect(trace.cycle).toEqual({ startMs: 50, periodMs: 500 });
  });

  test('until something fades: one of a sliding window’s', () => {
    const sliding = rule({ window: { kind: 'sliding', durationMs: 500 } });
    const tactic = patient(0, 'something-fades', 100);
    const trace = fight([sliding], { tactic });
    // At 600 one has faded, as at 100 one was there.
    expect(told(trace)).toBe('0 × 1 → 0, 100 × 1 → 0, 500 × 1 → 0');
    expect(trace.cycle).toEqual({ startMs: 100, periodMs: 500 });
    const all = fight([sliding], { tactic: patient(0, 'everything-faded', 100), limits: { untilMs: 1000 } });
    expect(told(all)).toBe('0 × 1 → 0, 100 × 1 → 0, 600 × 1 → 0');
    expect(all.cycle).toEqual({ startMs: 100, periodMs: 600 });
  });

  test('of several policies until the first forgets something, or the last has forgotten all', () => {
    const both = [
      rule({ window: idle }),
      rule({ name: 'slow', threshold: 9, window: { kind: 'idle', durationMs: 800 } }),
    ];
    const some = fight(both, { tactic: patient(0, 'something-fades'), limits: { untilMs: 1001 } });
    expect(told(some)).toBe('0 × 2 → 0, 500 × 2 → 0, 1000 × 2 → 0');
    const all = fight(both, { tactic: patient(0), limits: { untilMs: 801 } });
    expect(told(all)).toBe('0 × 2 → 0, 800 × 2 → 0');
  });

  test('does not wait in vain: where nothing fades, or the next guess locks all the same', () => {
    expect(told(fight([rule()], { tactic: patient(0) }))).toMatch(/^0 × 2 → 0, 0 × 1 → 100, 100 × 1 → 100/);
    const strict = rule({ threshold: 1, window: idle });
    expect(told(fight([strict], { tactic: patient(0) }))).toMatch(/^0 × 1 → 100, 500 × 1 → 100/);
    // The pause ends with the lock, and the count was forgotten before.
    const paused = rule({ threshold: 1, window: { kind: 'idle', durationMs: 50 }, minIntervalMs: 100 });
    expect(told(fight([paused], { tactic: patient(0) }))).toMatch(/^0 × 1 → 100, 100 × 1 → 100/);
  });
});

describe('several policies', () => {
  test('refuse together, and each guess counts for all of them', () => {
    const both = [rule(), rule({ name: 'slow', threshold: 5, schedule: { kind: 'fixed', durationMs: 250 } })];
    expect(told(fight(both))).toMatch(/^0 × 2 → 0, 0 × 1 → 100, 100 × 1 → 100, 200 × 1 → 250, 450 × 1 → 250/);
    expect(told(fight([...both].reverse()))).toBe(told(fight(both)));
  });

  test('a guess is let when the last lock has ended, and no other stands then', () => {
    const states = [after(rule(), 0, 0, 0), after(rule({ threshold: 1, minIntervalMs: 140 }), 50)];
    const policies = [rule(), rule({ name: 'q', threshold: 1, minIntervalMs: 140 })];
    expect(told(fight(policies, { from: { states, now: 60 }, limits: { untilMs: 131 } }))).toBe(
      '130 × 1 → 100',
    );
  });
});
