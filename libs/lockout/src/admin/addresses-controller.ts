import { Body, Get, HttpCode, Inject, Post, Query, Req, Res, type Type } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { LockoutEngine } from '../engine/lockout-engine.js';
import type { Page } from '../store/directory.js';
import type { AddressItem } from './account-view.js';
import { AddressDirectory, type AddressName } from './address-directory.js';
import { listAddresses } from './address-list.js';
import { AddressOfPath } from './address-path.js';
import { type AddressDetail, addressDetail } from './address-view.js';
import { AdminController } from './admin-controller.js';
import { LOCKOUT_ADMIN_OPTIONS, type ResolvedAdminOptions } from './admin-options.js';
import { recordsTag } from './if-match.js';
import { Permission } from './permission.js';
import { Problem } from './problem.js';
import { read, requireAtMost, SCHEMA } from './schema.js';
import { storeNow } from './store-now.js';
import { type UnlockAnswer, UnlockDesk } from './unlock-desk.js';

/** The calls about addresses as such, below `path`. A class of its own for each mount. */
export function addressesController(path: string): Type<unknown> {
  @AdminController(`${path}/addresses`)
  class LockoutAddressesController {
    private readonly directory: AddressDirectory;

    constructor(
      @Inject(LockoutEngine) private readonly engine: LockoutEngine,
      @Inject(LOCKOUT_ADMIN_OPTIONS) private readonly options: ResolvedAdminOptions,
      @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    ) {
      this.directory = new AddressDirectory(engine);
    }

    @Get()
    async list(@Query() query: unknown, @Req() request: unknown): Promise<Page<AddressItem>> {
      const asked = read(SCHEMA.listQuery, query);
      const permission = new Permission(this.options, request);
      if (asked.realm !== undefined) await permission.require('view', [asked.realm]);
      return listAddresses(this.engine, permission, asked);
    }

    @Post('unlock')
    @HttpCode(200)
    async unlockTogether(@Body() body: unknown, @Req() request: unknown): Promise<UnlockAnswer> {
      const { addresses, reason } = read(SCHEMA.unlockAddresses, body);
      requireAtMost(this.options.bulkMaximum, 'addresses', addresses);
      const desk = new UnlockDesk(this.engine, new Permission(this.options, request));
      return desk.addressesTogether(addresses, reason);
    }

    /** `GET :realm/:address`; routed by `declareAddressRoutes`. `ETag`: what `If-Match` of a change of one row wants. */
    async inspect(
      @AddressOfPath() name: AddressName,
      @Req() request: unknown,
      @Res({ passthrough: true }) response: unknown,
    ): Promise<AddressDetail> {
      const permission = new Permission(this.options, request);
      if ('realm' in name) await permission.require('view', [name.realm]);
      const found = await this.directory.look(name);
      if (!found) throw new Problem(404, 'Nothing is recorded under this address.');
      await permission.require('view', [found.realm]);
      this.host.httpAdapter.setHeader(response, 'ETag', recordsTag(found.records));
      return addressDetail(this.engine, permission, found, await storeNow(this.engine));
    }
  }
  return LockoutAddressesController;
}
