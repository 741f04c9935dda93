import { Controller, Get, Header, Inject, NotFoundException } from '@nestjs/common';
import { DEMO_CONFIG } from '../config/config.module.js';
import { type DemoConfig, showsMails } from '../config/demo-config.js';
import { Mailbox } from './mailbox.js';
import { Postman } from './postman.js';

/** Everybody's mail, readable by everybody: for development only. */
@Controller('mailbox')
export class MailboxController {
  constructor(
    private readonly mailbox: Mailbox,
    private readonly postman: Postman,
    @Inject(DEMO_CONFIG) private readonly config: DemoConfig,
  ) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  async list(): Promise<readonly unknown[]> {
    if (!showsMails(this.config)) throw new NotFoundException();
    // Who just asked for a mail finds it.
    await this.postman.idle();
    return this.mailbox.list();
  }
}
