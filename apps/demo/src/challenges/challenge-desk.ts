import { Inject, Injectable } from '@nestjs/common';
import { PUBLIC_URL } from '../config/config.module.js';
import { Mailer } from '../mail/mailer.js';
import { Postman } from '../mail/postman.js';
import type { AccountName } from '../users/realm.js';
import type { User } from '../users/user.entity.js';
import { Users } from '../users/users.js';
import type { Purpose } from './challenge.entity.js';
import { Challenges } from './challenges.js';
import { codeLetter, linkLetter, resetLetter } from './letters.js';
import { MailBudget } from './mail-budget.js';

/** Takes requests for codes and links. Nothing that is looked up or written happens before the answer (R44). */
@Injectable()
export class ChallengeDesk {
  constructor(
    private readonly users: Users,
    private readonly challenges: Challenges,
    private readonly budget: MailBudget,
    private readonly mailer: Mailer,
    private readonly postman: Postman,
    @Inject(PUBLIC_URL) private readonly publicUrl: string,
  ) {}

  request(purpose: Purpose, typed: AccountName, address: string): void {
    this.postman.later(async () => {
      await this.budget.prune();
      const user = await this.users.find(typed);
      if (!user || !(await this.budget.allows(user, purpose, address))) return;
      await this.mailer.send(await this.letterFor(purpose, user, address));
    });
  }

  private async letterFor(purpose: Purpose, user: User, address: string) {
    if (purpose === 'otp') return codeLetter(user, await this.challenges.issueCode(user, address));
    const token = await this.challenges.issueToken(purpose, user, address);
    if (purpose === 'magic-link') return linkLetter(user, `${this.publicUrl}/magic-link?token=${token}`);
    return resetLetter(user, `${this.publicUrl}/reset?token=${token}`);
  }
}
