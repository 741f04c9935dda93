import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DEMO_CONFIG } from '../config/config.module.js';
import type { DemoConfig } from '../config/demo-config.js';
import { Mail } from './mail.entity.js';
import { MailboxController } from './mailbox.controller.js';
import { Mailbox } from './mailbox.js';
import { MailboxTransport } from './mailbox-transport.js';
import { Mailer } from './mailer.js';
import { Postman } from './postman.js';

@Module({
  imports: [TypeOrmModule.forFeature([Mail])],
  controllers: [MailboxController],
  providers: [
    Mailbox,
    MailboxTransport,
    Postman,
    {
      provide: Mailer,
      inject: [DEMO_CONFIG, MailboxTransport],
      useFactory: (config: DemoConfig, mailbox: MailboxTransport) => new Mailer(config.mail, mailbox),
    },
  ],
  exports: [MailboxTransport, Mailer, Postman],
})
export class MailModule {}
