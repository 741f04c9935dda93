import { DeliveryDelayedError, DeliveryRefusedError } from '../notify/delivery-errors.js';
import type { Delivery, LockoutSink } from '../notify/sink.js';
import type { LockoutEvent } from '../policy/event.js';
import type { LockoutPolicy } from '../policy/policy.js';
import type { RecordFacts } from '../store/record.js';
import { isMailAddress } from './mail-address.js';
import { mailBody } from './mail-body.js';
import type { MailBudget, MailPart } from './mail-budget.js';
import { type MailedEvent, mailedEvent } from './mail-kind.js';
import { type MailNotice, writeLetter } from './mail-letter.js';
import type { MailQuestion, MailRecipient, ResolvedMailOptions } from './mail-options.js';
import type { MailMessage, OpenTransport } from './mail-transport.js';
import { MailTurns, SlowMailError } from './mail-turns.js';
import { endsLock, type Kin } from './one-mail.js';
import { plainLine } from './plain-line.js';
import { isUnsent, type SmtpFault, smtpFault } from './smtp-fault.js';
import { thrownCode } from './thrown-code.js';

/** A mail server that is away is asked again after the first, then after twice as long, up to the last, ms. */
const REST_MS = { first: 5_000, last: 300_000 };

/** What a {@link MailSink} is made of. */
export interface MailSinkParts {
  readonly options: ResolvedMailOptions;
  readonly transport: OpenTransport;
  readonly budget: MailBudget;
  /** The event, if a mail is sent about it as things are now: what {@link LockoutSink.wants} cannot know is looked at too. */
  readonly told: (event: LockoutEvent, facts: RecordFacts) => MailedEvent | null;
  /** Milliseconds since some fixed moment; never goes back. */
  readonly monotonic: () => number;
  /** The policy that governs a counter. */
  readonly policyOf: (counter: string) => LockoutPolicy | undefined;
  /** Whether anything refuses the account now. */
  readonly isLocked: (realm: string, account: string) => Promise<boolean>;
  /** Whether the lock of which the event tells is in force still. */
  readonly isStanding: (delivery: Delivery, account: string) => Promise<boolean>;
  /** A new link that lifts the lock of which the event tells; null: none may be given. */
  readonly linkOf: (delivery: Delivery) => Promise<MailNotice['link']>;
  /** Whether this event is the one of its kin that the mail is about: see `carriesMail`. */
  readonly carries: (delivery: Delivery, isMailed: Kin['isMailed'], signal: AbortSignal) => Promise<boolean>;
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
  private readonly turns: MailTurns;
  private readonly counts = { sent: 0, withheld: 0 };
  /** Times in a row that the mail server was away, as far as one mail after the other noticed. */
  private misses = 0;

  constructor(private readonly parts: MailSinkParts) {
    this.turns = new MailTurns(parts.transport);
  }

  get totals(): MailTotals {
    return { ...this.counts };
  }

  wants(event: LockoutEvent, facts: RecordFacts): boolean {
    return mailedEvent(event, facts, this.parts.options.send) !== null;
  }

  async deliver(delivery: Delivery, signal: AbortSignal): Promise<void> {
    const { budget, told, carries, isLocked, monotonic } = this.parts;
    const since = monotonic();
    const { facts, account } = delivery;
    const { realm } = facts;
    const event = told(delivery.event, facts);
    // A name that nobody has may read like the id of somebody who was never tried.
    if (event === null || typeof account !== 'string') return;
    const recipient = await this.recipientOf({ realm, account, event });
    if (!recipient) return;
    const { address } = recipient;
    const mail = { id: delivery.id, event, realm, address };
    if (await budget.isSpent(mail)) return this.withhold();
    const isMailed = (id: string): Promise<boolean> => budget.hasPart({ ...mail, id });
    if (!(await carries(delivery, isMailed, signal))) return;
    if (endsLock(event) && (await isLocked(realm, account))) return;
    const part = await budget.take(mail);
    if (!part) return this.withhold();
    await this.mail({ delivery, event, account, recipient, part, since }, signal);
  }

  /** Without the words of what the application threw: they are stored and shown, and may name anybody. */
  private async recipientOf(about: MailQuestion): Promise<MailRecipient | null> {
    const { recipient } = this.parts.options;
    try {
      return checkedRecipient(await recipient(about));
    } catch (error) {
      // Those are meant to be kept.
      if (error instanceof DeliveryRefusedError || error instanceof DeliveryDelayedError) throw error;
      throw new Error(`\`recipient\` threw ${thrownCode(error)}.`);
    }
  }

  private async mail(errand: Errand, signal: AbortSignal): Promise<void> {
    const { part, since } = errand;
    const { misses } = this;
    // Or may have been: only what certainly was not gives its part back.
    let isSent = false;
    try {
      await this.turns.run(
        async (until) => {
          const message = await this.messageOf(errand);
          until.throwIfAborted();
          isSent = true;
          await this.parts.transport.send(message, until).catch((error: unknown) => {
            isSent = !isUnsent(error);
            // Here, before another mail has its place.
            throw this.explained(error, misses);
          });
        },
        signal,
        this.parts.monotonic() - since,
      );
    } catch (error) {
      if (!isSent) await part.giveBack();
      throw error instanceof SlowMailError ? this.explained(error, misses) : error;
    }
    this.misses = 0;
    this.counts.sent += 1;
  }

  private async messageOf({ delivery, event, account, recipient, part }: Errand): Promise<MailMessage> {
    const { options, policyOf, isStanding, linkOf } = this.parts;
    const { id, facts, now } = delivery;
    const notice: MailNotice = {
      event,
      facts,
      account,
      now,
      link: await linkOf(delivery),
      resetLifts: event.type === 'locked' && resetLifts(policyOf(facts.counter), event.until),
      isLifted: event.type === 'locked' && !hasEnded(event, now) && !(await isStanding(delivery, account)),
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
  private explained(error: unknown, missesBefore: number): unknown {
    const fault = error instanceof SlowMailError ? slowness(error) : smtpFault(error);
    if (fault === null) return new Error(`The transport threw ${thrownCode(error)}.`);
    // Without the server's words, which quote the recipient.
    if (fault.of === 'recipient') return new DeliveryRefusedError(fault.problem);
    if (fault.of === 'mail') return new Error(fault.problem);
    if (missesBefore === this.misses) this.misses += 1;
    const restMs = Math.min(REST_MS.last, REST_MS.first * 2 ** (this.misses - 1));
    const delayed = new DeliveryDelayedError(fault.problem, restMs);
    // They would only find out the same, and some not in time.
    this.turns.callBack(delayed);
    return delayed;
  }
}

const slowness = ({ message }: SlowMailError): SmtpFault => ({ of: 'server', problem: message });

const hasEnded = ({ until }: { readonly until: number | null }, now: number): boolean =>
  until !== null && until <= now;

/** Plain JavaScript may answer anything. Throws DeliveryRefusedError. */
function checkedRecipient(recipient: MailRecipient | null): MailRecipient | null {
  if (!recipient) return null;
  if (!isMailAddress(recipient.address)) {
    throw new DeliveryRefusedError('What `recipient` answered has no address that is one mail address.');
  }
  for (const part of ['name', 'locale', 'timeZone'] as const) {
    const value: unknown = recipient[part];
    if (value === undefined || value === null || typeof value === 'string') continue;
    throw new DeliveryRefusedError(`What \`recipient\` answered has a \`${part}\` that is no text.`);
  }
  return recipient;
}

/** One mail that is to be sent. */
interface Errand {
  readonly delivery: Delivery;
  readonly event: MailedEvent;
  readonly account: string;
  readonly recipient: MailRecipient;
  readonly part: MailPart;
  /** Monotonic ms at which its delivery began. */
  readonly since: number;
}

/** Whether a completed password reset lifts such a lock (R14). */
function resetLifts(policy: LockoutPolicy | undefined, until: number | null): boolean {
  if (policy?.onPasswordReset === 'unlock') return true;
  return policy?.onPasswordReset === 'unlock-timed' && until !== null;
}
