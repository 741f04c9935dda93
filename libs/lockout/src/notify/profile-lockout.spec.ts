import { describe, expect, it } from '@jest/globals';
import type { LockoutEvent } from '../policy/event.js';
import { FACTS, LOCKED } from '../testing/contract-swap.js';
import { profileLockout } from './profile-lockout.js';

const LOCK = LOCKED as Extract<LockoutEvent, { readonly type: 'locked' }>;
const FAILED: LockoutEvent = { type: 'failed', at: 1_900_000_000_000, failures: 2 };
const ALICE = { ...FACTS, accountLabel: 'alice', accountHash: 'ab'.repeat(32) as never };

describe('profile_lockout (R5-14)', () => {
  const map = profileLockout();

  it('tells of a lock, whose it is, and until when', () => {
    expect(map(LOCKED, ALICE, 'alice')).toEqual({
      type: 'profile_lockout',
      profile: 'alice',
      date: '2030-03-17T17:46:40.000Z',
      lockout_end_date: '2030-03-17T18:01:40.000Z',
    });
    expect(map({ ...LOCK, until: null }, ALICE, 'alice')).toMatchObject({ lockout_end_date: null });
  });

  it('tells the keyed hash where no plain name is kept', () => {
    const nameless = { ...ALICE, accountLabel: null };
    expect(map(LOCKED, nameless, null)).toMatchObject({ profile: ALICE.accountHash });
  });

  it('tells of nothing else: no failure, no end, no address, no unknown name, no lock that only watches', () => {
    expect(map(FAILED, ALICE, 'alice')).toBeNull();
    expect(map({ type: 'expired', at: 1 }, ALICE, 'alice')).toBeNull();
    expect(map(LOCKED, FACTS, null)).toBeNull();
    expect(map(LOCKED, ALICE, { unknown: 'alice' })).toBeNull();
    expect(map({ ...LOCK, cause: 'monitor' }, ALICE, 'alice')).toBeNull();
  });
});
