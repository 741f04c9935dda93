import { randomBytes } from 'node:crypto';
import type { LockoutKey, SubjectHash } from '../key/key.js';
import type { LockoutEvent } from '../policy/event.js';
import { EMPTY_STATE, type LockoutState } from '../policy/state.js';
import type { RecordFacts, Swap } from '../store/record.js';

/** A key that no other test uses. */
export function contractKey(): LockoutKey {
  return randomBytes(32).toString('hex') as LockoutKey;
}

/** An account or address that no other test uses. */
export function contractHash(): SubjectHash {
  return randomBytes(32).toString('hex') as SubjectHash;
}

/** A version that no other swap has. */
export const freshVersion = (): string => randomBytes(8).toString('hex');

/** What a record is about where a law does not say. */
export const FACTS: RecordFacts = {
  realm: 'contract',
  counter: 'account',
  scope: 'account',
  accountHash: null,
  addressHash: null,
  accountLabel: null,
  addressLabel: null,
};

/** A swap of a key expected absent, unless `parts` say otherwise. */
export function contractSwap(parts: Partial<Swap> & { readonly failures?: number } = {}): Swap {
  const { failures = 1, ...rest } = parts;
  return {
    key: contractKey(),
    expected: null,
    version: freshVersion(),
    state: { ...EMPTY_STATE, failures, updatedAt: 1_900_000_000_000 },
    facts: FACTS,
    keepUntil: 1_900_000_600_000,
    events: [],
    ...rest,
  };
}

/** An event like any other. */
export const LOCKED: LockoutEvent = {
  type: 'locked',
  at: 1_900_000_000_000,
  until: 1_900_000_900_000,
  cause: 'failures',
  failures: 5,
  escalation: 1,
  step: 0,
};

/** Every field away from its empty value, and the numbers as large as they come. */
export const FULL_STATE: LockoutState = {
  failures: 2_147_483_647,
  times: [1_900_000_000_000, 1_900_000_000_001],
  windowStartedAt: 0,
  lastFailureAt: Number.MAX_SAFE_INTEGER,
  failureSeq: Number.MAX_SAFE_INTEGER,
  consecutive: 2_147_483_647,
  lock: { since: 1, until: Number.MAX_SAFE_INTEGER - 1, cause: 'monitor', step: 2_147_483_647 },
  lastLockEndedAt: 8_640_000_000_000_000,
  escalation: 2_147_483_647,
  pending: Array.from({ length: 64 }, (_, n) => ({
    id: `attempt-${n}`,
    at: 1_900_000_000_000 + n,
    seq: n,
    weight: 1,
  })),
  contributions: [{ from: 'a\u0000"\\ß🔒', count: 3, seq: 9 }],
  abandons: 7,
  abandonsSince: 1,
  updatedAt: 1_900_000_000_000,
};

/** What people type, or would if they could. */
export const HOSTILE_LABELS = [
  `Robert'); DROP TABLE lockout_record; --`,
  `\\' OR 1=1 # "\`$1 ? %s`,
  '🔒\u200b\u202eálice',
  ' leading and trailing ',
  '',
];
