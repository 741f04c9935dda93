import { createHash, randomBytes } from 'node:crypto';
import { Body, Controller, ForbiddenException, HttpCode, Inject, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import { LockoutEngine } from 'nestjs-lockout';
import { People } from './people.js';
import { PostOffice } from './post-office.js';
import { realmOf } from './request-facts.js';

/** "Forgot password": a link by mail, and a new password for its token. */
@Controller('password-reset')
export class PasswordResetController {
  /** Digest of the token → the account. */
  private readonly open = new Map<string, string>();

  constructor(
    @Inject(People) private readonly people: People,
    @Inject(PostOffice) private readonly post: PostOffice,
    @Inject(LockoutEngine) private readonly engine: LockoutEngine,
  ) {}

  /** Asking changes nothing but the mailbox, and answers the same for every name. */
  @Post('request')
  @HttpCode(202)
  async ask(@Req() request: Request, @Body() { username }: { readonly username: string }): Promise<void> {
    const person = await this.people.find(realmOf(request), username);
    if (!person) return;
    const token = randomBytes(32).toString('hex');
    this.open.set(digest(token), person.id);
    this.post.send(person.id, { subject: 'Reset your password', text: token });
  }

  @Post()
  @HttpCode(204)
  async complete(
    @Body() { token, password }: { readonly token: string; readonly password: string },
  ): Promise<void> {
    const person = this.people.get(this.open.get(digest(token)) ?? '');
    if (!person) throw new ForbiddenException('This link was used already.');
    this.open.delete(digest(token));
    await this.people.setPassword(person.id, password);
    await this.engine.passwordReset({ account: person.id, realm: person.realm });
  }
}

const digest = (token: string): string => createHash('sha256').update(token).digest('hex');
