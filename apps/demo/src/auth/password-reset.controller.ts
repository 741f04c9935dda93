import { BadRequestException, Body, Controller, HttpCode, Post } from '@nestjs/common';
import { LockoutEngine } from 'nestjs-lockout';
import { Challenges } from '../challenges/challenges.js';
import { JsonBody } from '../http/json-body.js';
import { DatabaseSessionStore } from '../sessions/session-store.js';
import { Users } from '../users/users.js';
import { type NewPasswordBody, newPasswordBody } from './bodies.js';

const INVALID = 'This link has expired or was already used. Ask for a new one.';

/** The end of "forgot my password". Asking for it changes nothing about a lock; completing it does. */
@Controller('auth/password')
export class PasswordResetController {
  constructor(
    private readonly challenges: Challenges,
    private readonly users: Users,
    private readonly sessions: DatabaseSessionStore,
    private readonly lockout: LockoutEngine,
  ) {}

  @Post('reset')
  @HttpCode(200)
  @JsonBody(newPasswordBody)
  async reset(@Body() { token, password }: NewPasswordBody): Promise<{ readonly detail: string }> {
    if ((await this.challenges.ownerOf('password-reset', token)) === null)
      throw new BadRequestException(INVALID);
    // Before the token is used up: if too many are hashing already, the person can try again.
    const passwordHash = await this.users.hashPassword(password);
    const owner = await this.challenges.redeemToken('password-reset', token);
    if (owner === null) throw new BadRequestException(INVALID);
    await this.users.storePasswordHash(owner, passwordHash);
    // Whoever had the old password, or a mail sent before, is out.
    await this.challenges.voidAll(owner);
    await this.sessions.destroyAllOf(owner);
    await this.lockout.accounts.passwordReset({ realm: owner.realm, account: owner.username });
    return { detail: 'The password is changed. Please sign in.' };
  }
}
