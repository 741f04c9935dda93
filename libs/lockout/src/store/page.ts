import type { Page } from './directory.js';

/** The limit itself. Throws RangeError for one that is no whole number of items, at least one. */
export function limitOf(limit: number): number {
  if (Number.isSafeInteger(limit) && limit > 0) return limit;
  throw new RangeError(`A page has at least one item, not ${limit}`);
}

/**
 * One page out of what was found in order. Whoever looked was asking for one more than the page has: that it is there
 * says that another page follows.
 *
 * @param cursorOf Where the page ends, told by the last that is on it.
 */
export function pageOf<Found extends object, Item>(
  found: readonly Found[],
  limit: number,
  itemOf: (found: Found) => Item,
  cursorOf: (last: Found) => string,
): Page<Item> {
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(itemOf), nextCursor: last && found.length > limit ? cursorOf(last) : null };
}
