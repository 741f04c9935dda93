import { randomBytes } from 'node:crypto';
import type { LockoutEvent } from '../policy/event.js';
import type { AuditEntry, AuditLog, EventQuery, RecordedEvent } from '../store/audit-log.js';
import { NO_KEY } from '../store/erased-event.js';
import { FACTS } from './contract-swap.js';

/** An entry about an administrator's work in this realm, unless `parts` say otherwise. */
export function contractEntry(realm: string, parts: Partial<AuditEntry> = {}): AuditEntry {
  return {
    id: randomBytes(16).toString('hex'),
    key: NO_KEY,
    event: {
      type: 'administered',
      at: 0,
      action: 'erase',
      by: 'ops@example.com',
      reason: 'ticket 42',
      count: 0,
    },
    facts: { ...FACTS, realm, counter: 'administration', scope: 'administration' },
    ...parts,
  };
}

/** What is recorded, latest first, page by page. */
export async function recordedIn(
  audit: AuditLog,
  query: Omit<EventQuery, 'limit'>,
  limit = 100,
): Promise<RecordedEvent[]> {
  const seen: RecordedEvent[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await audit.list({ ...query, limit, ...(cursor !== undefined && { cursor }) });
    seen.push(...page.items);
    cursor = page.nextCursor;
  }
  return seen;
}

/** The name of a sink that no other test delivers to. */
export const freshSink = (): string => `sink-${randomBytes(8).toString('hex')}`;

/** A claim's token that no other claim has. */
export const freshToken = (): string => randomBytes(16).toString('hex');

/** The number that an administrator's work came to. */
export const countOf = (event: LockoutEvent | undefined): number | undefined =>
  event?.type === 'administered' ? event.count : undefined;
