import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Mail } from './mail.entity.js';
import { MailboxController } from './mailbox.controller.js';
import { Mailbox } from './mailbox.js';
import { Postman } from './postman.js';

@Module({
  imports: [TypeOrmModule.forFeature([Mail])],
  controllers: [MailboxController],
  providers: [Mailbox, Postman],
  exports: [Mailbox, Postman],
})
export class MailModule {}
