import { Get, Inject, Query, Req, Res, type Type } from '@nestjs/common';
import { LockoutEngine } from '../engine/lockout-engine.js';
import type { Page } from '../store/directory.js';
import { AdminController } from './admin-controller.js';
import { LOCKOUT_ADMIN_OPTIONS, type ResolvedAdminOptions } from './admin-options.js';
import type { AdminRequest } from './admin-request.js';
import { exportedEvents } from './event-export.js';
import { EventFeed } from './event-feed.js';
import { eventFilter, realmAsked } from './event-filter.js';
import type { EventView } from './event-view.js';
import { iso } from './moment.js';
import { Permission } from './permission.js';
import { read, SCHEMA } from './schema.js';
import { storeNow } from './store-now.js';
import { EventExports } from './stream/event-exports.js';

/** The audit record, below `path`. A class of its own for each mount. */
export function eventsController(path: string): Type<unknown> {
  @AdminController(`${path}/events`)
  class LockoutEventsController {
    constructor(
      @Inject(LockoutEngine) private readonly engine: LockoutEngine,
      @Inject(LOCKOUT_ADMIN_OPTIONS) private readonly options: ResolvedAdminOptions,
      @Inject(EventExports) private readonly exports: EventExports,
    ) {}

    /**
     * Latest first. Without a realm, events of realms that may not be viewed are left out, so a page can be shorter than
     * asked.
     */
    @Get()
    async list(@Query() query: unknown, @Req() request: unknown): Promise<Page<EventView>> {
      const { cursor, limit, ...asked } = read(SCHEMA.eventQuery, query);
      const permission = new Permission(this.options, request);
      const where = realmAsked(asked);
      if (where !== undefined) await permission.require('view', [where]);
      const { realm, ...filter } = await eventFilter(this.engine, asked);
      const { items, nextCursor } = await new EventFeed(this.engine).page({
        ...filter,
        limit,
        ...(cursor === undefined ? {} : { cursor }),
      });
      const viewable = await Promise.all(
        items.map(async (event) =>
          (realm === undefined || event.realm === realm) && (await permission.allows('view', event.realm))
            ? [event]
            : [],
        ),
      );
      return { items: viewable.flat(), nextCursor };
    }

    /** All of them, as a file of JSON lines. */
    @Get('export')
    async export(
      @Query() query: unknown,
      @Req() request: AdminRequest,
      @Res() response: object,
    ): Promise<void> {
      const asked = read(SCHEMA.exportQuery, query);
      const pieces = exportedEvents(this.engine, new Permission(this.options, request), asked);
      const day = iso(await storeNow(this.engine)).slice(0, 10);
      // Routers send it where `GET` goes.
      const headOnly = request.method === 'HEAD';
      await this.exports.send(response, { name: `lockout-events-${day}.jsonl`, pieces }, { headOnly });
    }
  }
  return LockoutEventsController;
}
