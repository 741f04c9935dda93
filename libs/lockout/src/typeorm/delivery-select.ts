import { EVENT_FIELDS } from '../store/event-row.js';
import { DELIVERY_FIELDS } from '../store/outbox-row.js';
import { columnList, type LockoutTables } from './lockout-tables.js';

/** How deliveries are read: a row of the outbox is called `o`, and its event `e`. */
export interface DeliverySelect {
  /** What `decodeDelivery` reads. */
  readonly columns: string;
  readonly join: string;
}

/** Where in these columns the event's id and realm are: null where somebody took the event away by hand. */
export const EVENT_ID = DELIVERY_FIELDS.length;
export const EVENT_REALM = EVENT_ID + EVENT_FIELDS.indexOf('realm');

export function deliverySelect({ outbox, event }: Pick<LockoutTables, 'outbox' | 'event'>): DeliverySelect {
  return {
    columns: `${columnList(outbox, DELIVERY_FIELDS, 'o.')}, ${columnList(event, EVENT_FIELDS, 'e.')}`,
    join: `LEFT JOIN ${event.path} AS e ON e.${event.columns.id} = o.${outbox.columns.event}`,
  };
}
