import {
  type CanActivate,
  type ExecutionContext,
  Inject,
  Injectable,
  type OnModuleInit,
  Scope,
  type Type,
} from '@nestjs/common';
import { HttpAdapterHost, ModuleRef } from '@nestjs/core';
import { isObservable, lastValueFrom } from 'rxjs';
import { LockoutConfigError } from '../engine/lockout-error.js';
import { LOCKOUT_ADMIN_OPTIONS, type ResolvedAdminOptions } from './admin-options.js';
import type { AdminRequest } from './admin-request.js';
import { refuseForgery } from './forgery.js';

/** The way into every call of the admin API: the application's guards in order, then what no other site can send. */
@Injectable()
export class AdminGate implements CanActivate, OnModuleInit {
  private guards: readonly CanActivate[] = [];

  constructor(
    @Inject(LOCKOUT_ADMIN_OPTIONS) private readonly options: ResolvedAdminOptions,
    @Inject(ModuleRef) private readonly moduleRef: ModuleRef,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
  ) {}

  /** Throws {@link LockoutConfigError} for a guard that cannot be made: an admin API half guarded does not start. */
  async onModuleInit(): Promise<void> {
    const guards: CanActivate[] = [];
    for (const guard of this.options.guards) {
      guards.push(typeof guard === 'function' ? await this.instanceOf(guard) : guard);
    }
    this.guards = guards;
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const { httpAdapter } = this.host;
    // Here, so that refusals of the guards carry them too.
    httpAdapter.setHeader(http.getResponse(), 'Cache-Control', 'no-store');
    httpAdapter.setHeader(http.getResponse(), 'X-Content-Type-Options', 'nosniff');
    if (this.guards.length === 0) return false;
    for (const guard of this.guards) {
      const answer = guard.canActivate(context);
      const admitted = await (isObservable(answer) ? lastValueFrom(answer) : answer);
      if (!admitted) return false;
    }
    refuseForgery(http.getRequest<AdminRequest>());
    return true;
  }

  private async instanceOf(guard: Type<CanActivate>): Promise<CanActivate> {
    const scope = this.scopeOf(guard);
    if (scope === null) {
      try {
        return await this.moduleRef.create(guard);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        throw new LockoutConfigError([
          `LockoutAdminModule cannot make its guard ${guard.name}. Provide it in one of your modules. (${why})`,
        ]);
      }
    }
    if (scope === Scope.DEFAULT) return this.moduleRef.get(guard, { strict: false });
    throw new LockoutConfigError([
      `LockoutAdminModule guard ${guard.name} is request-scoped or transient. Provide it with the default scope and ` +
        'read what it needs from the ExecutionContext.',
    ]);
  }

  /** Null: nobody provides it. */
  private scopeOf(guard: Type<CanActivate>): Scope | null {
    try {
      return this.moduleRef.introspect(guard).scope;
    } catch {
      return null;
    }
  }
}
