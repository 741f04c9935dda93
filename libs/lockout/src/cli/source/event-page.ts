import { AccountDirectory } from '../../admin/account-directory.js';
import { EventFeed } from '../../admin/event-feed.js';
import type { EventView } from '../../admin/event-view.js';
import type { LockoutEngine } from '../../engine/lockout-engine.js';
import { DEFAULT_REALM } from '../../key/index.js';
import type { LockoutEventType } from '../../policy/index.js';
import type { Page } from '../../store/directory.js';

export interface EventPageQuery {
  readonly realm?: string | undefined;
  readonly account?: string | undefined;
  readonly unknown?: boolean | undefined;
  readonly address?: string | undefined;
  readonly type?: LockoutEventType | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** One page of the record of events, latest first. Of other realms none, so a page can be shorter than asked. */
export async function eventPage(
  engine: LockoutEngine,
  { realm, account, unknown, address, type, cursor, limit }: EventPageQuery,
): Promise<Page<EventView>> {
  const where = account === undefined && address === undefined ? realm : (realm ?? DEFAULT_REALM);
  const named = {
    realm: where ?? DEFAULT_REALM,
    account: account ?? '',
    ...(unknown === undefined ? {} : { unknown }),
  };
  const found = account === undefined ? null : await new AccountDirectory(engine).find(named);
  const { items, nextCursor } = await new EventFeed(engine).page({
    limit,
    ...(type === undefined ? {} : { type }),
    ...(cursor === undefined ? {} : { cursor }),
    ...(account === undefined ? {} : { accounts: found?.hashes ?? [] }),
    ...(address === undefined ? {} : { addresses: engine.accounts.addressHashes(address, where) }),
  });
  return { items: items.filter((event) => where === undefined || event.realm === where), nextCursor };
}
