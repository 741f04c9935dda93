import { Controller, Get, Header, HttpCode, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import type { Request, Response } from 'express';
import { LockoutEngine } from 'nestjs-lockout';
import { RecoveryCodes } from '../challenges/recovery-codes.js';
import { JsonBody } from '../http/json-body.js';
import { SessionGuard } from '../sessions/session.guard.js';
import { SESSION_COOKIE } from '../sessions/session.middleware.js';
import { signOut } from '../sessions/signing-in.js';
import { momentOf } from '../users/lockout-end.js';
import type { User } from '../users/user.entity.js';
import { type Profile, profileOf } from '../users/users.js';
import { emptyBody } from './bodies.js';

interface Account extends Profile {
  /** Null: never locked. In the past: it is over. In the future: locked until then. Asked of the library. */
  readonly lockoutEndDate: string | null;
  /** The same as it stands on the user's own row, where the library's hook writes it a moment later. */
  readonly storedLockoutEndDate: string | null;
  /** Codes not used yet; only with `?recoveryCodes=1`. */
  readonly recoveryCodes?: readonly string[];
}

const isoOf = (moment: number | null): string | null =>
  moment === null ? null : new Date(moment).toISOString();

@Controller()
export class AccountController {
  constructor(
    private readonly lockout: LockoutEngine,
    private readonly recoveryCodes: RecoveryCodes,
  ) {}

  /** Who is signed in. A lock refuses new sign-ins and leaves this session alone. */
  @Get('me')
  @UseGuards(SessionGuard)
  @Header('Cache-Control', 'no-store')
  async me(@Req() request: Request, @Query('recoveryCodes') wanted: unknown): Promise<Account> {
    const user = request.user as User;
    const end = await this.lockout.accounts.lockoutEnd({ realm: user.realm, account: user.username });
    return {
      ...profileOf(user),
      lockoutEndDate: isoOf(momentOf(end)),
      storedLockoutEndDate: isoOf(user.lockoutEndDate),
      ...(wanted === '1' || wanted === 'true' ? { recoveryCodes: await this.recoveryCodes.list(user) } : {}),
    };
  }

  @Post('auth/logout')
  @HttpCode(204)
  @JsonBody(emptyBody)
  async logout(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<void> {
    await signOut(request);
    response.clearCookie(SESSION_COOKIE);
  }
}
