import { describe, expect, test } from '@jest/globals';
import { definePolicy } from '../define-policy.js';
import { days, hours, minutes, seconds } from '../duration.js';
import type { LockoutPolicy, PolicyInput } from '../policy.js';
import { contentstack, outSystems, reachFive } from '../presets/index.js';
import { guessRate } from './guess-rate.js';

const rule = (fields: Partial<PolicyInput> = {}): readonly LockoutPolicy[] => [
  definePolicy({
    name: 'p',
    threshold: 5,
    schedule: { kind: 'fixed', durationMs: hours(1) },
    ...fields,
  } as PolicyInput),
];

describe('the guesses an attacker gets', () => {
  test('at once: as many as lock, and one at the end of each lock', () => {
    expect(guessRate(rule({ schedule: { kind: 'fixed', durationMs: seconds(1) } }))).toMatchObject({
      perHour: 5 + 3599,
      perDay: 5 + 86_399,
      perYear: 5 + 365 * 86_400 - 1,
      inAll: Number.POSITIVE_INFINITY,
      exact: true,
    });
    expect(guessRate(rule())).toMatchObject({ perHour: 5, perDay: 5 + 23, perYear: 5 + 365 * 24 - 1 });
  });

  test('or, if that is more, always one fewer than lock, and then waiting for the window', () => {
    const patient = guessRate(rule({ window: { kind: 'idle', durationMs: minutes(15) } }));
    // 4 every 15 min; at once it would be 1 an hour.
    expect(patient).toMatchObject({ perHour: 16, perDay: 384, perYear: 140_160 });
    expect(patient.tactic).toMatchObject({ locks: 0 });
  });

  test('or taking the short locks and waiting before the long ones (ReachFive)', () => {
    // 6, 1 at 5 min, 1 at 15 min: three locks; waiting an hour after the second of them is best: 7 every 75 min.
    const rate = guessRate(reachFive());
    expect(rate).toMatchObject({ perHour: 9, perDay: 19 * 7 + 7 });
    expect(rate.perYear).toBe(Math.floor((365 * 1440) / 75) * 7);
    expect(rate.tactic).toMatchObject({ locks: 2, until: 'everything-faded' });
  });

  test('and never more than lead to a lock without end (Contentstack)', () => {
    expect(guessRate(contentstack())).toMatchObject({ perHour: 9, perDay: 10, perYear: 10, inAll: 10 });
    expect(guessRate(rule({ indefiniteAfterFailures: 100 })).inAll).toBe(100);
  });

  test('a fixed window is straddled: what is left at its end, and the next one’s', () => {
    const fixed = rule({
      threshold: 100,
      schedule: { kind: 'fixed', durationMs: hours(1) },
      window: { kind: 'fixed', durationMs: hours(1) },
    });
    // One begins it; 98 in its last millisecond and 99 in the first of the next are less than an hour apart.
    expect(guessRate(fixed).perHour).toBe(98 + 99);
  });

  test('the worst hour counts, not the first', () => {
    const rows = [
      { failures: 5, lockMs: hours(1) },
      { failures: 6, lockMs: seconds(36) },
    ];
    const table = definePolicy({ name: 't', schedule: { kind: 'table', rows } });
    expect(guessRate([table]).perHour).toBe(100);
  });

  test('a pause between failures spaces them', () => {
    const spaced = rule({ threshold: 3, minIntervalMs: seconds(10) });
    // 0, 10 and 20 s; then one an hour.
    expect(guessRate(spaced)).toMatchObject({ perHour: 3, perDay: 3 + 23 });
  });

  test('where quick failures lock, whoever keeps the pace of a person gets the whole budget', () => {
    const quick = rule({
      quickFailure: { withinMs: seconds(1), lockMs: minutes(30) },
      window: { kind: 'idle', durationMs: hours(12) },
    });
    expect(guessRate(quick)).toMatchObject({ perHour: 5, tactic: { spacingMs: seconds(1) } });
  });

  test('a heavier failure is the same as several', () => {
    expect(guessRate(rule({ counts: ['code'], weights: { code: 2 } })).perDay).toBe(3 + 23);
    // The attacker takes the lighter of two.
    expect(guessRate(rule({ counts: ['code', 'password'], weights: { code: 2 } })).perDay).toBe(5 + 23);
  });

  test('a budget of a million costs no more time than one of five', () => {
    const huge = rule({ threshold: 1_000_000, window: { kind: 'idle', durationMs: minutes(15) } });
    expect(guessRate(huge).perDay).toBe(96 * 999_999);
  });
});

describe('from 1,000 addresses', () => {
  const perAddress = { scope: ['account', 'address'] as const };

  test('an account-wide lock gives no more, one by address a thousand times as much', () => {
    expect(guessRate(rule(), 1000).perDay).toBe(28);
    expect(guessRate(rule(perAddress), 1000).perDay).toBe(28_000);
    expect(guessRate(rule({ scope: ['address'] }), 1000).perDay).toBe(28_000);
  });

  test('of both together the stricter holds', () => {
    const both = [...rule({ name: 'near', ...perAddress }), ...rule({ name: 'wide', threshold: 50 })];
    expect([guessRate(both).perDay, guessRate(both, 1000).perDay]).toEqual([28, 50 + 23]);
  });

  test('OutSystems: its address level does not limit what many addresses do to one account', () => {
    expect(guessRate(outSystems(), 1000).perDay).toBe(1000 * guessRate(outSystems()).perDay);
  });
});

describe('nothing limits', () => {
  test.each<[string, Partial<PolicyInput>]>([
    ['a policy that is off', { enabled: false }],
    ['a policy that only watches', { enforce: false }],
    ['a count by device: whoever sends none is not counted', { scope: ['account', 'device'] }],
    ['a count by something that can be made up', { scope: ['account', { custom: 'user-agent' }] }],
  ])('%s', (_, fields) => {
    expect(guessRate(rule(fields)).perDay).toBe(Number.POSITIVE_INFINITY);
  });

  test('a method that one of the policies counts and no other does, if that one is off', () => {
    const off = rule({ name: 'codes', counts: ['otp'], enabled: false });
    expect(guessRate([...rule({ counts: ['password'] }), ...off]).perYear).toBe(Number.POSITIVE_INFINITY);
  });

  test('no policies at all', () => {
    expect(guessRate([]).perHour).toBe(Number.POSITIVE_INFINITY);
  });

  test('a year is 365 days', () => {
    const daily = rule({ threshold: 1, schedule: { kind: 'fixed', durationMs: days(1) } });
    expect(guessRate(daily)).toMatchObject({ perHour: 1, perDay: 1, perYear: 365 });
  });
});
