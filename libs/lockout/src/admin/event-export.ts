import type { LockoutEngine } from '../engine/lockout-engine.js';
import { EventFeed, type FeedQuery } from './event-feed.js';
import { type EventFilterQuery, eventFilter, realmAsked } from './event-filter.js';
import type { EventView } from './event-view.js';
import type { Permission } from './permission.js';

export interface ExportQuery extends EventFilterQuery {
  /** Epoch ms: what happened before is left out. */
  readonly from?: number | undefined;
}

/** Events that are held in memory at once. */
const PAGE = 200;
/**
 * How far an event may lie before one that was recorded earlier, ms: what was counted while the store was away is
 * recorded when it is back.
 */
const LATE_MS = 86_400_000;
/**
 * So many events in a row that lie before all that is asked for, and nothing recorded earlier is looked at. One of them says
 * nothing: ends of locks and failures that nobody settled may be noticed any time later, and after an outage many at once.
 */
const EARLIER_IN_A_ROW = 2_000;

/**
 * The record of events as JSON lines, latest recorded first, a page at a time and none before it is asked for. Each page
 * goes on where the one before ended: what is recorded meanwhile comes neither twice nor instead of another.
 * Events of realms that may not be viewed are left out.
 * @throws {Problem} at the first piece: 403 the realm that is asked for may not be viewed.
 */
export async function* exportedEvents(
  engine: LockoutEngine,
  permission: Permission,
  query: ExportQuery,
): AsyncGenerator<string, void, undefined> {
  const where = realmAsked(query);
  if (where !== undefined) await permission.require('view', [where]);
  const { realm, accounts, addresses, ...filter } = await eventFilter(engine, query);
  const { from = Number.NEGATIVE_INFINITY } = query;
  const isWanted = async (event: EventView): Promise<boolean> =>
    Date.parse(event.at) >= from &&
    (realm === undefined || event.realm === realm) &&
    (await permission.allows('view', event.realm));
  for (const account of accounts ?? [null]) {
    for (const address of addresses ?? [null]) {
      const stream = {
        ...filter,
        ...(account === null ? {} : { accounts: [account] }),
        ...(address === null ? {} : { addresses: [address] }),
      };
      let earlier = 0;
      for await (const events of pagesOf(new EventFeed(engine), stream)) {
        const wanted = await Promise.all(events.map(isWanted));
        const lines = events.filter((_, index) => wanted[index]).map((event) => `${JSON.stringify(event)}\n`);
        if (lines.length > 0) yield lines.join('');
        earlier = events.every(({ at }) => Date.parse(at) < from - LATE_MS) ? earlier + events.length : 0;
        if (earlier >= EARLIER_IN_A_ROW) break;
      }
    }
  }
}

async function* pagesOf(
  feed: EventFeed,
  query: Omit<FeedQuery, 'limit' | 'cursor'>,
): AsyncGenerator<readonly EventView[], void, undefined> {
  let cursor: string | null = null;
  do {
    const { items, nextCursor } = await feed.page({
      ...query,
      limit: PAGE,
      ...(cursor === null ? {} : { cursor }),
    });
    yield items;
    cursor = nextCursor;
  } while (cursor !== null);
}
