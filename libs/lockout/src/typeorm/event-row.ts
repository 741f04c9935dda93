import type { LockoutKey } from '../key/key.js';
import type { ColumnValue } from '../store/codec.js';
import { encodeEvent } from '../store/event-row.js';
import type { Swap } from '../store/record.js';

/** The audit rows of those swaps that won, each in the order of {@link EVENT_FIELDS}. */
export function eventRows(swaps: readonly Swap[], lost: ReadonlySet<LockoutKey>): ColumnValue[][] {
  return swaps
    .filter(({ key }) => !lost.has(key))
    .flatMap((swap) => swap.events.map((event, n) => encodeEvent(swap, event, n)));
}
