import { Inject, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LessThan, Repository } from 'typeorm';
import type { Clock } from '../config/clock.js';
import { CLOCK } from '../config/config.module.js';
import { whenNotBusy } from '../database/busy.js';
import { Mail } from './mail.entity.js';

export interface Letter {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const KEPT = 100;
const KEPT_MS = 7 * 24 * 60 * 60_000;

/** Where the app's mails go while there is no mail server. */
@Injectable()
export class Mailbox {
  constructor(
    @InjectRepository(Mail) private readonly mails: Repository<Mail>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** `id`, of at most 64 characters: a mail that is sent twice is kept once. */
  async post({ to, ...letter }: Letter, id: string): Promise<void> {
    const at = this.clock();
    const insertion = this.mails
      .createQueryBuilder()
      .insert()
      .values({ id, recipient: to, ...letter, at });
    await whenNotBusy(() => insertion.orIgnore().execute());
    await whenNotBusy(() => this.mails.delete({ at: LessThan(at - KEPT_MS) }));
  }

  /** The latest hundred, newest first. */
  async list(): Promise<readonly (Letter & { readonly at: string })[]> {
    const mails = await this.mails.find({ order: { at: 'DESC' }, take: KEPT });
    return mails.map(({ recipient, subject, text, html, at }) => ({
      to: recipient,
      subject,
      text,
      html,
      at: new Date(at).toISOString(),
    }));
  }
}
