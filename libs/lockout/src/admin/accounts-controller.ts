import { Body, Get, HttpCode, Inject, Post, Query, Req, Res, type Type } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { LockoutEngine } from '../engine/lockout-engine.js';
import type { Page } from '../store/directory.js';
import { AccountDirectory } from './account-directory.js';
import { listAccounts } from './account-list.js';
import { AccountOfPath, type AccountPath } from './account-path.js';
import { type AccountDetail, type AccountItem, accountDetail } from './account-view.js';
import { AdminController } from './admin-controller.js';
import { LOCKOUT_ADMIN_OPTIONS, type ResolvedAdminOptions } from './admin-options.js';
import type { AdminRequest } from './admin-request.js';
import { type EraseAnswer, eraseAccount } from './erase-account.js';
import { expectedTags, recordsTag } from './if-match.js';
import { type LockAnswer, lockAccount } from './manual-lock.js';
import { notFound } from './path-segments.js';
import { Permission } from './permission.js';
import { Problem } from './problem.js';
import { read, requireAtMost, SCHEMA } from './schema.js';
import { storeNow } from './store-now.js';
import { type UnlockAnswer, UnlockDesk } from './unlock-desk.js';

/** The calls about accounts, below `path`. A class of its own for each mount. */
export function accountsController(path: string): Type<unknown> {
  @AdminController(`${path}/accounts`)
  class LockoutAccountsController {
    private readonly directory: AccountDirectory;

    constructor(
      @Inject(LockoutEngine) private readonly engine: LockoutEngine,
      @Inject(LOCKOUT_ADMIN_OPTIONS) private readonly options: ResolvedAdminOptions,
      @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    ) {
      this.directory = new AccountDirectory(engine);
    }

    @Get()
    async list(@Query() query: unknown, @Req() request: unknown): Promise<Page<AccountItem>> {
      const asked = read(SCHEMA.listQuery, query);
      const permission = await this.viewer(request, asked.realm);
      return listAccounts(this.engine, permission, asked);
    }

    @Post('unlock')
    @HttpCode(200)
    async unlockTogether(@Body() body: unknown, @Req() request: unknown): Promise<UnlockAnswer> {
      const { accounts, reason } = read(SCHEMA.unlockAccounts, body);
      requireAtMost(this.options.bulkMaximum, 'accounts', accounts);
      const desk = new UnlockDesk(this.engine, new Permission(this.options, request));
      return desk.accountsTogether(accounts, reason);
    }

    /** `GET :realm/:account`; routed by `declareAccountRoutes`. `ETag`: what `If-Match` of a change wants. */
    async inspect(
      @AccountOfPath() { address }: AccountPath,
      @Query() query: unknown,
      @Req() request: unknown,
      @Res({ passthrough: true }) response: unknown,
    ): Promise<AccountDetail> {
      const found = await this.directory.find({ ...read(SCHEMA.accountQuery, query), ...address });
      const permission = await this.viewer(request, found?.realm);
      if (!found || found.records.length === 0)
        throw new Problem(404, 'Nothing is recorded under this name.');
      this.host.httpAdapter.setHeader(response, 'ETag', recordsTag(found.records));
      return accountDetail(this.engine, permission, found, await storeNow(this.engine));
    }

    /** `POST :realm/:account/unlock`, `…/lock` and `…/erase`; routed by `declareAccountRoutes`. */
    @HttpCode(200)
    async change(
      @AccountOfPath() { address, verb }: AccountPath,
      @Query() query: unknown,
      @Body() body: unknown,
      @Req() request: AdminRequest,
    ): Promise<UnlockAnswer | LockAnswer | EraseAnswer> {
      const account = { ...read(SCHEMA.accountQuery, query), ...address };
      const permission = new Permission(this.options, request);
      switch (verb) {
        case 'unlock': {
          const { reason, ...at } = read(SCHEMA.unlockAccount, body);
          const desk = new UnlockDesk(this.engine, permission);
          return desk.account({ ...account, ...at }, reason, expectedTags(request));
        }
        case 'lock':
          return lockAccount(
            this.engine,
            permission,
            account,
            read(SCHEMA.lockAccount, body),
            expectedTags(request),
          );
        case 'erase':
          return eraseAccount(this.engine, permission, account, read(SCHEMA.eraseAccount, body));
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
