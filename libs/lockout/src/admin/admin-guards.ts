import {
  type CanActivate,
  type ExecutionContext,
  Inject,
  Injectable,
  type OnModuleInit,
  Scope,
  type Type,
} from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { isObservable, lastValueFrom } from 'rxjs';
import { LockoutConfigError } from '../engine/lockout-error.js';
import { LOCKOUT_ADMIN_OPTIONS, type ResolvedAdminOptions } from './admin-options.js';

/** The application's guards of one mount, in order. */
@Injectable()
export class AdminGuards implements OnModuleInit {
  private guards: readonly CanActivate[] = [];

  constructor(
    @Inject(LOCKOUT_ADMIN_OPTIONS) private readonly options: ResolvedAdminOptions,
    @Inject(ModuleRef) private readonly moduleRef: ModuleRef,
  ) {}

  /** Throws {@link LockoutConfigError} for a guard that cannot be made: an admin API half guarded does not start. */
  async onModuleInit(): Promise<void> {
    const guards: CanActivate[] = [];
    for (const guard of this.options.guards) {
      guards.push(typeof guard === 'function' ? await this.instanceOf(guard) : guard);
    }
    this.guards = guards;
  }

  /** Whether every guard admits the request. Rejects with what a guard throws. */
  async admit(context: ExecutionContext): Promise<boolean> {
    if (this.guards.length === 0) return false;
    for (const guard of this.guards) {
      const answer = guard.canActivate(context);
      const admitted = await (isObservable(answer) ? lastValueFrom(answer) : answer);
      if (!admitted) return false;
    }
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
