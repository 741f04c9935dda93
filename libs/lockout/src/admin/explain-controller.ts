import { Get, Inject, Query, Req, type Type } from '@nestjs/common';
import { LockoutEngine } from '../engine/lockout-engine.js';
import { AdminController } from './admin-controller.js';
import { LOCKOUT_ADMIN_OPTIONS, type ResolvedAdminOptions } from './admin-options.js';
import { type Explanation, explain } from './explain.js';
import { Permission } from './permission.js';
import { read, SCHEMA } from './schema.js';

/** What an attempt would meet, below `path`. A class of its own for each mount. */
export function explainController(path: string): Type<unknown> {
  @AdminController(`${path}/explain`)
  class LockoutExplainController {
    constructor(
      @Inject(LockoutEngine) private readonly engine: LockoutEngine,
      @Inject(LOCKOUT_ADMIN_OPTIONS) private readonly options: ResolvedAdminOptions,
    ) {}

    @Get()
    async explain(@Query() query: unknown, @Req() request: unknown): Promise<Explanation> {
      const asked = read(SCHEMA.explainQuery, query);
      return explain(this.engine, new Permission(this.options, request), asked);
    }
  }
  return LockoutExplainController;
}
