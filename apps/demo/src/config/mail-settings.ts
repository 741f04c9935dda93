/** How the app's mails go out. */
export interface MailSettings {
  /** Null: they are not sent, but shown at /inbox. */
  readonly smtpUrl: string | null;
  /** In whose name: `security@example.com`, or `Example <security@example.com>`. */
  readonly from: string;
}

/** Nothing of this name is ever delivered to anybody (RFC 2606). */
const DEFAULT_FROM = 'Sample app <security@example.test>';

/** What separates addresses, quotes or comments in a header has no place in a part of an address. */
const PART = String.raw`[^\p{C}\p{Z}<>()[\]\\,;:"@]+`;
/** One mailbox: mails have one sender. */
const FROM = new RegExp(String.raw`^(?:[^<>@:;"\\\p{C}]+ <${PART}@${PART}>|${PART}@${PART})$`, 'u');

/** Reads `SMTP_URL` and `MAIL_FROM`. Adds to `problems` what is wrong, without the URL: it may have a password. */
export function readMail(
  smtpUrl: string | undefined,
  from: string | undefined,
  problems: string[],
): MailSettings {
  if (from && !FROM.test(from))
    problems.push('MAIL_FROM must be "security@example.com" or "Example <security@example.com>".');
  if (smtpUrl && !isSmtp(smtpUrl))
    problems.push(
      'SMTP_URL must begin with smtp:// or smtps:// and name a host: smtps://user:password@host:465.',
    );
  return { smtpUrl: smtpUrl || null, from: from || DEFAULT_FROM };
}

function isSmtp(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url !== null && ['smtp:', 'smtps:'].includes(url.protocol) && url.hostname !== '';
}
