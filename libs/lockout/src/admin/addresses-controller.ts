import {
  Body,
  Controller,
  Get,
  HttpCode,
  Inject,
  Post,
  Query,
  Req,
  type Type,
  UseFilters,
  UseGuards,
} from '@nestjs/common';
import { LockoutEngine } from '../engine/lockout-engine.js';
import type { Page } from '../store/directory.js';
import { type AddressItem, addressItem } from './account-view.js';
import { AddressDirectory } from './address-directory.js';
import { AdminGate } from './admin-gate.js';
import { LOCKOUT_ADMIN_OPTIONS, type ResolvedAdminOptions } from './admin-options.js';
import { Permission } from './permission.js';
import { ProblemFilter } from './problem-filter.js';
import { read, requireAtMost, SCHEMA } from './schema.js';
import { listSubjects } from './subject-list.js';
import { type UnlockAnswer, UnlockDesk } from './unlock-desk.js';

/** The calls about addresses as such, below `path`. A class of its own for each mount. */
export function addressesController(path: string): Type<unknown> {
  @Controller(`${path}/addresses`)
  @UseGuards(AdminGate)
  @UseFilters(ProblemFilter)
  class LockoutAddressesController {
    private readonly directory: AddressDirectory;

    constructor(
      @Inject(LockoutEngine) private readonly engine: LockoutEngine,
      @Inject(LOCKOUT_ADMIN_OPTIONS) private readonly options: ResolvedAdminOptions,
    ) {
      this.directory = new AddressDirectory(engine);
    }

    @Get()
    async list(@Query() query: unknown, @Req() request: unknown): Promise<Page<AddressItem>> {
      const asked = read(SCHEMA.listQuery, query);
      const { directory, engine } = this;
      const permission = new Permission(this.options, request);
      if (asked.realm !== undefined) await permission.require('view', [asked.realm]);
      return listSubjects(
        engine,
        permission,
        {
          of: 'address',
          hashesLike: (text, realm) => directory.hashesLike(text, realm),
          ofRecord: (record) => directory.ofRecord(record),
          itemOf: (found, now) => addressItem(engine, permission, found, now),
        },
        asked,
      );
    }

    @Post('unlock')
    @HttpCode(200)
    async unlockTogether(@Body() body: unknown, @Req() request: unknown): Promise<UnlockAnswer> {
      const { addresses, reason } = read(SCHEMA.unlockAddresses, body);
      requireAtMost(this.options.bulkMaximum, 'addresses', addresses);
      const desk = new UnlockDesk(this.engine, new Permission(this.options, request));
      return desk.addressesTogether(addresses, reason);
    }
  }
  return LockoutAddressesController;
}
