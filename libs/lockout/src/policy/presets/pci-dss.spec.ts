import { describe, expect, test } from '@jest/globals';
import { assertTimeline } from '../../testing/timeline.js';
import { definePolicy } from '../define-policy.js';
import { days, minutes } from '../duration.js';
import type { LockoutPolicy, PolicyInput, Schedule } from '../policy.js';
import { PolicyError } from '../policy-error.js';
import { judge, transition } from '../transition.js';
import { type PciDssOptions, pciDss } from './pci-dss.js';

const preset = (options?: PciDssOptions): LockoutPolicy => pciDss(options)[0] as LockoutPolicy;
const inMinutes = { unitMs: minutes(1) };
const nine = (at: number) => Array(9).fill(`${at} –`).join(',');
const year = 525_600;

function scheduleOf(kind: Exclude<Schedule['kind'], 'indefinite'>, ms: number): Schedule {
  if (kind === 'fixed') return { kind, durationMs: ms };
  if (kind === 'exponential') return { kind, initialMs: ms, factor: 2, by: 'lockouts' };
  if (kind === 'linear') return { kind, initialMs: ms, stepMs: minutes(30), by: 'lockouts' };
  return { kind, stepMs: ms, by: 'lockouts' };
}

function pathsOf(options: PciDssOptions): readonly string[] {
  try {
    pciDss(options);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(PolicyError);
    return (error as PolicyError).problems.map((problem) => problem.path);
  }
}

describe('PCI DSS 4.0.1, 8.3.4', () => {
  test('not more than 10 attempts, then at least 30 minutes', () => {
    assertTimeline(preset(), `${nine(0)}, 0: 30, 30-1ms refused 30, 30 ok`, inMinutes);
  });

  test('each lock follows at most ten attempts, and they do not fade', () => {
    assertTimeline(preset(), `${nine(0)}, 0: 30 (0), ${nine(30)}, 30: 60`, inMinutes);
    assertTimeline(preset(), `${nine(0)}, ${year}: ${year + 30}`, inMinutes);
  });

  test('or until the identity is confirmed: by the help desk or by a password reset, not by a link', () => {
    const policy = preset({ lockMs: null });
    assertTimeline(policy, `${nine(0)}, 0: ∞, ${year} refused ∞, ${year} unlock, ${year} ok`, inMinutes);
    assertTimeline(policy, `${nine(0)}, 0: ∞, 1 reset (0), 1 ok`, inMinutes);
    assertTimeline(preset(), `${nine(0)}, 0: 30, 1 reset (0), 1 ok`, inMinutes);
    const link = { type: 'unlock', via: 'link', actor: { by: 'owner', reason: 'link' } } as const;
    for (const each of [policy, preset()]) {
      const { state } = assertTimeline(each, `${nine(0)}, 0: ${each === policy ? '∞' : '30'}`, inMinutes);
      expect(transition(each, state, link, minutes(1)).state).toBe(state);
    }
  });

  test('a value that breaks the standard is an error', () => {
    expect(pathsOf({ maximumAttempts: 10 })).toEqual([]);
    expect(pathsOf({ maximumAttempts: 1 })).toEqual([]);
    for (const maximumAttempts of [11, 0, 2.5])
      expect(pathsOf({ maximumAttempts })).toEqual(['policies[0].threshold']);
    expect(pathsOf({ maximumAttempts: 11, lockMs: null })).toEqual(['policies[0].threshold']);
    expect(pathsOf({ lockMs: minutes(30) })).toEqual([]);
    expect(pathsOf({ lockMs: days(36_500) })).toEqual([]);
    for (const lockMs of [minutes(30) - 1, days(36_500) + 1, minutes(30) + 0.5])
      expect(pathsOf({ lockMs })).toEqual(['policies[0].schedule.durationMs']);
  });

  test('stricter values are allowed, and live saves are held to the same limits', () => {
    assertTimeline(
      preset({ maximumAttempts: 6, lockMs: minutes(60) }),
      '0 –, 0 –, 0 –, 0 –, 0 –, 0: 60',
      inMinutes,
    );
    const lock = { min: minutes(30), max: days(36_500), integer: true };
    for (const lockMs of [minutes(30), null])
      expect(preset({ lockMs }).limits).toEqual({
        threshold: { min: 1, max: 10, integer: true },
        'schedule.durationMs': lock,
        'schedule.initialMs': lock,
        'schedule.stepMs': lock,
      });
  });

  test.each(['fixed', 'exponential', 'linear', 'multiples'] as const)(
    'a live save of a %s schedule keeps the 30 minutes',
    (kind) => {
      const saved = (ms: number) =>
        definePolicy({ ...preset(), schedule: scheduleOf(kind, ms) } as PolicyInput).schedule;
      expect(saved(minutes(30))).toEqual(scheduleOf(kind, minutes(30)));
      expect(() => saved(minutes(30) - 1)).toThrow(/outside its limits/);
    },
  );

  test('it is the user ID that is locked: all methods count together and are refused', () => {
    const { state } = assertTimeline(preset({ maximumAttempts: 2 }), '0 –, 0 #otp: 30', inMinutes);
    expect(judge(preset(), state, 'passkey', 0).allowed).toBe(false);
    const some = preset({ maximumAttempts: 2, methods: ['password'] });
    const chosen = assertTimeline(some, '0 –, 0 #otp – (1), 0: 30', inMinutes);
    expect(judge(some, chosen.state, 'otp', 0).allowed).toBe(false);
    expect(preset()).toMatchObject({ name: 'pci-dss', scope: ['account'] });
    expect(preset({ name: 'cde' }).counter).toBe('cde');
  });

  test('a completed sign-in clears the attempts', () => {
    assertTimeline(preset(), `${nine(0)}, 0 ok (0), ${nine(0)}, 0: 30`, inMinutes);
  });
});
