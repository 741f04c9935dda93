import { Inject, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LessThan, MoreThan, Repository } from 'typeorm';
import type { Clock } from '../config/clock.js';
import { CLOCK } from '../config/config.module.js';
import { whenNotBusy } from '../database/busy.js';
import type { AccountName } from '../users/realm.js';
import { Challenge, type Purpose } from './challenge.entity.js';

const WINDOW_MS = 60 * 60_000;
/** Mails an hour to one recipient, of one kind. */
export const MAILS_PER_RECIPIENT = 10;
/** Mails an hour that one address may cause, to whomever. */
export const MAILS_PER_ADDRESS = 50;

/** Nobody's mailbox is flooded through us (R44, pitfall 24). Counted from what was sent; requests are never refused. */
@Injectable()
export class MailBudget {
  constructor(
    @InjectRepository(Challenge) private readonly challenges: Repository<Challenge>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Errands run one by one, so this process does not overdraw; several processes may by one mail each. */
  async allows({ realm, username }: AccountName, purpose: Purpose, address: string): Promise<boolean> {
    const createdAt = MoreThan(this.clock() - WINDOW_MS);
    const [toRecipient, fromAddress] = await Promise.all([
      this.challenges.countBy({ realm, username, purpose, createdAt }),
      this.challenges.countBy({ address, createdAt }),
    ]);
    return toRecipient < MAILS_PER_RECIPIENT && fromAddress < MAILS_PER_ADDRESS;
  }

  /** Forgets what neither counts nor works any more: nothing lives longer than the window. */
  async prune(): Promise<void> {
    await whenNotBusy(() => this.challenges.delete({ createdAt: LessThan(this.clock() - WINDOW_MS) }));
  }
}
