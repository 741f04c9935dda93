/** Longest address, in UTF-16 code units (RFC 5321, 4.5.3.1). */
const MAX_LENGTH = 254;

/** What separates addresses, quotes or comments in a header, and whatever does not print. */
const UNFIT = /[\p{C}\p{Z}<>()[\]\\,;:"]/u;

/**
 * Whether a text is one plain mail address: `local@domain`. Nothing in it can end a header, add a recipient, or name one
 * in another way than it reads.
 */
export function isMailAddress(text: unknown): text is string {
  if (typeof text !== 'string' || text.length > MAX_LENGTH || UNFIT.test(text)) return false;
  const [local, domain, ...rest] = text.split('@');
  return Boolean(local && domain) && rest.length === 0;
}

/** One mailbox, as a mail is from one. */
export interface Mailbox {
  /** Empty: none. */
  readonly name: string;
  readonly address: string;
}

/** A name in quotes may hold anything. */
const QUOTED = /^"((?:[^"\\]|\\.)*)"$/;
/** Without quotes these would make several mailboxes, a group, or an address of a name. */
const UNQUOTED = /^[^<>@:;"\\]*$/;

/** The mailbox that `address` or `Name <address>` is; null: it is none, or more than one. */
export function mailboxIn(text: unknown): Mailbox | null {
  if (typeof text !== 'string') return null;
  const start = text.lastIndexOf('<');
  if (start < 0) return isMailAddress(text) ? { name: '', address: text } : null;
  const address = text.slice(start + 1, -1);
  if (!text.endsWith('>') || !isMailAddress(address)) return null;
  const given = text.slice(0, start).trim();
  const quoted = QUOTED.exec(given)?.[1];
  if (quoted !== undefined) return { name: quoted.replaceAll(/\\(.)/g, '$1'), address };
  return UNQUOTED.test(given) ? { name: given, address } : null;
}
