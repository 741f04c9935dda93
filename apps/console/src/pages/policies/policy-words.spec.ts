import { describe, expect, it } from '@jest/globals';
import { definePolicy, hours, minutes, presets, seconds } from 'nestjs-lockout/policy';
import { CATALOGUE_WORDING as WORDING } from '../catalogue-wording.js';
import { policyWords } from './policy-words.js';

const wordsOf = (name: keyof typeof presets) => presets[name]().map((policy) => policyWords(policy, WORDING));

describe('a policy in words', () => {
  it('reads as ReachFive documents it', () => {
    expect(wordsOf('reachfive')).toEqual([
      [
        'Failures by password are counted, for each account apart.',
        '5 failures are allowed; the 6th locks.',
        'The first lock lasts 5 minutes; each further lock makes it 2 times as long, up to 24 hours.',
        'After a lock the very next failure locks again.',
        'While locked, other methods still work.',
        'Failures are forgotten 1 hour after the last one, or after the end of the last lock.',
        'A successful sign-in clears the count.',
        'A completed password reset lifts a lock, except one without an end.',
      ],
    ]);
  });

  it('says a table as a table', () => {
    const [user] = wordsOf('outsystems');
    expect(user).toContain(
      'These failures lock: the 3rd failure for 30 seconds and the 6th failure for 30 minutes. Each further one locks like the last of these.',
    );
    expect(user?.[0]).toBe('Failures of every method are counted, for each account and address apart.');
  });

  it('says what seldom differs where it does', () => {
    const words = policyWords(
      definePolicy({
        name: 'strange',
        enforce: false,
        counts: ['password'],
        refuses: 'all',
        threshold: 1,
        afterLock: 'fresh-budget-at-end',
        schedule: { kind: 'linear', initialMs: seconds(10), stepMs: seconds(5), by: 'lockouts' },
        window: { kind: 'sliding', durationMs: hours(1) },
        escalationWindow: 'never',
        indefiniteAfterLockouts: 1,
        indefiniteAfterFailures: 100,
        minIntervalMs: seconds(1),
        quickFailure: { withinMs: seconds(1), lockMs: minutes(1) },
        exempt: { accounts: ['root'], addresses: ['::1'] },
        unknownAccounts: 'ignore',
        weights: { password: 2 },
        retentionMs: hours(48),
        onPasswordReset: 'unlock',
      }),
      WORDING,
    );
    expect(words).toEqual([
      'It only watches: it counts and reports, and refuses nobody.',
      'Failures by password are counted, for each account apart.',
      'The 1st failure locks.',
      'The first lock lasts 10 seconds; each further lock adds 5 seconds.',
      'When a lock ends, all attempts are there again.',
      'While locked, every method is refused.',
      'Each failure is forgotten after 1 hour.',
      'Time does not make locks shorter again.',
      'A successful sign-in clears the count.',
      'A completed password reset lifts any lock.',
      'After 1 lock in a row the next one lasts until somebody lifts it.',
      '100 failures without a success, however slow, lock until somebody lifts it.',
      'After each failure, attempts are refused for 1 second.',
      'Two failures within 1 second lock for 1 minute.',
      'Some failures weigh more: password × 2.',
      'Never counted or refused: root and ::1.',
      'Names that nobody has are not counted.',
      'A count ends 2 days after its last failure or lock.',
    ]);
  });

  it('has words for every preset', () => {
    for (const preset of Object.values(presets)) {
      for (const policy of preset()) {
        const words = policyWords(policy, WORDING);
        expect(words.length).toBeGreaterThan(4);
        expect(words.join(' ')).not.toMatch(/undefined|NaN|[{}]/);
      }
    }
  });
});
