import { describe, expect, it } from '@jest/globals';
import { withMessages } from './messages/message-check.js';
import { Phrasebook } from './sentence.js';

const book = new Phrasebook();

describe('a phrasebook', () => {
  it.each([
    [0, '0 milliseconds'],
    [1, '1 millisecond'],
    [999, '999 milliseconds'],
    [1000, '1 second'],
    [1500, '1 second 500 milliseconds'],
    [90_000, '1 minute 30 seconds'],
    [300_000, '5 minutes'],
    [3_600_000, '1 hour'],
    [3_601_000, '1 hour'],
    [86_400_000, '24 hours'],
    [172_800_000, '2 days'],
    [180_000_000, '2 days 2 hours'],
    [100 * 365 * 86_400_000, '36,500 days'],
  ])('says %p ms as %s: the two largest units, never rounded up', (ms, text) => {
    expect(book.duration(ms)).toBe(text);
  });

  it('lists methods and parts of a scope by their names', () => {
    expect(book.methods(['password'])).toBe('passwords');
    expect(book.methods(['password', 'otp', 'sms'])).toBe('passwords, one-time codes, and sign-in by sms');
    expect(book.methods(['other', 'constructor'])).toBe('sign-in by other and sign-in by constructor');
    expect(book.parts(['account', 'custom:tenant%20id'])).toBe('the account and tenant id');
    expect(book.parts(['custom', 'custom:account'])).toBe('custom and account');
  });

  it('carries the values, and formats what looks like a template in them as text', () => {
    expect(book.say('explain.off', { policy: '{policy} <b>' })).toEqual({
      id: 'explain.off',
      text: 'The policy {policy} <b> is switched off: it neither counts nor refuses.',
      values: { policy: '{policy} <b>' },
    });
  });

  it('counts and lists as the language does', () => {
    const polish = new Phrasebook(
      withMessages({
        language: 'pl',
        'duration.minutes': '{count, plural, one {# minuta} few {# minuty} other {# minut}}',
      }),
    );
    expect([1, 3, 5].map((minutes) => polish.duration(minutes * 60_000))).toEqual([
      '1 minuta',
      '3 minuty',
      '5 minut',
    ]);
    expect(polish.list(['a', 'b'])).toBe('a i b');
  });
});
