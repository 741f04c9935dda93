import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { PassportModule } from '@nestjs/passport';
import { ChallengesModule } from '../challenges/challenges.module.js';
import { JsonBodyGuard } from '../http/json-body.guard.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { AccountController } from './account.controller.js';
import { ChallengeController } from './challenge.controller.js';
import { LocalStrategy } from './local.strategy.js';
import { PasswordResetController } from './password-reset.controller.js';
import { SignInController } from './sign-in.controller.js';

@Module({
  imports: [PassportModule, SessionsModule, ChallengesModule],
  controllers: [SignInController, ChallengeController, PasswordResetController, AccountController],
  providers: [LocalStrategy, { provide: APP_GUARD, useClass: JsonBodyGuard }],
})
export class AuthModule {}
