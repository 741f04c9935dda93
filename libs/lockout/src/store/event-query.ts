import type { EventQuery, RecordedEvent } from './audit-log.js';

/** Whether an event is one that the query asks for, whatever the page. */
export function matchesEvent(
  { account, address, type, realms }: EventQuery,
  { event, facts }: Pick<RecordedEvent, 'event' | 'facts'>,
): boolean {
  return (
    (account === undefined || facts.accountHash === account) &&
    (address === undefined || facts.addressHash === address) &&
    (type === undefined || event.type === type) &&
    (realms?.includes(facts.realm) ?? true)
  );
}
