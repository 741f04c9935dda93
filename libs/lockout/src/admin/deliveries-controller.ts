import { Body, Get, HttpCode, Inject, Post, Query, Req, type Type } from '@nestjs/common';
import { LockoutEngine } from '../engine/lockout-engine.js';
import { AdminController } from './admin-controller.js';
import { LOCKOUT_ADMIN_OPTIONS, type ResolvedAdminOptions } from './admin-options.js';
import { type DeliveriesAnswer, DeliveryDesk } from './delivery-desk.js';
import type { DeliveryPage } from './delivery-view.js';
import { Permission } from './permission.js';
import { read, SCHEMA } from './schema.js';

/** The calls about deliveries, below `path`. A class of its own for each mount. */
export function deliveriesController(path: string): Type<unknown> {
  @AdminController(`${path}/deliveries`)
  class LockoutDeliveriesController {
    constructor(
      @Inject(LockoutEngine) private readonly engine: LockoutEngine,
      @Inject(LOCKOUT_ADMIN_OPTIONS) private readonly options: ResolvedAdminOptions,
    ) {}

    @Get()
    list(@Query() query: unknown, @Req() request: unknown): Promise<DeliveryPage> {
      const asked = read(SCHEMA.deliveryQuery, query);
      return this.desk(request).page(asked);
    }

    @Post('retry')
    @HttpCode(200)
    retry(@Body() body: unknown, @Req() request: unknown): Promise<DeliveriesAnswer> {
      const { ids, reason } = read(SCHEMA.retryDeliveries, body);
      return this.desk(request).retry(ids, reason);
    }

    @Post('drop')
    @HttpCode(200)
    drop(@Body() body: unknown, @Req() request: unknown): Promise<DeliveriesAnswer> {
      const { ids, reason } = read(SCHEMA.dropDeliveries, body);
      return this.desk(request).drop(ids, reason);
    }

    private desk(request: unknown): DeliveryDesk {
      return new DeliveryDesk(this.engine, new Permission(this.options, request));
    }
  }
  return LockoutDeliveriesController;
}
