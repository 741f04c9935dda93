import { Get, Inject, Req, type Type } from '@nestjs/common';
import { LockoutEngine } from '../engine/lockout-engine.js';
import { AdminController } from './admin-controller.js';
import { LOCKOUT_ADMIN_OPTIONS, type ResolvedAdminOptions } from './admin-options.js';
import { type MeView, meView } from './me-view.js';
import { Permission } from './permission.js';

/** Who asks, below `path`. A class of its own for each mount. */
export function meController(path: string): Type<unknown> {
  @AdminController(`${path}/me`)
  class LockoutMeController {
    constructor(
      @Inject(LockoutEngine) private readonly engine: LockoutEngine,
      @Inject(LOCKOUT_ADMIN_OPTIONS) private readonly options: ResolvedAdminOptions,
    ) {}

    @Get()
    me(@Req() request: unknown): Promise<MeView> {
      return meView(this.engine, new Permission(this.options, request), this.options);
    }
  }
  return LockoutMeController;
}
