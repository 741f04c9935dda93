import { describe, expect, it } from '@jest/globals';
import {
  contentstack,
  definePolicy,
  hours,
  minutes,
  outSystems,
  type PolicyInput,
  presets,
  reachFive,
  seconds,
} from '../policy/index.js';
import { PRESET_NAMES } from './policy-choice.js';
import { policyWords } from './policy-words.js';

const wordsOf = (input: Partial<PolicyInput>): string =>
  policyWords(
    definePolicy({
      name: 'account',
      threshold: 5,
      schedule: { kind: 'fixed', durationMs: minutes(5) },
      ...input,
    } as PolicyInput),
  ).join(' ');

describe('a policy in words', () => {
  it('says who counts, which failure locks, for how long, and what is forgotten', () => {
    expect(policyWords(reachFive()[0] ?? definePolicy({} as PolicyInput))).toEqual([
      'Counts failures by password, by account.',
      '5 failures are allowed; the 6th locks for 5 min, 2 times as long with each further lock, at most 24 h.',
      'All failures are forgotten 1 h after the last failure or lock.',
      'A success clears the count.',
      'While locked, other methods still work.',
      'After a lock the next failure locks again.',
    ]);
  });

  it('reads tables row by row', () => {
    const [pair] = outSystems();
    expect(pair && policyWords(pair).slice(0, 3)).toEqual([
      'Counts failures of every method, by account and address.',
      'Locks at the 3rd failure for 30 s and the 6th failure for 30 min; each further failure locks like the last of these.',
      'Each failure is forgotten after 1 h.',
    ]);
    expect(contentstack().flatMap(policyWords).join(' ')).toMatch(
      /the 10th failure for as long as nobody lifts it;/,
    );
  });

  it.each<[string, Partial<PolicyInput>]>([
    ['The 5th failure locks until it is lifted.', { schedule: { kind: 'indefinite' } }],
    [
      'locks for 1 min, 30 s more with each further failure, at most 1 h.',
      {
        schedule: {
          kind: 'linear',
          initialMs: minutes(1),
          stepMs: seconds(30),
          by: 'failures',
          maximumMs: hours(1),
        },
      },
    ],
    [
      'locks for 1 min, as much again at each multiple of the threshold.',
      { schedule: { kind: 'multiples', stepMs: minutes(1), by: 'failures' } },
    ],
    [
      'All failures are forgotten 10 min after the first.',
      { window: { kind: 'fixed', durationMs: minutes(10) } },
    ],
    ['After 3 locks in a row the next one has no end.', { indefiniteAfterLockouts: 3 }],
    ['The 100th consecutive failure in all locks until it is lifted.', { indefiniteAfterFailures: 100 }],
    ['After a failure every attempt is refused for 2 s.', { minIntervalMs: 2000 }],
    [
      'A failure within 1 s of the one before locks for 1 min.',
      { quickFailure: { withinMs: 1000, lockMs: minutes(1) } },
    ],
    ['A failure of otp weighs 2.', { weights: { otp: 2 } }],
    [
      'Never counts or refuses root and 10.0.0.0/8.',
      { exempt: { accounts: ['root'], addresses: ['10.0.0.0/8'] } },
    ],
    ['It is off: it neither counts nor refuses.', { enabled: false }],
    ['It only watches: its locks refuse nothing.', { enforce: false }],
    ['While locked, every method is refused.', { counts: ['password'], refuses: 'all' }],
  ])('says: %s', (sentence, input) => {
    expect(wordsOf(input)).toContain(sentence);
  });

  it('has whole sentences for every preset', () => {
    for (const name of PRESET_NAMES) {
      for (const policy of presets[name]()) {
        for (const sentence of policyWords(policy)) {
          expect(sentence).toMatch(/^[A-Z0-9].*\.$/);
          expect(sentence).not.toMatch(/undefined|NaN|\[object|Infinity/);
        }
      }
    }
  });
});
