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

/** The address in `address` or `Name <address>`; null: there is none. */
export function mailAddressIn(text: unknown): string | null {
  if (typeof text !== 'string') return null;
  const address = /<([^<>]*)>$/.exec(text)?.[1] ?? text;
  return isMailAddress(address) ? address : null;
}
