import { Get, Inject, Query, Req, type Type } from '@nestjs/common';
import { LockoutEngine } from '../engine/lockout-engine.js';
import { NodeWatch } from '../nest/node-watch.js';
import { AdminController } from './admin-controller.js';
import { LOCKOUT_ADMIN_OPTIONS, type ResolvedAdminOptions } from './admin-options.js';
import { type OverviewView, overviewView } from './overview-view.js';
import { Permission } from './permission.js';
import { read, SCHEMA } from './schema.js';

/** What is going on, below `path`. A class of its own for each mount. */
export function overviewController(path: string): Type<unknown> {
  @AdminController(`${path}/overview`)
  class LockoutOverviewController {
    constructor(
      @Inject(LockoutEngine) private readonly engine: LockoutEngine,
      @Inject(NodeWatch) private readonly processes: NodeWatch,
      @Inject(LOCKOUT_ADMIN_OPTIONS) private readonly options: ResolvedAdminOptions,
    ) {}

    @Get()
    async overview(@Query() query: unknown, @Req() request: unknown): Promise<OverviewView> {
      const { realm, hours } = read(SCHEMA.overviewQuery, query);
      const realms = await this.viewable(new Permission(this.options, request), realm);
      return overviewView(this.engine, this.processes, realms, hours);
    }

    /** Of the realms that were asked for those that may be viewed. 403 where there is none: nothing is not all quiet. */
    private async viewable(permission: Permission, realm: string | undefined): Promise<readonly string[]> {
      const asked = realm === undefined ? this.options.realms : [realm];
      const viewable = await Promise.all(
        asked.map(async (one) => ((await permission.allows('view', one)) ? [one] : [])),
      );
      const realms = viewable.flat();
      if (realms.length === 0) await permission.require('view', asked);
      return realms;
    }
  }
  return LockoutOverviewController;
}
