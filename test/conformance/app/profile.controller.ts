import {
  Body,
  Controller,
  ForbiddenException,
  Get,
  HttpCode,
  Inject,
  Post,
  Req,
  UseGuards,
} from '@nestjs/common';
import { LockoutEngine } from 'nestjs-lockout';
import { People } from './people.js';
import { SessionGuard, type SignedInRequest } from './sessions.js';

/** What somebody who is signed in sees and changes. */
@Controller('profile')
@UseGuards(SessionGuard)
export class ProfileController {
  constructor(
    @Inject(People) private readonly people: People,
    @Inject(LockoutEngine) private readonly engine: LockoutEngine,
  ) {}

  /** `lockout_end_date`: empty if never locked, else ISO-8601 in UTC; in the future while locked (R5-13). */
  @Get()
  async show(@Req() { person }: SignedInRequest): Promise<unknown> {
    const end = await this.engine.accounts.lockoutEnd({ account: person.id, realm: person.realm });
    return {
      name: person.name,
      lockout_end_date: typeof end === 'number' ? new Date(end).toISOString() : end === 'never' ? '' : end,
    };
  }

  @Post('password')
  @HttpCode(204)
  async changePassword(
    @Req() { person }: SignedInRequest,
    @Body() { current, next }: { readonly current: string; readonly next: string },
  ): Promise<void> {
    if (!(await this.people.verify(person.realm, person.name, current))) throw new ForbiddenException();
    await this.people.setPassword(person.id, next);
  }

  @Post('name')
  @HttpCode(204)
  rename(@Req() { person }: SignedInRequest, @Body() { name }: { readonly name: string }): void {
    this.people.rename(person.id, name);
  }
}
