import {
  Body,
  Controller,
  HttpCode,
  Post,
  Req,
  UnauthorizedException,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { Request } from 'express';
import { Lockout } from 'nestjs-lockout';
import { Challenges } from '../challenges/challenges.js';
import { RecoveryCodes } from '../challenges/recovery-codes.js';
import { JsonBody } from '../http/json-body.js';
import { realmOf } from '../users/realm.js';
import type { User } from '../users/user.entity.js';
import { Users } from '../users/users.js';
import {
  type CodeBody,
  credentialsBody,
  otpBody,
  recoveryCodeBody,
  type TokenBody,
  tokenBody,
} from './bodies.js';
import { MagicLinkGuard } from './magic-link.guard.js';
import { SignInInterceptor } from './sign-in.interceptor.js';

const typedName = (request: Request): string => (request.body as CodeBody).username;

/** The ways to sign in. Each returns who it is, or throws 401; the interceptor makes the session. */
@Controller('auth')
@UseInterceptors(SignInInterceptor)
export class SignInController {
  constructor(
    private readonly users: Users,
    private readonly challenges: Challenges,
    private readonly recoveryCodes: RecoveryCodes,
  ) {}

  @Post('login')
  @HttpCode(200)
  @JsonBody(credentialsBody)
  @UseGuards(AuthGuard('local'))
  password(@Req() request: Request): User {
    return request.user as User;
  }

  @Post('otp')
  @HttpCode(200)
  @JsonBody(otpBody)
  @Lockout({ method: 'otp', identifier: typedName, realm: realmOf })
  async otp(@Body() { code, ...typed }: CodeBody): Promise<User> {
    const user = await this.users.find(typed);
    const right = await this.challenges.redeemCode(user ?? typed, code);
    if (!user || !right) throw new UnauthorizedException('Wrong or expired code.');
    return user;
  }

  @Post('recovery-code')
  @HttpCode(200)
  @JsonBody(recoveryCodeBody)
  @Lockout({ method: 'recovery-code', identifier: typedName, realm: realmOf })
  async recoveryCode(@Body() { code, ...typed }: CodeBody): Promise<User> {
    const user = await this.users.find(typed);
    const right = await this.recoveryCodes.redeem(user, code);
    if (!user || !right) throw new UnauthorizedException('Wrong or used code.');
    return user;
  }

  @Post('magic-link')
  @HttpCode(200)
  @JsonBody(tokenBody)
  @Lockout({
    method: 'magic-link',
    account: (request: Request) => request.linkOwner?.username ?? '',
    realm: (request: Request) => request.linkOwner?.realm,
  })
  // Below @Lockout because decorators apply from the bottom up: this guard runs first.
  @UseGuards(MagicLinkGuard)
  async magicLink(@Body() { token }: TokenBody): Promise<User> {
    const owner = await this.challenges.redeemToken('magic-link', token);
    const user = owner === null ? null : await this.users.find(owner);
    if (!user) throw new UnauthorizedException('This link has expired or was already used.');
    return user;
  }
}
