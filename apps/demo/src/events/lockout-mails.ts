import type { LockoutMailOptions } from 'nestjs-lockout/mail';
import type { DemoConfig } from '../config/demo-config.js';
import type { MailboxTransport } from '../mail/mailbox-transport.js';
import { REALMS } from '../users/realm.js';
import type { Users } from '../users/users.js';

/** Where the page of `LockoutUnlockLinkModule` is. */
export const UNLOCK_PATH = 'lockout/unlock';

/** The library mails no link to a page that is read in plain text over a network. */
export function canBeLinked(publicUrl: string): boolean {
  const { protocol, hostname } = new URL(publicUrl);
  return protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

/** What the library mails, to whom, and how. */
export function lockoutMails(
  users: Users,
  mailbox: MailboxTransport,
  { mail, lockout }: DemoConfig,
  publicUrl: string,
): LockoutMailOptions {
  const links = { links: { url: `${publicUrl}/${UNLOCK_PATH}` }, resetUrl: `${publicUrl}/` };
  return {
    transport: mail.smtpUrl ?? mailbox,
    from: mail.from,
    product: 'Sample app',
    recipient: async ({ realm: name, account }) => {
      const realm = REALMS.find((known) => known === name);
      const user = realm ? await users.find({ realm, username: account }) : null;
      return user && { address: user.email, name: user.username };
    },
    ...(canBeLinked(publicUrl) ? links : {}),
    ...(lockout.mails ? { send: lockout.mails } : {}),
  };
}
