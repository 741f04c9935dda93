import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DEMO_CONFIG } from '../config/config.module.js';
import type { DemoConfig } from '../config/demo-config.js';
import { MailModule } from '../mail/mail.module.js';
import { UsersModule } from '../users/users.module.js';
import { Challenge } from './challenge.entity.js';
import { ChallengeDesk } from './challenge-desk.js';
import { ChallengeKeys } from './challenge-keys.js';
import { Challenges } from './challenges.js';
import { MailBudget } from './mail-budget.js';
import { RecoveryCodes } from './recovery-codes.js';
import { UsedRecoveryCode } from './used-recovery-code.entity.js';

@Module({
  imports: [TypeOrmModule.forFeature([Challenge, UsedRecoveryCode]), UsersModule, MailModule],
  providers: [
    {
      provide: ChallengeKeys,
      inject: [DEMO_CONFIG],
      useFactory: (config: DemoConfig) => new ChallengeKeys(config.secrets.session),
    },
    Challenges,
    ChallengeDesk,
    MailBudget,
    RecoveryCodes,
  ],
  exports: [Challenges, ChallengeDesk, RecoveryCodes],
})
export class ChallengesModule {}
