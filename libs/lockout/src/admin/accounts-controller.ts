import { Body, Controller, Get, HttpCode, Inject, Post, Query, Req, type Type, UseFilters, UseGuards } from '@nestjs/common';
import { LockoutEngine } from '../engine/lockout-engine.js';
import type { Page } from '../store/directory.js';
import { AccountDirectory } from './account-directory.js';
import { AccountOfPath, type AccountPath, notFound } from './account-path.js';
import { type AccountDetail, type AccountItem, accountDetail, accountItem } from './account-view.js';
import { AdminGate } from './admin-gate.js';
import { LOCKOUT_ADMIN_OPTIONS, type ResolvedAdminOptions } from './admin-options.js';
import { type LockAnswer, lockAccount } from './manual-lock.js';
import { Permission } from './permission.js';
import { Problem } from './problem.js';
import { ProblemFilter } from './problem-filter.js';
import { read, requireAtMost, SCHEMA } from './schema.js';
import { storeNow } from './store-now.js';
import { listSubjects } from './subject-list.js';
import { type UnlockAnswer, UnlockDesk } from './unlock-desk.js';

/** The calls about accounts, mounted below `path`. A class of its own for each mount. */
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
    list(@Query() query: unknown, @Req() request: unknown): Promise<Page<AccountItem>> {
      const permission = new Permission(this.options, request);
      return listRequested(permission, query, (asked) =>
        listSubjects(
          this.engine,
          permission,
          {
            of: 'account',
            hashesLike: (text, realm) => this.directory.hashesLike(text, realm),
            ofRecord: (record) => this.directory.ofRecord(record),
            itemOf: (found, now) => accountItem(this.engine, permission, found, now),
          },
          asked,
        ),
      );
    }

    @Post('unlock')
    @HttpCode(200)
    async unlockTogether(@Body() body: unknown, @Req() request: unknown): Promise<UnlockAnswer> {
      const { accounts, reason } = read(SCHEMA.unlockAccounts, body);
      requireAtMost(this.options.bulkMaximum, 'accounts', accounts);
      return new UnlockDesk(this.engine, new Permission(this.options, request)).accountsTogether(accounts, reason);
    }
  }
  return LockoutAccountsController;
}
