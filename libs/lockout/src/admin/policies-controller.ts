import { Body, Get, HttpCode, Inject, Query, Req, Res, type Type } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { PolicyChange } from '../engine/live-policies.js';
import { LockoutEngine } from '../engine/lockout-engine.js';
import type { PolicyEntry } from '../engine/policy-entry.js';
import type { Page } from '../store/directory.js';
import { AdminController } from './admin-controller.js';
import { LOCKOUT_ADMIN_OPTIONS, type ResolvedAdminOptions } from './admin-options.js';
import type { AdminRequest } from './admin-request.js';
import { etagOf, expectedVersion } from './if-match.js';
import { notFound } from './path-segments.js';
import { ALL_REALMS, Permission } from './permission.js';
import { PolicyOfPath, type PolicyPath } from './policy-path.js';
import {
  type PolicyBody,
  type PolicyItem,
  policyBody,
  policyItems,
  type RevisionView,
  revisionView,
} from './policy-view.js';
import { read, SCHEMA } from './schema.js';

/** The calls about policies, below `path`. A class of its own for each mount. */
export function policiesController(path: string): Type<unknown> {
  @AdminController(`${path}/policies`)
  class LockoutPoliciesController {
    constructor(
      @Inject(LockoutEngine) private readonly engine: LockoutEngine,
      @Inject(LOCKOUT_ADMIN_OPTIONS) private readonly options: ResolvedAdminOptions,
      @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    ) {}

    @Get()
    async list(@Req() request: unknown): Promise<{ readonly items: readonly PolicyItem[] }> {
      await new Permission(this.options, request).require('view', [ALL_REALMS]);
      return { items: policyItems(await this.engine.policies.list()) };
    }

    /** `GET :name`, `…/brands/:brand`, and `…/history` of both; routed by `declarePolicyRoutes`. */
    async inspect(
      @PolicyOfPath() { target, verb }: PolicyPath,
      @Query() query: unknown,
      @Req() request: unknown,
      @Res({ passthrough: true }) response: unknown,
    ): Promise<PolicyBody | Page<RevisionView>> {
      await new Permission(this.options, request).require('view', [ALL_REALMS]);
      if (verb === null) return this.tagged(await this.engine.policies.get(target), response);
      if (verb !== 'history') throw notFound();
      const { items, nextCursor } = await this.engine.policies.history(target, read(SCHEMA.pageQuery, query));
      return { items: items.map((revision) => revisionView(revision)), nextCursor };
    }

    /** `PUT :name`, `…/brands/:brand`. */
    async save(
      @PolicyOfPath() { target, verb }: PolicyPath,
      @Body() body: unknown,
      @Req() request: AdminRequest,
      @Res({ passthrough: true }) response: unknown,
    ): Promise<PolicyBody> {
      const permission = await this.configurer(request);
      if (verb !== null) throw notFound();
      const expected = expectedVersion(request);
      const { settings, reason } = read(SCHEMA.savePolicy, body);
      const change: PolicyChange = { expected, actor: await permission.actor(reason) };
      return this.tagged(await this.engine.policies.save(target, settings, change), response);
    }

    /** `DELETE :name`, `…/brands/:brand`. */
    async remove(
      @PolicyOfPath() { target, verb }: PolicyPath,
      @Body() body: unknown,
      @Req() request: AdminRequest,
      @Res({ passthrough: true }) response: unknown,
    ): Promise<PolicyBody> {
      const permission = await this.configurer(request);
      if (verb !== null) throw notFound();
      const expected = expectedVersion(request);
      const { reason } = read(SCHEMA.removePolicy, body);
      const change: PolicyChange = { expected, actor: await permission.actor(reason) };
      return this.tagged(await this.engine.policies.remove(target, change), response);
    }

    /** `POST …/revert`. */
    @HttpCode(200)
    async revert(
      @PolicyOfPath() { target, verb }: PolicyPath,
      @Body() body: unknown,
      @Req() request: AdminRequest,
      @Res({ passthrough: true }) response: unknown,
    ): Promise<PolicyBody> {
      const permission = await this.configurer(request);
      if (verb !== 'revert') throw notFound();
      const expected = expectedVersion(request);
      const { version, reason } = read(SCHEMA.revertPolicy, body);
      const change: PolicyChange = { expected, actor: await permission.actor(reason) };
      return this.tagged(await this.engine.policies.revert(target, version, change), response);
    }

    private async configurer(request: unknown): Promise<Permission> {
      const permission = new Permission(this.options, request);
      await permission.require('configure', [ALL_REALMS]);
      return permission;
    }

    private tagged(entry: PolicyEntry, response: unknown): PolicyBody {
      this.host.httpAdapter.setHeader(response, 'ETag', etagOf(entry.version));
      return policyBody(entry);
    }
  }
  return LockoutPoliciesController;
}
