import { Body, HttpCode, Inject, Param, Post, Req, type Type } from '@nestjs/common';
import { LockoutEngine } from '../engine/lockout-engine.js';
import { AdminController } from './admin-controller.js';
import { LOCKOUT_ADMIN_OPTIONS, type ResolvedAdminOptions } from './admin-options.js';
import type { AdminRequest } from './admin-request.js';
import { expectedTags } from './if-match.js';
import { notFound } from './path-segments.js';
import { Permission } from './permission.js';
import { ID, read, requireAtMost, SCHEMA } from './schema.js';
import { type UnlockAnswer, UnlockDesk } from './unlock-desk.js';

/** The calls about single rows by their opaque id, below `path`. A class of its own for each mount. */
export function recordsController(path: string): Type<unknown> {
  @AdminController(`${path}/records`)
  class LockoutRecordsController {
    constructor(
      @Inject(LockoutEngine) private readonly engine: LockoutEngine,
      @Inject(LOCKOUT_ADMIN_OPTIONS) private readonly options: ResolvedAdminOptions,
    ) {}

    /** All or none of the rows that were selected, and no other (OS-14). */
    @Post('unlock')
    @HttpCode(200)
    async unlockTogether(@Body() body: unknown, @Req() request: unknown): Promise<UnlockAnswer> {
      const { ids, reason } = read(SCHEMA.unlockRecords, body);
      requireAtMost(this.options.bulkMaximum, 'ids', ids);
      return this.desk(request).recordsTogether(ids, reason);
    }

    @Post(':id/unlock')
    @HttpCode(200)
    async unlock(
      @Param('id') id: string,
      @Body() body: unknown,
      @Req() request: AdminRequest,
    ): Promise<UnlockAnswer> {
      const { reason } = read(SCHEMA.unlockRecord, body);
      if (!ID.test(id)) throw notFound();
      return this.desk(request).record(id, reason, expectedTags(request));
    }

    private desk(request: unknown): UnlockDesk {
      return new UnlockDesk(this.engine, new Permission(this.options, request));
    }
  }
  return LockoutRecordsController;
}
