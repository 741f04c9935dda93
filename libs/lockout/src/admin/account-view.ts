import { hasManualLock } from '../engine/lock-status.js';
import type { LockoutEngine } from '../engine/lockout-engine.js';
import { MANUAL_POLICY } from '../policy/manual.js';
import type { FoundAccount } from './account-directory.js';
import type { FoundAddress } from './address-directory.js';
import { authorsIn, EventFeed, RECENT_EVENTS } from './event-feed.js';
import type { EventView } from './event-view.js';
import { type CounterView, counterView, type LockView, lockViews, statusOf } from './lock-view.js';
import { iso } from './moment.js';
import type { Permission } from './permission.js';
import type { Sentence } from './sentence.js';
import { accountSummary, NOT_LOCKED, NOT_PERMITTED } from './summary-sentences.js';

/** One account in a list. */
export interface AccountItem {
  /** Addresses the account: `accounts/-/<id>`; opaque. */
  readonly id: string;
  readonly realm: string;
  /** Null where no labels are kept. */
  readonly account: string | null;
  readonly locks: readonly LockView[];
  readonly unlockable: boolean;
  /** Why not: `not-locked`, `not-permitted`, or what the application says. */
  readonly reasons: readonly string[];
  /** Where to turn about a lock that cannot be lifted here; absent where it can, or where there is nowhere. */
  readonly support?: string;
}

/** One address in a list. */
export interface AddressItem extends Omit<AccountItem, 'account'> {
  readonly address: string | null;
}

/** Everything about one account. */
export interface AccountDetail extends AccountItem {
  /** `false`: a name that no account has. Null: cannot be told. */
  readonly known: boolean | null;
  /** The store's clock when this was read. */
  readonly now: string;
  readonly locked: boolean;
  /** Also those that do not lock now. An administrator's lock is the counter of the policy `manual`. */
  readonly counters: readonly CounterView[];
  /** Latest first. */
  readonly events: readonly EventView[];
  /** Whether and why it is refused, then what to do. */
  readonly summary: readonly Sentence[];
}

export async function accountItem(
  engine: LockoutEngine,
  permission: Permission,
  found: FoundAccount,
  now: number,
): Promise<AccountItem> {
  const { id, realm, account, records } = found;
  const locks = lockViews(engine, records, now);
  const reasons = await barsTo(permission, realm, locks.length > 0, () => permission.ineligibility(found));
  const support = await supportFor(permission, realm, reasons);
  return { id, realm, account, locks, unlockable: reasons.length === 0, reasons, ...support };
}

export async function addressItem(
  engine: LockoutEngine,
  permission: Permission,
  { id, realm, address, records }: FoundAddress,
  now: number,
): Promise<AddressItem> {
  const locks = lockViews(engine, records, now);
  const reasons = await barsTo(permission, realm, locks.length > 0, async () => null);
  return {
    id,
    realm,
    address,
    locks,
    unlockable: reasons.length === 0,
    reasons,
    ...(await supportFor(permission, realm, reasons)),
  };
}

export async function accountDetail(
  engine: LockoutEngine,
  permission: Permission,
  found: FoundAccount,
  now: number,
): Promise<AccountDetail> {
  const item = await accountItem(engine, permission, found, now);
  const feed = new EventFeed(engine);
  const { items: events } = await feed.page({ accounts: found.hashes, limit: RECENT_EVENTS });
  // What an unlock left of a manual lock is no counter of anything.
  const records = found.records.filter(
    ({ facts, state }) => facts.counter !== MANUAL_POLICY.counter || state.lock !== null,
  );
  const manualLock = hasManualLock(records, now);
  const counters = records.map((record) => statusOf(engine, record, now, manualLock));
  const authorOf = authorsIn(events);
  const { book } = permission;
  return {
    ...item,
    known: found.known,
    now: iso(now),
    locked: item.locks.length > 0,
    counters: counters.map((status) => counterView(book, status, { author: authorOf(status) })),
    events,
    summary: accountSummary(book, { ...item, counters, authorOf }),
  };
}

/** Who is just not locked needs no support (CS-18). */
async function supportFor(permission: Permission, realm: string, reasons: readonly string[]) {
  return reasons.length === 0 || reasons.includes(NOT_LOCKED) ? {} : permission.support(realm);
}

async function barsTo(
  permission: Permission,
  realm: string,
  locked: boolean,
  ineligibility: () => Promise<string | null>,
): Promise<string[]> {
  const ineligible = await ineligibility();
  return [
    ...(locked ? [] : [NOT_LOCKED]),
    ...((await permission.allows('unlock', realm)) ? [] : [NOT_PERMITTED]),
    ...(ineligible === null ? [] : [ineligible]),
  ];
}
