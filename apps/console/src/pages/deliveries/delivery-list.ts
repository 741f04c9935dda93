import type { DeliveryPage, DeliveryState, DeliveryView } from 'nestjs-lockout/admin';
import type { Query } from '../../address.js';
import { get } from '../../api.js';
import { t } from '../../messages.js';

/** Which deliveries are shown; a blank sink: of all. */
export interface DeliveryFilter {
  readonly state: DeliveryState;
  readonly sink: string;
}

/** Reads the place in the console. Whatever it says else, it is about what was given up. */
export const deliveryFilterOf = (query: Readonly<Record<string, string>>): DeliveryFilter => ({
  state: query['state'] === 'waiting' ? 'waiting' : 'dead',
  sink: query['sink'] ?? '',
});

/** The filter as the query of its place. */
export const deliveryQuery = ({ state, sink }: DeliveryFilter): Query => ({
  state: state === 'dead' ? null : state,
  sink,
});

/** Pages read on while they come empty: what they had is of realms that are not shown. */
const MOST_PAGES = 10;

export async function readDeliveries(
  { state, sink }: DeliveryFilter,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<DeliveryPage> {
  const ask = (after: string | undefined) =>
    get<DeliveryPage>('deliveries', { query: { state, sink, cursor: after }, signal });
  let page = await ask(cursor);
  for (let pages = 1; pages < MOST_PAGES && page.items.length === 0 && page.nextCursor !== null; pages += 1)
    page = await ask(page.nextCursor);
  return page;
}

/** How a delivery is called in a sentence. */
export function deliveryName({ sink, event }: DeliveryView): string {
  const what = t(`console.event.type.${event.type}`);
  const { account } = event;
  return account === null
    ? t('console.deliveries.name.nobody', { what, sink })
    : t('console.deliveries.name', { what, account, sink });
}
