import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { MailMessage, SentMessageInfo, Transport } from 'nodemailer';
import { Mailbox } from './mailbox.js';

/** Nodemailer also takes streams and files; nobody here sends any. */
const textOf = (content: unknown): string => (typeof content === 'string' ? content : '');

/** Nodemailer's way into the mailbox that the app shows, for when there is no mail server. */
@Injectable()
export class MailboxTransport implements Transport {
  readonly name = 'mailbox';
  readonly version = '1';

  constructor(private readonly mailbox: Mailbox) {}

  send(mail: MailMessage, done: (error: Error | null, info: SentMessageInfo) => void): void {
    const envelope = mail.message.getEnvelope();
    const messageId = mail.message.messageId();
    const id = createHash('sha256').update(messageId).digest('hex');
    const { subject, text, html } = mail.data;
    const letter = { subject: textOf(subject), text: textOf(text), html: textOf(html) };
    Promise.all([envelope.to].flat().map((to) => this.mailbox.post({ to: textOf(to), ...letter }, id))).then(
      () => done(null, { envelope, messageId }),
      (error: Error) => done(error, { envelope, messageId }),
    );
  }
}
