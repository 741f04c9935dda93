import type { Quotas } from '../store/quotas.js';
import type { MailedEvent } from './mail-kind.js';

/** A mail that asks for its part. */
export interface BudgetedMail {
  /** Of its delivery: the same on every repeat. */
  readonly id: string;
  readonly event: MailedEvent;
  readonly realm: string;
  readonly address: string;
}

/** What a mail takes of its recipient's budget, once, however often it is tried. */
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

/**
 * So many mails to one recipient in so long a time, for all processes together. A mail that has its part keeps it over its
 * repeats, as long as a window: what became of a try often nobody knows (a connection that is lost, a process that dies),
 * and a mail server in trouble would use up the budget of everybody without sending anything.
 */
export class MailBudget {
  constructor(
    private readonly quotas: Quotas,
    private readonly quotaId: QuotaId,
    private readonly limits: { readonly mails: number; readonly windowMs: number },
  ) {}

  /** Whether there is nothing left now for this mail. Takes nothing. */
  async isSpent(mail: BudgetedMail): Promise<boolean> {
    return (await this.isAllTaken(mail)) && !(await this.hasPart(mail));
  }

  /** Null: nothing is left. */
  async take(mail: BudgetedMail): Promise<MailPart | null> {
    // Not its to give back: an earlier try may have been sent.
    if (await this.hasPart(mail)) return { isLast: await this.isAllTaken(mail), giveBack: async () => {} };
    const { quotas } = this;
    const { mails, windowMs } = this.limits;
    const id = this.idOf(mail);
    // Of `mails` parts only the last cannot be had under a limit of one less.
    const isBefore = mails > 1 && (await quotas.takeQuota(id, mails - 1, windowMs));
    if (!isBefore && !(await quotas.takeQuota(id, mails, windowMs))) return null;
    const partId = this.partIdOf(mail);
    try {
      await quotas.takeQuota(partId, 1, windowMs);
    } catch (error) {
      await this.giveBack([id]);
      throw error;
    }
    // In this order: what has no part any more never passes for having one.
    return { isLast: !isBefore, giveBack: () => this.giveBack([partId, id]) };
  }

  /** Whether the mail was sent, or may have been. */
  async hasPart(mail: BudgetedMail): Promise<boolean> {
    return (await this.quotas.quotaTaken(this.partIdOf(mail))) > 0;
  }

  private async giveBack(ids: readonly string[]): Promise<void> {
    try {
      for (const id of ids) await this.quotas.returnQuota(id);
    } catch {
      // The store does not answer: the part is lost until the window ends.
    }
  }

  private async isAllTaken(mail: BudgetedMail): Promise<boolean> {
    return (await this.quotas.quotaTaken(this.idOf(mail))) >= this.limits.mails;
  }

  private idOf({ event, realm, address }: BudgetedMail): string {
    return this.quotaId(useOf(event), realm, address.toLowerCase());
  }

  private partIdOf({ id, realm, address }: BudgetedMail): string {
    return this.quotaId('mail/part', realm, `${id} ${address.toLowerCase()}`);
  }
}
