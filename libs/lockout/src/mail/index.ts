export { LockoutMailModule } from './lockout-mail-module.js';
export type { MailedEvent, MailKind } from './mail-kind.js';
export type {
  LockoutMailAsyncOptions,
  LockoutMailOptions,
  MailQuestion,
  MailRecipient,
} from './mail-options.js';
export { MailSink, type MailTotals } from './mail-sink.js';
export type { GivenTransport, MailTransporter } from './mail-transport.js';
export type { MailMessageId, MailMessages, MailTexts } from './messages/mail-messages.js';
export { MAIL_MESSAGES } from './messages/text-check.js';
