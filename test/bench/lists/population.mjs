import { createHash, randomBytes } from 'node:crypto';
import { LockoutEngine } from 'nestjs-lockout';
import { definePolicies, EMPTY_STATE, hours, minutes } from 'nestjs-lockout/policy';

/** The counters of the records here. */
export const POLICIES = definePolicies([
  { name: 'account', threshold: 5, schedule: { kind: 'fixed', durationMs: hours(12) } },
  { name: 'address', scope: ['address'], threshold: 50, schedule: { kind: 'fixed', durationMs: hours(12) } },
  {
    name: 'pair',
    scope: ['account', 'address'],
    threshold: 5,
    schedule: { kind: 'fixed', durationMs: hours(12) },
  },
]);

export const SECRET = 'a secret that all processes of the benchmark share';

/** Nearly everybody, some, and very few. */
export const REALMS = { large: 'customers', medium: 'partners', small: 'staff' };
/** Every so many records are in the small realm, and in the medium one. */
const SMALL_EVERY = 5_000;
const MEDIUM_EVERY = 16;

/** @typedef {{ readonly rows: number, readonly locks: number }} Shares */

/** Even, and the same each time: which of `of` the record `n` is. @param {number} n @param {number} salt @param {number} of */
const drawn = (n, salt, of) =>
  ((Math.imul(n + 1, 2_654_435_761) ^ Math.imul(salt, 2_246_822_519)) >>> 0) % of;

/** @param {number} n */
export function realmOf(n) {
  if (n % SMALL_EVERY === 7) return REALMS.small;
  return n % MEDIUM_EVERY === 3 ? REALMS.medium : REALMS.large;
}

/** Names as people have them: all of the large realm's begin with `user-`. @param {number} n */
export const accountOf = (n) => `User-${String(n).padStart(7, '0')}@example.org`;

/** @param {number} n */
export const addressOf = (n) => `10.${(n >>> 16) & 255}.${(n >>> 8) & 255}.${n & 255}`;

/** Seven of ten count an account, two an address, one both. @param {number} n @returns {'account' | 'address' | 'pair'} */
export function kindOf(n) {
  const kind = drawn(n, 1, 10);
  return kind < 7 ? 'account' : kind < 9 ? 'address' : 'pair';
}

/** Spread evenly over all. @param {Shares} shares @param {number} n */
export const isLocked = ({ rows, locks }, n) => drawn(n, 2, rows) < locks;

/** Makes records, with the hashes that an engine would find them by. */
export class Population {
  /** @param {any} store @param {Shares} shares */
  constructor(store, shares) {
    this.shares = shares;
    const engine = new LockoutEngine({ store, secrets: [SECRET], policies: POLICIES });
    this.accounts = engine.accounts;
  }

  /** @param {number} n */
  accountHash(n) {
    return this.accounts.accountHashes({ realm: realmOf(n), account: accountOf(n) })[0] ?? null;
  }

  /** @param {number} n */
  addressHash(n) {
    return this.accounts.addressHashes(addressOf(n), realmOf(n))[0] ?? null;
  }

  /**
   * The record `n` as a swap that inserts it, with one event of its day.
   *
   * @param {number} n
   * @param {number} now Of the store, epoch ms.
   * @returns {any}
   */
  record(n, now) {
    const kind = kindOf(n);
    const locked = isLocked(this.shares, n);
    const last = now - minutes(1) - drawn(n, 3, hours(10));
    const byAccount = kind !== 'address';
    const byAddress = kind !== 'account';
    const lock = locked && {
      since: last,
      // Every tenth until somebody unlocks.
      until: drawn(n, 4, 10) === 0 ? null : last + hours(12),
      cause: 'failures',
      step: 0,
    };
    return {
      key: createHash('sha256').update(`key ${n}`).digest('hex'),
      expected: null,
      version: randomBytes(8).toString('hex'),
      state: {
        ...EMPTY_STATE,
        failures: locked ? 5 : 1 + (n % 3),
        lastFailureAt: last,
        lock: lock || null,
        updatedAt: last,
      },
      facts: {
        realm: realmOf(n),
        counter: kind,
        scope: kind === 'pair' ? 'account+address' : kind,
        accountHash: byAccount ? this.accountHash(n) : null,
        addressHash: byAddress ? this.addressHash(n) : null,
        accountLabel: byAccount ? accountOf(n) : null,
        addressLabel: byAddress ? addressOf(n) : null,
      },
      keepUntil: lock && lock.until === null ? null : now + hours(24),
      events: [this.event(n, now, locked, last)],
    };
  }

  /** @param {number} n @param {number} now @param {boolean} locked @param {number} last */
  event(n, now, locked, last) {
    if (locked) {
      const until = last + hours(12);
      return { type: 'locked', at: last, until, cause: 'failures', failures: 5, escalation: 1, step: 0 };
    }
    const at = now - drawn(n, 5, hours(24));
    // Few of one type.
    return drawn(n, 6, 1_000) === 0
      ? { type: 'refund-refused', at, failures: 1 }
      : { type: 'failed', at, failures: 1 };
  }
}
