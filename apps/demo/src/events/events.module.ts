import { Module } from '@nestjs/common';
import { LockoutUnlockLinkModule } from 'nestjs-lockout';
import { LockoutMailModule } from 'nestjs-lockout/mail';
import { DEMO_CONFIG, PUBLIC_URL } from '../config/config.module.js';
import { MailModule } from '../mail/mail.module.js';
import { MailboxTransport } from '../mail/mailbox-transport.js';
import { Users } from '../users/users.js';
import { UsersModule } from '../users/users.module.js';

import { LockoutEnds } from './lockout-ends.js';
import { lockoutMails, UNLOCK_PATH } from './lockout-mails.js';
import { SignInLog } from './sign-in-log.js';

/** Where lockout events go: mails to the owners, their rows, the log. Nothing of it in the path of a request. */
@Module({
  imports: [
    LockoutMailModule.forRootAsync({
      imports: [UsersModule, MailModule],
      inject: [Users, MailboxTransport, DEMO_CONFIG, PUBLIC_URL],
      useFactory: lockoutMails,
    }),
    LockoutUnlockLinkModule.forRoot({ path: UNLOCK_PATH, signInUrl: '/' }),
    UsersModule,
  ],
  providers: [LockoutEnds, SignInLog],
})
export class EventsModule {}
