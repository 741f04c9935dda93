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

  it('tells what a lock was to the lock before it', () => {
    const again = { cause: 'failures', failures: 6, escalation: 2, until: UNTIL };
    expect(words('locked', { ...again, change: 'escalated' }).details).toEqual([
      'The 2nd lock in a row.',
      'Longer than the lock before.',
    ]);
    expect(words('locked', { ...again, change: 'relocked' }).details[1]).toBe(
      'Not longer than the lock before.',
    );
    expect(words('locked', { ...again, change: 'locked' }).details).toHaveLength(1);
  });

  it('tells what cleared a count, and what still counts', () => {
    const before = { failures: 2, escalation: 0, since: null, until: null, cause: null };
    expect(words('cleared', { via: 'success', before, consecutive: 2, left: null })).toEqual({
      headline: 'Cleared by a right sign-in: 2 failures.',
      tone: 'success',
      reason: null,
      details: [],
    });
    const left = { failures: 1, escalation: 0 };
    expect(
      words('cleared', { via: 'unlock', by: 'root', reason: 'called in', before, consecutive: 7, left }),
    ).toMatchObject({
      headline: 'Cleared by root: 2 failures.',
      reason: 'called in',
      details: ['7 failures in a row, however long ago.', 'Still counted: 1 failure.'],
    });
    expect(words('cleared', { via: 'password-reset', before, consecutive: 0, left: null }).headline).toBe(
      'Cleared by a completed password reset: 2 failures.',
    );
  });

  it('warns of a success after many failures, and tells where it came from', () => {
    expect(words('succeeded-after-failures', { failures: 9, origin: { address: '203.0.113.9' } })).toEqual({
      headline: 'A right sign-in after 9 failures in a row: its owner, or somebody who found the password.',
      tone: 'warning',
      reason: null,
      details: ['From 203.0.113.9.'],
    });
  });

  it('tells what administrators did that is no lock', () => {
    const saved = { brand: null, version: 3, by: 'root', reason: 'agreed', deleted: false };
    expect(words('policy-changed', saved)).toMatchObject({
      headline: 'The policy login was saved by root: version 3.',
      reason: 'agreed',
    });
    expect(words('policy-changed', { ...saved, brand: 'acme', deleted: true }).headline).toBe(
      'The policy login for the brand acme was taken back to what code says by root: version 3.',
    );
    expect(words('administered', { action: 'erase', by: 'root', count: 12, reason: 'asked' })).toMatchObject({
      headline: 'root erased an account from 12 events.',
      reason: 'asked',
    });
    expect(words('administered', { action: 'retry-deliveries', by: 'root', count: 1 }).headline).toBe(
      'root had one delivery tried again.',
    );
    expect(words('administered', { action: 'drop-deliveries', by: 'root', count: 2 }).headline).toBe(
      'root gave 2 deliveries up.',
    );
    expect(words('administered', { action: 'something-new', by: 'root', count: 2 }).headline).toBe(
      'root changed something: something_new.',
    );
  });

  it('shows less, and breaks nothing, where a release sends other facts', () => {
    expect(() => words('locked')).not.toThrow();
    expect(() => words('unlocked', { before: 'x' })).not.toThrow();
  });
});
