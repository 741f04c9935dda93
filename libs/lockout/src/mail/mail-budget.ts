import type { Quotas } from '../store/quotas.js';
import type { MailedEvent } from './mail-kind.js';

/** What a mail takes of its recipient's budget. */
export interface MailPart {
  /** Whether it is the last that there is. */
  readonly isLast: boolean;
  /** For a mail that was certainly not sent. Never rejects: at worst one mail less is sent. */
  giveBack(): Promise<void>;
}

/** Names a budget in the store: 64 hex digits, keyed. */
export type QuotaId = (use: string, realm: string, subject: string) => string;

/**
 * What strangers can bring about, and what only the owner or an administrator can: each has a budget of its own, so that
 * nobody can use up the one and then get in unnoticed.
 */
const useOf = ({ type }: MailedEvent): string =>
  type === 'succeeded-after-failures' || type === 'unlocked' ? 'mail/access' : 'mail/attempts';

/** So many mails to one recipient in so long a time, for all processes together. */
export class MailBudget {
  constructor(
    private readonly quotas: Quotas,
    private readonly quotaId: QuotaId,
    private readonly limits: { readonly mails: number; readonly windowMs: number },
  ) {}

  /** Whether there is nothing left now. Takes nothing. */
  async isSpent(about: MailedEvent, realm: string, address: string): Promise<boolean> {
    return (await this.quotas.quotaTaken(this.idOf(about, realm, address))) >= this.limits.mails;
  }

  /** Null: nothing is left. */
  async take(about: MailedEvent, realm: string, address: string): Promise<MailPart | null> {
    const { quotas } = this;
    const { mails, windowMs } = this.limits;
    const id = this.idOf(about, realm, address);
    // Of `mails` parts only the last cannot be had under a limit of one less.
    const isBefore = mails > 1 && (await quotas.takeQuota(id, mails - 1, windowMs));
    if (!isBefore && !(await quotas.takeQuota(id, mails, windowMs))) return null;
    return {
      isLast: !isBefore,
      giveBack: async () => {
        try {
          await quotas.returnQuota(id);
        } catch {
          // The store does not answer: the part is lost until the window ends.
        }
      },
    };
  }

  private idOf(about: MailedEvent, realm: string, address: string): string {
    return this.quotaId(useOf(about), realm, address.toLowerCase());
  }
}
