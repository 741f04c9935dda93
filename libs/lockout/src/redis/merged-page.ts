import type { Page } from '../store/directory.js';
import { pageOf } from '../store/page.js';

/** What one shard has of a page. */
export interface ShardPart<Found, Place> {
  readonly found: readonly Found[];
  /** The last place that was looked at, where there may be more behind it and the page is not full; else null. */
  readonly stoppedAt: Place | null;
}

/**
 * One page out of what shards have, each of which looked for one more than the page has. Where one of them stopped, the
 * page ends there: what comes after it in another shard has to wait for the next page, so that none is passed over.
 *
 * @param compare By where they are; 0 only for the same place.
 * @param cursorOf Where the page ended.
 */
export function mergedPage<Place extends object, Found extends Place, Item>(
  parts: readonly ShardPart<Found, Place>[],
  limit: number,
  compare: (a: Place, b: Place) => number,
  itemOf: (found: Found) => Item,
  cursorOf: (place: Place) => string,
): Page<Item> {
  const all = parts.flatMap(({ found }) => found).sort(compare);
  const [end] = parts.flatMap(({ stoppedAt }) => stoppedAt ?? []).sort(compare);
  const known = end ? all.filter((one) => compare(one, end) <= 0) : all;
  if (!end || known.length > limit) return pageOf(known, limit, itemOf, cursorOf);
  return { items: known.map(itemOf), nextCursor: cursorOf(end) };
}
