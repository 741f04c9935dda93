import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anyPolicy } from '../../testing/arbitraries.js';
import { lawRuns } from '../../testing/law.js';
import { definePolicy } from '../define-policy.js';
import { hours, minutes, seconds } from '../duration.js';
import type { LockoutPolicy, PolicyInput } from '../policy.js';
import { contentstack, oneWelcome, outSystems, reachFive } from '../presets/index.js';
import { EMPTY_STATE } from '../state.js';
import { judge, transition } from '../transition.js';
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

  test('and really keeps the account refused: at every moment of the day but the ends of locks', () => {
    let held = 0;
    const numRuns = lawRuns(200);
    fc.assert(
      fc.property(anyPolicy({ counts: ['password'], weights: {}, enforce: true }), (policy) => {
        const cost = holdingCost([policy]);
        fc.pre(cost !== null);
        let state = EMPTY_STATE;
        let requests = 0;
        for (let now = 0; now < seconds(1); ) {
          if (!judge(policy, state, 'password', now).allowed) {
            now += 1;
            continue;
          }
          const charged = transition(policy, state, { type: 'charge', id: 'x', method: 'password' }, now);
          state = transition(policy, charged.state, { type: 'fail', id: 'x' }, now).state;
          requests += 1;
          if (requests === cost?.requestsToLock) expect(state.lock).not.toBeNull();
        }
        if (Number.isFinite(cost?.requestsInAll))
          expect(requests).toBeLessThanOrEqual(cost?.requestsInAll ?? 0);
        held += 1;
      }),
      { numRuns },
    );
    expect(held).toBeGreaterThan(numRuns / 4);
  });

  test('of several policies, each request fills all of them', () => {
    const both = [
      ...rule(),
      ...rule({ name: 'slow', threshold: 8, schedule: { kind: 'fixed', durationMs: hours(24) } }),
    ];
    expect(holdingCost(both)).toMatchObject({ requestsToLock: 5, requestsPerDay: 1 });
  });
});
