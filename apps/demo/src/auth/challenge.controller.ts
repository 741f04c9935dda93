import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import type { Purpose } from '../challenges/challenge.entity.js';
import { ChallengeDesk } from '../challenges/challenge-desk.js';
import { JsonBody } from '../http/json-body.js';
import { type UsernameBody, usernameBody } from './bodies.js';

/** The same for everybody, and for nobody. */
export interface Accepted {
  readonly detail: string;
}

const ACCEPTED: Accepted = { detail: 'If there is such an account, a mail is on its way to its owner.' };

/** Requests for codes and links: answered alike whether or not anybody has that name (R44). */
@Controller('auth')
export class ChallengeController {
  constructor(private readonly desk: ChallengeDesk) {}

  @Post('otp/request')
  @HttpCode(202)
  @JsonBody(usernameBody)
  otp(@Body() body: UsernameBody, @Req() request: Request): Accepted {
    return this.take('otp', body, request);
  }

  @Post('magic-link/request')
  @HttpCode(202)
  @JsonBody(usernameBody)
  magicLink(@Body() body: UsernameBody, @Req() request: Request): Accepted {
    return this.take('magic-link', body, request);
  }

  @Post('password/forgot')
  @HttpCode(202)
  @JsonBody(usernameBody)
  forgot(@Body() body: UsernameBody, @Req() request: Request): Accepted {
    return this.take('password-reset', body, request);
  }

  private take(purpose: Purpose, name: UsernameBody, { ip = 'unknown' }: Request): Accepted {
    this.desk.request(purpose, name, ip);
    return ACCEPTED;
  }
}
