import { type CanActivate, type ExecutionContext, ForbiddenException, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { SessionGuard } from '../sessions/session.guard.js';
import type { User } from '../users/user.entity.js';
import { isAdministrator } from './permissions.js';

/** Lets only signed-in administrators in; which realms they see, and what they may do there, is asked later. */
@Injectable()
export class AdminGuard implements CanActivate {
  constructor(private readonly sessionGuard: SessionGuard) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    await this.sessionGuard.canActivate(context);
    const user = context.switchToHttp().getRequest<Request>().user as User;
    if (!isAdministrator(user)) throw new ForbiddenException('Only administrators may do this.');
    return true;
  }
}
