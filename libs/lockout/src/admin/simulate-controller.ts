import { Body, HttpCode, Inject, Post, Req, type Type } from '@nestjs/common';
import { AdminController } from './admin-controller.js';
import { LOCKOUT_ADMIN_OPTIONS, type ResolvedAdminOptions } from './admin-options.js';
import { ChangesNothing } from './idempotency/changes-nothing.js';
import { ALL_REALMS, Permission } from './permission.js';
import { read, SCHEMA } from './schema.js';
import { type SimulateAnswer, simulateAnswer } from './simulation-view.js';

/** What policies would do, below `path`. A class of its own for each mount. */
export function simulateController(path: string): Type<unknown> {
  @AdminController(`${path}/simulate`)
  class LockoutSimulateController {
    constructor(@Inject(LOCKOUT_ADMIN_OPTIONS) private readonly options: ResolvedAdminOptions) {}

    /** Reads and changes nothing; a `POST` because policies do not fit into a URL. */
    @Post()
    @HttpCode(200)
    @ChangesNothing()
    async simulate(@Body() body: unknown, @Req() request: unknown): Promise<SimulateAnswer> {
      await new Permission(this.options, request).require('view', [ALL_REALMS]);
      const { policies, steps } = read(SCHEMA.simulate, body);
      return simulateAnswer(policies, steps);
    }
  }
  return LockoutSimulateController;
}
