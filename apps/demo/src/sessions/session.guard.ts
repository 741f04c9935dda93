import { type CanActivate, type ExecutionContext, Injectable, UnauthorizedException } from '@nestjs/common';
import type { Request } from 'express';
import { CUSTOMERS } from '../users/realm.js';
import { Users } from '../users/users.js';
import { stampOf } from './signing-in.js';

/** Lets only somebody in who is signed in, and puts the {@link User} on the request. */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(private readonly users: Users) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    const { realm = CUSTOMERS, username, stamp } = request.session;
    const user = username ? await this.users.find({ realm, username }) : null;
    if (!user || stamp !== stampOf(user)) throw new UnauthorizedException('Please sign in.');
    request.user = user;
    return true;
  }
}
