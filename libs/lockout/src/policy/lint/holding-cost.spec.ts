import { describe, expect, test } from '@jest/globals';
import { definePolicy } from '../define-policy.js';
import { hours, minutes } from '../duration.js';
import type { LockoutPolicy, PolicyInput } from '../policy.js';
import { contentstack, oneWelcome, outSystems, reachFive } from '../presets/index.js';
import { holdingText } from './attack-warnings.js';
import { holdingCost } from './holding-cost.js';

const rule = (fields: Partial<PolicyInput> = {}): readonly LockoutPolicy[] => [
  definePolicy({
    name: 'p',
    threshold: 5,
    schedule: { kind: 'fixed', durationMs: minutes(30) },
    ...fields,
  } as PolicyInput),
];
const textOf = (policies: readonly LockoutPolicy[]): string => {
  const cost = holdingCost(policies);
  return cost ? holdingText(cost) : 'nobody can';
};

describe('keeping somebody else locked', () => {
  test('costs one request for each lock where the count stands, and all of them after a fresh budget', () => {
    expect(holdingCost(rule())).toEqual({
      requestsToLock: 5,
      requestsInAll: Number.POSITIVE_INFINITY,
      requestsFirstDay: 5 + 47,
      requestsPerDay: 48,
      roundRequests: 1,
      roundMs: minutes(30),
    });
    expect(holdingCost(rule({ afterLock: 'fresh-budget' }))).toMatchObject({ requestsPerDay: 5 * 48 });
  });

  test('is told in a sentence', () => {
    expect(textOf(reachFive())).toBe(
      '6 requests, in the end 1 every 24 h: 14 requests on the first day, 1 a day later',
    );
    expect(textOf(contentstack())).toBe('5 requests, and after 10 in all until somebody unlocks');
    expect(textOf(rule({ schedule: { kind: 'indefinite' } }))).toBe('5 requests, until somebody unlocks');
  });

  test('becomes ever cheaper where locks grow without end (OW-16)', () => {
    const cost = holdingCost(oneWelcome());
    expect(cost).toMatchObject({ requestsToLock: 5, roundRequests: 5 });
    // The 17th lock, 2^16 × 5 min, is the last to begin within a year.
    expect(cost?.roundMs).toBe(2 ** 16 * minutes(5));
  });

  test('takes the heaviest failures', () => {
    const weighted = rule({ counts: ['password', 'code'], weights: { code: 5 } });
    expect(holdingCost(weighted)).toMatchObject({ requestsToLock: 1 });
  });

  test('is not possible where no lock is for the whole account', () => {
    expect(holdingCost(outSystems())).toBeNull();
    expect(holdingCost(rule({ enforce: false }))).toBeNull();
  });

  test('of several policies, each request fills all of them', () => {
    const both = [
      ...rule(),
      ...rule({ name: 'slow', threshold: 8, schedule: { kind: 'fixed', durationMs: hours(24) } }),
    ];
    expect(holdingCost(both)).toMatchObject({ requestsToLock: 5, requestsPerDay: 1 });
  });
});
