import { EventFeed } from '../../admin/event-feed.js';
import { type EventFilterQuery, eventFilter } from '../../admin/event-filter.js';
import type { EventView } from '../../admin/event-view.js';
import type { LockoutEngine } from '../../engine/lockout-engine.js';
import type { Page } from '../../store/directory.js';

export interface EventPageQuery extends EventFilterQuery {
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** One page of the record of events, latest first. Of other realms none, so a page can be shorter than asked. */
export async function eventPage(
  engine: LockoutEngine,
  { cursor, limit, ...asked }: EventPageQuery,
): Promise<Page<EventView>> {
  const { realm, ...filter } = await eventFilter(engine, asked);
  const { items, nextCursor } = await new EventFeed(engine).page({
    ...filter,
    limit,
    ...(cursor === undefined ? {} : { cursor }),
  });
  return { items: items.filter((event) => realm === undefined || event.realm === realm), nextCursor };
}
