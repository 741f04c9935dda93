/** Whose trouble it is that a mail was not sent. */
export type SmtpFault =
  /** The server's: nobody gets mail now. */
  | { readonly of: 'server'; readonly problem: string }
  /** This mail's, for now: a full mailbox, greylisting. */
  | { readonly of: 'mail'; readonly problem: string }
  /** This mail's for good. */
  | { readonly of: 'recipient'; readonly problem: string };

/** As much of an error of nodemailer as is asked. */
interface SmtpError {
  readonly code?: unknown;
  readonly command?: unknown;
  readonly message?: unknown;
  readonly response?: unknown;
  readonly responseCode?: unknown;
  /** Of an error of the system: `connect`, `read`. */
  readonly syscall?: unknown;
}

/** By its shape: an error may come of another realm's Error. */
const isSmtpError = (error: unknown): error is SmtpError => typeof error === 'object' && error !== null;

/** `5.1.1` of `550 5.1.1 <bob@example.com>: no such user`. */
const ENHANCED = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/;

/** Errors without an answer of the server: not reached, not understood, or gone in between. */
const UNREACHED = new Set([
  ...['ECONNECTION', 'ESOCKET', 'ETIMEDOUT', 'EDNS', 'ETLS', 'EREQUIRETLS', 'EPROTOCOL', 'EAUTH', 'ENOAUTH'],
  ...['EOAUTH2', 'EPROXY', 'EMAXLIMIT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'EAI_AGAIN', 'ENOTFOUND'],
]);

/** Commands whose refusal is about this one mail. */
const OF_THE_MAIL = /^(RCPT TO|DATA)\b/i;

/**
 * Reads what a transport rejected with; null: nothing that it is known for. The problem goes into the store and before
 * administrators, so it names codes only: the server's words quote the recipient.
 */
export function smtpFault(error: unknown): SmtpFault | null {
  if (!isSmtpError(error)) return null;
  const { code, command, response, responseCode } = error;
  if (typeof responseCode === 'number') {
    const enhanced = typeof response === 'string' ? ENHANCED.exec(response)?.[1] : undefined;
    const answer = enhanced === undefined ? String(responseCode) : `${responseCode} ${enhanced}`;
    const isOfMail = typeof command === 'string' && OF_THE_MAIL.test(command) && responseCode !== 421;
    if (!isOfMail)
      return { of: 'server', problem: `The mail server refuses to work: it answered ${answer}.` };
    return responseCode >= 500
      ? { of: 'recipient', problem: `The mail server refused this mail for good: it answered ${answer}.` }
      : { of: 'mail', problem: `The mail server did not take this mail now: it answered ${answer}.` };
  }
  if (typeof code !== 'string' || !UNREACHED.has(code)) return null;
  return { of: 'server', problem: `The mail server is away (${systemCode(error) ?? code}).` };
}

/** What the system said, which nodemailer has in words only. */
function systemCode({ message }: SmtpError): string | undefined {
  return typeof message === 'string'
    ? /\bE(?:CONN|HOST|NET|PIPE|ADDR|ACC)[A-Z]*\b/.exec(message)?.[0]
    : undefined;
}

/** Commands before a mail's text. Not `CONN`: nodemailer says it of a connection that is lost at whatever time. */
const BEFORE_TEXT = /^(EHLO|HELO|LHLO|STARTTLS|AUTH\b.*|MAIL FROM|RCPT TO)$/i;

/** Errors of connections that were never there. */
const NEVER_OPEN = new Set(['EDNS', 'ETLS', 'ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

/**
 * Whether it is certain that nothing was sent. After the mail's text went out and before the server's answer came it is
 * not.
 */
export function isUnsent(error: unknown): boolean {
  if (!isSmtpError(error)) return false;
  const { code, command, responseCode, syscall } = error;
  if (typeof responseCode === 'number' || syscall === 'connect') return true;
  if (typeof code === 'string' && NEVER_OPEN.has(code)) return true;
  return typeof command === 'string' && BEFORE_TEXT.test(command);
}
