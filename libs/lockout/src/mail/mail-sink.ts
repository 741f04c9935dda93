import { DeliveryDelayedError, DeliveryRefusedError } from '../notify/delivery-errors.js';
import type { Delivery, LockoutSink } from '../notify/sink.js';
import type { LockoutEvent } from '../policy/event.js';
import type { LockoutPolicy } from '../policy/policy.js';
import type { RecordFacts } from '../store/record.js';
import { isMailAddress } from './mail-address.js';
import { mailBody } from './mail-body.js';
import type { MailBudget, MailPart } from './mail-budget.js';
import { MailGate } from './mail-gate.js';
import { type MailedEvent, mailedEvent } from './mail-kind.js';
import { type MailNotice, writeLetter } from './mail-letter.js';
import type { MailRecipient, ResolvedMailOptions } from './mail-options.js';
import type { MailMessage, OpenTransport } from './mail-transport.js';
import { endsLock } from './one-mail.js';
import { plainLine } from './plain-line.js';
import { isUnsent, smtpFault } from './smtp-fault.js';

/** A mail server that is away is asked again after the first, then after twice as long, up to the last, ms. */
const REST_MS = { first: 5_000, last: 300_000 };

/** What a {@link MailSink} is made of. */
export interface MailSinkParts {
  readonly options: ResolvedMailOptions;
  readonly transport: OpenTransport;
  readonly budget: MailBudget;
  /** The event, if a mail is sent about it as things are now: what {@link LockoutSink.wants} cannot know is looked at too. */
  readonly told: (event: LockoutEvent, facts: RecordFacts) => MailedEvent | null;
  /** The policy that governs a counter. */
  readonly policyOf: (counter: string) => LockoutPolicy | undefined;
  /** The account's id, if the application has one of that name and the facts are of it; null: they are of nobody. */
  readonly accountOf: (facts: RecordFacts) => string | null;
  /** Whether anything refuses the account now. */
  readonly isLocked: (realm: string, account: string) => Promise<boolean>;
  /** A new link that lifts the lock of which the event tells; null: none may be given. */
  readonly linkOf: (delivery: Delivery) => Promise<MailNotice['link']>;
  /** Whether this event is the one of its kin that the mail is about: see `carriesMail`. */
  readonly carries: (delivery: Delivery, signal: AbortSignal) => Promise<boolean>;
}

/** What became of deliveries, in running totals of this process. */
export interface MailTotals {
  readonly sent: number;
  /** Beyond the recipient's budget, for good. */
  readonly withheld: number;
}

/** Mails the owner of an account what happened at it. */
export class MailSink implements LockoutSink {
  readonly name = 'mail';
  readonly needsLabels = true;
  private readonly gate: MailGate;
  private readonly counts = { sent: 0, withheld: 0 };
  /** Times in a row that the mail server was away, as far as one mail after the other noticed. */
  private misses = 0;

  constructor(private readonly parts: MailSinkParts) {
    this.gate = new MailGate(parts.transport.width);
  }

  get totals(): MailTotals {
    return { ...this.counts };
  }

  wants(event: LockoutEvent, facts: RecordFacts): boolean {
    return mailedEvent(event, facts, this.parts.options.send) !== null;
  }

  async deliver(delivery: Delivery, signal: AbortSignal): Promise<void> {
    const { options, budget, told, accountOf, carries, isLocked } = this.parts;
    const { facts } = delivery;
    const { realm } = facts;
    const event = told(delivery.event, facts);
    const account = accountOf(facts);
    if (event === null || account === null) return;
    const recipient = await options.recipient({ realm, account, event });
    if (!recipient) return;
    const { address } = recipient;
    if (!isMailAddress(address)) {
      throw new DeliveryRefusedError('What `recipient` answered has no address that is one mail address.');
    }
    if (await budget.isSpent(event, realm, address)) return this.withhold();
    if (!(await carries(delivery, signal))) return;
    if (endsLock(event) && (await isLocked(realm, account))) return;
    const part = await budget.take(event, realm, address);
    if (!part) return this.withhold();
    await this.mail({ delivery, event, account, recipient, part }, signal);
  }

  private async mail(errand: Errand, signal: AbortSignal): Promise<void> {
    const { part } = errand;
    const { misses } = this;
    let isBegun = false;
    try {
      await this.gate.through(async () => {
        const message = await this.messageOf(errand);
        signal.throwIfAborted();
        isBegun = true;
        await this.parts.transport.send(message, signal);
      }, signal);
    } catch (error) {
      if (!isBegun || isUnsent(error)) await part.giveBack();
      throw isBegun ? this.explained(error, errand.recipient.address, misses) : error;
    }
    this.misses = 0;
    this.counts.sent += 1;
  }

  private async messageOf({ delivery, event, account, recipient, part }: Errand): Promise<MailMessage> {
    const { options, policyOf, linkOf } = this.parts;
    const { id, facts, now } = delivery;
    const notice: MailNotice = {
      event,
      facts,
      account,
      now,
      link: await linkOf(delivery),
      resetLifts: event.type === 'locked' && resetLifts(policyOf(facts.counter), event.until),
      isLast: part.isLast,
    };
    const name = plainLine(recipient.name ?? '', 100);
    return {
      ...mailBody(writeLetter(notice, { ...recipient, name }, options)),
      from: options.from,
      to: { name, address: recipient.address },
      // The same on every repeat, so that a mail that is sent twice is known to be one.
      messageId: `<${id}.lockout@${options.domain}>`,
      // When it is sent, as mail demands; when it happened is in the text.
      date: new Date(now),
      headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    };
  }

  private withhold(): void {
    this.counts.withheld += 1;
  }

  /** What failed, for the dispatcher. `missesBefore`: when the mail began; those that fail side by side are one miss. */
  private explained(error: unknown, address: string, missesBefore: number): unknown {
    const fault = smtpFault(error);
    if (fault === null) return withoutAddress(error, address);
    // Without the server's words, which quote the recipient.
    if (fault.of === 'recipient') return new DeliveryRefusedError(fault.problem);
    if (fault.of === 'mail') return new Error(fault.problem);
    if (missesBefore === this.misses) this.misses += 1;
    const restMs = Math.min(REST_MS.last, REST_MS.first * 2 ** (this.misses - 1));
    return new DeliveryDelayedError(fault.problem, restMs, { cause: fault.cause });
  }
}

/** An error of a transporter that is not nodemailer's own may name anybody. */
const withoutAddress = (error: unknown, address: string): Error =>
  new Error(String(error).replaceAll(address, '(recipient)'));

/** One mail that is to be sent. */
interface Errand {
  readonly delivery: Delivery;
  readonly event: MailedEvent;
  readonly account: string;
  readonly recipient: MailRecipient;
  readonly part: MailPart;
}

/** Whether a completed password reset lifts such a lock (R14). */
function resetLifts(policy: LockoutPolicy | undefined, until: number | null): boolean {
  if (policy?.onPasswordReset === 'unlock') return true;
  return policy?.onPasswordReset === 'unlock-timed' && until !== null;
}
