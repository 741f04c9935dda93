import { createTransport } from 'nodemailer';
import type { MailSettings } from '../config/mail-settings.js';
import type { Letter } from './mailbox.js';
import type { MailboxTransport } from './mailbox-transport.js';

/** Shorter than nodemailer's minutes: one letter after the other goes out. ms */
const PATIENCE = { connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 10_000 };

/** What nodemailer says of a mail that did not go out; its message may quote the recipient. */
interface SmtpError extends Error {
  readonly code?: string;
  readonly responseCode?: number;
}

/** Sends the app's own letters (codes, links), by the mail server or into the mailbox that the app shows. */
export class Mailer {
  private readonly transporter;

  constructor(
    private readonly settings: MailSettings,
    mailbox: MailboxTransport,
  ) {
    const { smtpUrl } = settings;
    this.transporter =
      smtpUrl === null ? createTransport(mailbox) : createTransport({ url: smtpUrl, ...PATIENCE });
  }

  /** Takes as long as the mail server: never for a request to wait for. */
  async send(letter: Letter): Promise<void> {
    try {
      await this.transporter.sendMail({
        ...letter,
        from: this.settings.from,
        headers: { 'Auto-Submitted': 'auto-generated' },
        disableFileAccess: true,
        disableUrlAccess: true,
      });
    } catch (error) {
      const { code, responseCode } = error as SmtpError;
      throw new Error(`the mail server did not take it (${responseCode ?? code ?? 'no reason given'})`);
    }
  }
}
