import { describe, expect, it } from '@jest/globals';
import type { SubjectHash } from '../key/key.js';
import type { LockoutEvent } from '../policy/event.js';
import { MANUAL_POLICY } from '../policy/manual.js';
import type { LockCause } from '../policy/state.js';
import type { RecordFacts } from '../store/record.js';
import { mailedEvent, mailKindOf } from './mail-kind.js';

const FACTS: RecordFacts = {
  realm: 'default',
  counter: 'login',
  scope: 'account',
  accountHash: 'ab'.repeat(32) as SubjectHash,
  addressHash: null,
  accountLabel: '42',
  addressLabel: null,
};

const locked = (cause: LockCause): LockoutEvent => ({
  ...{ type: 'locked', at: 1, until: 2, cause, failures: 3, escalation: 1, step: 0 },
});
const unlocked = (cause: LockCause | null): LockoutEvent => ({
  ...{ type: 'unlocked', at: 1, via: 'admin', by: 'x', reason: 'y' },
  before: { failures: 1, escalation: 0, since: 0, until: null, cause },
});

describe('which mail an event asks for', () => {
  it.each([
    [locked('failures'), 'lock'],
    [locked('quick'), 'lock'],
    [locked('admin'), null],
    [locked('monitor'), null],
    [unlocked('failures'), 'unlocked'],
    [unlocked('quick'), 'unlocked'],
    [unlocked('admin'), null],
    [unlocked('monitor'), null],
    [unlocked(null), null],
    [{ type: 'failed', at: 1, failures: 2 }, 'failure'],
    [{ type: 'succeeded-after-failures', at: 1, failures: 2 }, 'signIn'],
    [{ type: 'expired', at: 1 }, 'expired'],
    [{ type: 'refund-refused', at: 1, failures: 2 }, null],
  ] as const)('%j: %s', (event, kind) => {
    expect(mailKindOf(event, FACTS)).toBe(kind);
    expect(mailKindOf(event, { ...FACTS, accountHash: null })).toBeNull();
  });

  it('is none for the end of a lock by hand', () => {
    expect(mailKindOf({ type: 'expired', at: 1 }, { ...FACTS, counter: MANUAL_POLICY.counter })).toBeNull();
  });

  it('is none for what the application does not send', () => {
    const send = { lock: true, failure: false, signIn: true, unlocked: true, expired: false };
    expect(mailedEvent(locked('quick'), FACTS, send)).toEqual(locked('quick'));
    expect(mailedEvent({ type: 'failed', at: 1, failures: 2 }, FACTS, send)).toBeNull();
  });
});
