import { type CanActivate, type ExecutionContext, ForbiddenException, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { SessionGuard } from '../sessions/session.guard.js';
import type { User } from '../users/user.entity.js';

/** Lets only a signed-in administrator in. */
@Injectable()
export class AdminGuard implements CanActivate {
  constructor(private readonly sessionGuard: SessionGuard) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    await this.sessionGuard.canActivate(context);
    const { role } = context.switchToHttp().getRequest<Request>().user as User;
    if (role !== 'admin') throw new ForbiddenException('Only administrators may do this.');
    return true;
  }
}
