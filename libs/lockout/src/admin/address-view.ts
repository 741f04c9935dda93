import type { LockoutEngine } from '../engine/lockout-engine.js';
import { NEWCOMER_POLICY } from '../policy/newcomers.js';
import { type AddressItem, addressItem } from './account-view.js';
import type { FoundAddress } from './address-directory.js';
import { EventFeed, RECENT_EVENTS } from './event-feed.js';
import type { EventView } from './event-view.js';
import { type CounterView, counterView, statusOf } from './lock-view.js';
import { iso } from './moment.js';
import type { Permission } from './permission.js';
import type { Sentence } from './sentence.js';
import { addressSummary } from './summary-sentences.js';

/** Everything about one address as such. */
export interface AddressDetail extends AddressItem {
  /** The store's clock when this was read. */
  readonly now: string;
  readonly locked: boolean;
  /** Counters of the address itself; those of accounts at it are theirs. */
  readonly counters: readonly CounterView[];
  /** Latest first; also those of accounts at this address. */
  readonly events: readonly EventView[];
  /** Whether and why it is blocked, then what to do. */
  readonly summary: readonly Sentence[];
}

export async function addressDetail(
  engine: LockoutEngine,
  permission: Permission,
  found: FoundAddress,
  now: number,
): Promise<AddressDetail> {
  const item = await addressItem(engine, permission, found, now);
  const { items: events } = await new EventFeed(engine).page({
    addresses: found.hashes,
    limit: RECENT_EVENTS,
  });
  const counters = found.records
    // How many new names it brought in refuses nobody.
    .filter(({ facts }) => facts.counter !== NEWCOMER_POLICY.counter)
    .map((record) => statusOf(engine, record, now, false));
  const { book } = permission;
  return {
    ...item,
    now: iso(now),
    locked: item.locks.length > 0,
    counters: counters.map((status) => counterView(book, status, { author: null })),
    events,
    summary: addressSummary(book, { ...item, counters, authorOf: () => null }),
  };
}
