import { Injectable, UnauthorizedException } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { Request } from 'express';
import { LockoutStrategy } from 'nestjs-lockout/passport';
import { Strategy } from 'passport-local';
import { realmOf } from '../users/realm.js';
import type { User } from '../users/user.entity.js';
import { Users } from '../users/users.js';

/** Sign-in by name and password. Asks the lockout store before `validate` runs; a 401 from it counts. */
@Injectable()
@LockoutStrategy({ method: 'password', realm: realmOf })
export class LocalStrategy extends PassportStrategy(Strategy) {
  constructor(private readonly users: Users) {
    super({ passReqToCallback: true });
  }

  async validate(request: Request, username: string, password: string): Promise<User> {
    const user = await this.users.verifyPassword({ realm: realmOf(request), username }, password);
    if (!user) throw new UnauthorizedException('Wrong username or password.');
    return user;
  }
}
