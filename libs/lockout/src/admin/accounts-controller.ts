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
import { AccountDirectory } from './account-directory.js';
import { AccountOfPath, type AccountPath } from './account-path.js';
import { type AccountDetail, type AccountItem, accountDetail, accountItem } from './account-view.js';
import { AdminGate } from './admin-gate.js';
import { LOCKOUT_ADMIN_OPTIONS, type ResolvedAdminOptions } from './admin-options.js';
import { type LockAnswer, lockAccount } from './manual-lock.js';
import { notFound } from './path-segments.js';
import { Permission } from './permission.js';
import { Problem } from './problem.js';
import { ProblemFilter } from './problem-filter.js';
import { read, requireAtMost, SCHEMA } from './schema.js';
import { storeNow } from './store-now.js';
import { listSubjects } from './subject-list.js';
import { type UnlockAnswer, UnlockDesk } from './unlock-desk.js';

/** The calls about accounts, below `path`. A class of its own for each mount. */
export function accountsController(path: string): Type<unknown> {
  @Controller(`${path}/accounts`)
  @UseGuards(AdminGate)
  @UseFilters(ProblemFilter)
  class LockoutAccountsController {
    private readonly directory: AccountDirectory;

    constructor(
      @Inject(LockoutEngine) private readonly engine: LockoutEngine,
      @Inject(LOCKOUT_ADMIN_OPTIONS) private readonly options: ResolvedAdminOptions,
    ) {
      this.directory = new AccountDirectory(engine);
    }

    @Get()
    async list(@Query() query: unknown, @Req() request: unknown): Promise<Page<AccountItem>> {
      const asked = read(SCHEMA.listQuery, query);
      const { directory, engine } = this;
      const permission = await this.viewer(request, asked.realm);
      return listSubjects(
        engine,
        permission,
        {
          of: 'account',
          hashesLike: (text, realm) => directory.hashesLike(text, realm),
          ofRecord: (record) => directory.ofRecord(record),
          itemOf: (found, now) => accountItem(engine, permission, found, now),
        },
        asked,
      );
    }

    @Post('unlock')
    @HttpCode(200)
    async unlockTogether(@Body() body: unknown, @Req() request: unknown): Promise<UnlockAnswer> {
      const { accounts, reason } = read(SCHEMA.unlockAccounts, body);
      requireAtMost(this.options.bulkMaximum, 'accounts', accounts);
      const desk = new UnlockDesk(this.engine, new Permission(this.options, request));
      return desk.accountsTogether(accounts, reason);
    }

    /** `GET :realm/:account`; routed by `declareAccountRoutes`. */
    async inspect(
      @AccountOfPath() { address }: AccountPath,
      @Query() query: unknown,
      @Req() request: unknown,
    ): Promise<AccountDetail> {
      const found = await this.directory.find({ ...read(SCHEMA.accountQuery, query), ...address });
      const permission = await this.viewer(request, found?.realm);
      if (!found || found.records.length === 0)
        throw new Problem(404, 'Nothing is recorded under this name.');
      return accountDetail(this.engine, permission, found, await storeNow(this.engine));
    }

    /** `POST :realm/:account/unlock` and `…/lock`; routed by `declareAccountRoutes`. */
    @HttpCode(200)
    async change(
      @AccountOfPath() { address, verb }: AccountPath,
      @Query() query: unknown,
      @Body() body: unknown,
      @Req() request: unknown,
    ): Promise<UnlockAnswer | LockAnswer> {
      const account = { ...read(SCHEMA.accountQuery, query), ...address };
      const permission = new Permission(this.options, request);
      switch (verb) {
        case 'unlock': {
          const { reason, ...at } = read(SCHEMA.unlockAccount, body);
          return new UnlockDesk(this.engine, permission).account({ ...account, ...at }, reason);
        }
        case 'lock':
          return lockAccount(this.engine, permission, account, read(SCHEMA.lockAccount, body));
        default:
          throw notFound();
      }
    }

    private async viewer(request: unknown, realm: string | undefined): Promise<Permission> {
      const permission = new Permission(this.options, request);
      if (realm !== undefined) await permission.require('view', [realm]);
      return permission;
    }
  }
  return LockoutAccountsController;
}
