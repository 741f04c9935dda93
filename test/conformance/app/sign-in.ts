import {
  BadRequestException,
  Body,
  type CanActivate,
  Controller,
  type ExecutionContext,
  HttpCode,
  Inject,
  Injectable,
  Post,
  Req,
  type Type,
  UnauthorizedException,
  UseGuards,
} from '@nestjs/common';
import { AuthGuard, PassportStrategy } from '@nestjs/passport';
import type { Request } from 'express';
import { Lockout } from 'nestjs-lockout';
import { LockoutStrategy } from 'nestjs-lockout/passport';
import { Strategy } from 'passport-local';
import { Authenticators, FORMAT, type Kind } from './authenticators.js';
import { type Person, USER_PROVIDER, type UserProvider } from './people.js';
import { brandOf, deviceOf, realmOf } from './request-facts.js';
import { Sessions } from './sessions.js';

/** The one sentence for a wrong credential and for a name nobody has (OS-23). */
export const WRONG = 'Invalid username or password';

/** A sign-in by anything but a password. */
export interface CodeBody {
  readonly username: string;
  readonly credential: string;
}

/** What a completed sign-in answers; after a first factor only what comes next. */
export type SignedIn = { readonly token: string } | { readonly next: 'totp' };

/**
 * Sign-in by name and password, as Nest's documentation has it. `strategyName`: Passport keeps one strategy of a name
 * for the whole process, and a process of tests holds several applications.
 */
export function passwordSignIn(strategyName: string): { readonly strategy: Type; readonly controller: Type } {
  @Injectable()
  @LockoutStrategy({
    method: 'password',
    realm: realmOf,
    brand: brandOf,
    device: deviceOf,
    final: (user) => !(user as Person).secondFactor,
  })
  class LocalStrategy extends PassportStrategy(Strategy, strategyName) {
    constructor(@Inject(USER_PROVIDER) private readonly users: UserProvider) {
      super({ passReqToCallback: true });
    }

    async validate(request: Request, username: string, password: string): Promise<Person> {
      const person = await this.users.verify(realmOf(request), username, password);
      if (!person) throw new UnauthorizedException(WRONG);
      return person;
    }
  }

  @Controller('auth')
  class PasswordController {
    constructor(@Inject(Sessions) private readonly sessions: Sessions) {}

    @Post('password')
    @HttpCode(200)
    @UseGuards(AuthGuard(strategyName))
    signIn(@Req() request: Request): SignedIn {
      const person = request.user as Person;
      return person.secondFactor ? { next: 'totp' } : { token: this.sessions.start(person) };
    }
  }

  return { strategy: LocalStrategy, controller: PasswordController };
}

/** Sign-in by a code, a link or a key of one kind, verified by the handler itself. */
export function codeSignIn(kind: Kind): Type {
  /** Before anything is charged: what cannot be a credential of this kind is a slip, not a guess (AG-3). */
  const format: CanActivate = {
    canActivate(context: ExecutionContext): boolean {
      const { username, credential } = (context.switchToHttp().getRequest<Request>().body ??
        {}) as Partial<CodeBody>;
      if (typeof username !== 'string' || typeof credential !== 'string' || !FORMAT[kind].test(credential)) {
        throw new BadRequestException(`That is not what a ${kind} looks like.`);
      }
      return true;
    },
  };

  @Controller(`auth/${kind}`)
  class CodeController {
    constructor(
      @Inject(USER_PROVIDER) private readonly users: UserProvider,
      @Inject(Authenticators) private readonly authenticators: Authenticators,
      @Inject(Sessions) private readonly sessions: Sessions,
    ) {}

    /** Asks for a code, a link or a challenge: the same answer for every name. */
    @Post('request')
    @HttpCode(202)
    async send(@Req() request: Request, @Body() { username }: CodeBody): Promise<void> {
      const person = await this.users.find(realmOf(request), username);
      if (person) this.authenticators.send(kind, person.id);
    }

    @Post()
    @HttpCode(200)
    @Lockout({
      method: kind,
      identifier: ({ body }: Request) => (body as CodeBody).username,
      realm: realmOf,
      brand: brandOf,
      device: deviceOf,
    })
    // Below @Lockout: decorators apply from the bottom up, so this guard runs first.
    @UseGuards(format)
    async signIn(@Req() request: Request, @Body() { username, credential }: CodeBody): Promise<SignedIn> {
      const person = await this.users.find(realmOf(request), username);
      const right = this.authenticators.verify(kind, person?.id ?? '', credential);
      if (!person || !right) throw new UnauthorizedException(WRONG);
      return { token: this.sessions.start(person) };
    }
  }
  return CodeController;
}
