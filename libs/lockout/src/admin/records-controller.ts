import {
  Body,
  Controller,
  HttpCode,
  Inject,
  Param,
  Post,
  Req,
  type Type,
  UseFilters,
  UseGuards,
} from '@nestjs/common';
import { LockoutEngine } from '../engine/lockout-engine.js';
import { AdminGate } from './admin-gate.js';
import { LOCKOUT_ADMIN_OPTIONS, type ResolvedAdminOptions } from './admin-options.js';
import { notFound } from './path-segments.js';
import { Permission } from './permission.js';
import { ProblemFilter } from './problem-filter.js';
import { ID, read, requireAtMost, SCHEMA } from './schema.js';
import { type UnlockAnswer, UnlockDesk } from './unlock-desk.js';

/** The calls about single rows by their opaque id, below `path`. A class of its own for each mount. */
export function recordsController(path: string): Type<unknown> {
  @Controller(`${path}/records`)
  @UseGuards(AdminGate)
  @UseFilters(ProblemFilter)
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
      @Req() request: unknown,
    ): Promise<UnlockAnswer> {
      const { reason } = read(SCHEMA.unlockRecord, body);
      if (!ID.test(id)) throw notFound();
      return this.desk(request).record(id, reason);
    }

    private desk(request: unknown): UnlockDesk {
      return new UnlockDesk(this.engine, new Permission(this.options, request));
    }
  }
  return LockoutRecordsController;
}
