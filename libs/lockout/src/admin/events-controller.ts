import { Get, Inject, Query, Req, type Type } from '@nestjs/common';
import { LockoutEngine } from '../engine/lockout-engine.js';
import { DEFAULT_REALM } from '../key/realm.js';
import type { Page } from '../store/directory.js';
import { AccountDirectory } from './account-directory.js';
import { AdminController } from './admin-controller.js';
import { LOCKOUT_ADMIN_OPTIONS, type ResolvedAdminOptions } from './admin-options.js';
import { EventFeed } from './event-feed.js';
import type { EventView } from './event-view.js';
import { Permission } from './permission.js';
import { read, SCHEMA } from './schema.js';

/** The audit record, below `path`. A class of its own for each mount. */
export function eventsController(path: string): Type<unknown> {
  @AdminController(`${path}/events`)
  class LockoutEventsController {
    constructor(
      @Inject(LockoutEngine) private readonly engine: LockoutEngine,
      @Inject(LOCKOUT_ADMIN_OPTIONS) private readonly options: ResolvedAdminOptions,
    ) {}

    /**
     * Latest first. Without a realm, events of realms that may not be viewed are left out, so a page can be shorter than
     * asked.
     */
    @Get()
    async list(@Query() query: unknown, @Req() request: unknown): Promise<Page<EventView>> {
      const { realm, account, unknown, address, ...page } = read(SCHEMA.eventQuery, query);
      const permission = new Permission(this.options, request);
      const where = account === undefined && address === undefined ? realm : (realm ?? DEFAULT_REALM);
      if (where !== undefined) await permission.require('view', [where]);
      const { items, nextCursor } = await new EventFeed(this.engine).page({
        ...page,
        ...(where === undefined ? {} : { realms: [where] }),
        ...(account === undefined ? {} : { accounts: await this.hashesOf(account, where, unknown) }),
        ...(address === undefined ? {} : { addresses: this.engine.accounts.addressHashes(address, where) }),
      });
      const viewable = await Promise.all(
        items.map(async (event) =>
          (where === undefined || event.realm === where) && (await permission.allows('view', event.realm))
            ? [event]
            : [],
        ),
      );
      return { items: viewable.flat(), nextCursor };
    }

    private async hashesOf(account: string, realm = DEFAULT_REALM, unknown?: boolean) {
      const name = { realm, account, ...(unknown === undefined ? {} : { unknown }) };
      const found = await new AccountDirectory(this.engine).find(name);
      return found?.hashes ?? [];
    }
  }
  return LockoutEventsController;
}
