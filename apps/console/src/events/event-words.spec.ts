import { describe, expect, it } from '@jest/globals';
import type { EventView } from 'nestjs-lockout/admin';
import { CATALOGUE_WORDING as WORDING } from '../pages/catalogue-wording.js';
import { eventWords } from './event-words.js';

const AT = '2030-01-31T12:00:00.000Z';
const UNTIL = '2030-01-31T12:05:00.000Z';

const event = (type: EventView['type'], facts: Readonly<Record<string, unknown>> = {}): EventView => ({
  id: 'e1',
  type,
  at: AT,
  realm: 'default',
  account: 'alice',
  address: null,
  policy: 'login',
  scope: 'account',
  record: 'r1',
  ...facts,
});

const words = (type: EventView['type'], facts?: Readonly<Record<string, unknown>>) =>
  eventWords(event(type, facts), WORDING);

describe('an event in words', () => {
  it('tells after how many failures, how long, and the how manieth lock in a row', () => {
    expect(words('locked', { cause: 'failures', failures: 6, escalation: 2, until: UNTIL })).toEqual({
      headline: 'Locked after 6 failures, until 12:05:00 (5 minutes).',
      tone: 'danger',
      reason: null,
      details: ['The 2nd lock in a row.'],
    });
  });

  it('tells who locked by hand, and why', () => {
    expect(
      words('locked', { cause: 'admin', by: 'root', reason: 'fraud', until: null, failures: 0 }),
    ).toMatchObject({
      headline: 'Locked by root, until somebody unlocks it.',
      reason: 'fraud',
    });
  });

  it('tells what a policy that only watches would have done', () => {
    expect(words('locked', { cause: 'monitor', failures: 1, until: UNTIL, escalation: 1 })).toMatchObject({
      headline: 'Would have been locked, but the policy only watches: 1 failure, until 12:05:00 (5 minutes).',
      tone: 'warning',
    });
  });

  it('tells what stood before an unlock', () => {
    const before = { failures: 6, escalation: 1, since: AT, until: UNTIL, cause: 'failures' };
    expect(words('unlocked', { via: 'admin', by: 'root', reason: 'called in', before })).toEqual({
      headline: 'Unlocked by root.',
      tone: 'success',
      reason: 'called in',
      details: ['Before: locked since 12:00:00, until 12:05:00, with 6 failures.'],
    });
    const counted = { failures: 3, escalation: 0, since: null, until: null, cause: null };
    expect(words('unlocked', { via: 'password-reset', before: counted })).toMatchObject({
      headline: 'Unlocked by a completed password reset.',
      details: ['Before: not locked, 3 failures.'],
    });
    const endless = { failures: 5, escalation: 1, since: AT, until: null, cause: 'admin' };
    expect(words('unlocked', { via: 'link', before: endless }).details).toEqual([
      'Before: locked since 12:00:00 by an administrator, without an end, with 5 failures.',
    ]);
  });

  it('tells where a failure came from, without what the event names already', () => {
    const origin = {
      account: 'alice',
      address: '203.0.113.9',
      userAgent: 'curl',
      device: 'd1',
      attempt: 'a1',
    };
    const { headline, details } = words('failed', { failures: 1, previousFailureAt: null, origin });
    expect(headline).toBe('A failed attempt: 1 failure counts now.');
    expect(details).toEqual(['From 203.0.113.9.', 'Device: d1.', 'Browser: curl.']);
    expect(words('failed', { failures: 2, previousFailureAt: AT }).details).toEqual([
      'The failure before was at 12:00:00.',
    ]);
  });

  it('tells the end of a lock, and a fault that was counted', () => {
    expect(words('expired').headline).toBe('The lock ended by itself.');
    expect(words('refund-refused', { failures: 2 }).headline).toBe(
      'A fault of the application was counted as a failure: 2 failures count now.',
    );
  });

  it('shows less, and breaks nothing, where a release sends other facts', () => {
    expect(() => words('locked')).not.toThrow();
    expect(() => words('unlocked', { before: 'x' })).not.toThrow();
  });
});
