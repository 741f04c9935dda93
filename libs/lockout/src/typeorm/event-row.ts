import type { LockoutKey } from '../key/key.js';
import type { ColumnValue } from '../store/codec.js';
import { eventId } from '../store/event-id.js';
import { encodeEvent } from '../store/event-row.js';
import { encodeDeliveries } from '../store/outbox-row.js';
import type { Swap } from '../store/record.js';

/** The audit rows of those swaps that won, each in the order of {@link EVENT_FIELDS}. */
export function eventRows(swaps: readonly Swap[], lost: ReadonlySet<LockoutKey>): ColumnValue[][] {
  return swaps
    .filter(({ key }) => !lost.has(key))
    .flatMap((swap) => swap.events.map((event, n) => encodeEvent(swap, event, n)));
}

/** The rows of what those events are to be delivered to, each in the order of {@link OUTBOX_FIELDS}. */
export function deliveryRows(
  swaps: readonly Swap[],
  lost: ReadonlySet<LockoutKey>,
  now: number,
): ColumnValue[][] {
  return swaps
    .filter(({ key }) => !lost.has(key))
    .flatMap(({ key, version, facts, events, deliverTo = [] }) =>
      events.flatMap((event, n) =>
        encodeDeliveries({ id: eventId(key, version, n), key, event, facts }, deliverTo[n] ?? [], now),
      ),
    );
}
