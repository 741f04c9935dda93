import type { CounterStatus } from '../engine/lock-status.js';
import type { LockoutEngine } from '../engine/lockout-engine.js';
import type { SubjectHash } from '../key/key.js';
import type { LockoutEventType } from '../policy/event.js';
import type { EventQuery } from '../store/audit-log.js';
import { CursorError } from '../store/cursor.js';
import type { Page } from '../store/directory.js';
import type { LockAuthor } from './counter-sentences.js';
import { type EventView, eventView } from './event-view.js';
import { iso } from './moment.js';

/** Events in the detail of an account or address. */
export const RECENT_EVENTS = 20;

/** Finds among recent events who set a lock by hand, and why. */
export const authorsIn =
  (events: readonly EventView[]) =>
  ({ id, lock }: CounterStatus): LockAuthor | null => {
    if (lock?.cause !== 'admin') return null;
    const since = iso(lock.since);
    const isSetting = (event: EventView): boolean =>
      event.type === 'locked' && event.record === id && event.at === since;
    const { by = null, reason = null }: Partial<EventView> = events.find(isSetting) ?? {};
    return typeof by === 'string' && typeof reason === 'string' ? { by, reason } : null;
  };

export interface FeedQuery {
  /** Hashes of one account, current secret first; absent: all accounts. */
  readonly accounts?: readonly SubjectHash[];
  /** Hashes of one address, current secret first; absent: all addresses. */
  readonly addresses?: readonly SubjectHash[];
  readonly type?: LockoutEventType;
  /** Of these realms only; absent: of all. */
  readonly realms?: readonly string[];
  readonly limit: number;
  readonly cursor?: string;
}

type Stream = Pick<EventQuery, 'account' | 'address'>;

/** `<stream>~<the store's cursor>`. */
const CURSOR = /^(\d{1,3})~(.*)$/s;

/**
 * The audit record, latest first. While secrets rotate, what was recorded under a previous one comes after all that was
 * recorded under the current one: nearly the order in time, for that is when it was in use.
 */
export class EventFeed {
  constructor(private readonly engine: LockoutEngine) {}

  /** Throws CursorError for a cursor that did not come from the page before. */
  async page({ accounts, addresses, type, realms, limit, cursor }: FeedQuery): Promise<Page<EventView>> {
    const streams = streamsOf(accounts, addresses);
    const items: EventView[] = [];
    let [index, after] = cursor === undefined ? [0, ''] : readCursor(cursor, streams.length);
    for (; index < streams.length; index += 1) {
      const page = await this.engine.options.store.list({
        ...streams[index],
        ...(type === undefined ? {} : { type }),
        ...(realms === undefined ? {} : { realms }),
        ...(after === '' ? {} : { cursor: after }),
        limit: limit - items.length,
      });
      items.push(...page.items.map((event) => eventView(this.engine, event)));
      if (page.nextCursor !== null) return { items, nextCursor: `${index}~${page.nextCursor}` };
      after = '';
      if (items.length === limit) {
        return { items, nextCursor: index + 1 < streams.length ? `${index + 1}~` : null };
      }
    }
    return { items, nextCursor: null };
  }
}

function streamsOf(
  accounts: readonly SubjectHash[] | undefined,
  addresses: readonly SubjectHash[] | undefined,
): readonly Stream[] {
  const byAccount: readonly Stream[] = accounts?.map((account) => ({ account })) ?? [{}];
  return byAccount.flatMap((stream) => addresses?.map((address) => ({ ...stream, address })) ?? [stream]);
}

function readCursor(cursor: string, streams: number): [number, string] {
  const [, index, after = ''] = CURSOR.exec(cursor) ?? [];
  if (index === undefined || Number(index) >= streams) throw new CursorError();
  return [Number(index), after];
}
