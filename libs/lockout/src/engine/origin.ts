import type { EventOrigin } from '../policy/event.js';

/** Longest user agent that is recorded, in UTF-16 code units. Real ones have 100 to 300. */
const MAX_USER_AGENT_LENGTH = 512;

/** What could forge a line of a log or change how one reads: controls, line separators, format and broken characters. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Whoever guesses writes it: cut, and without what a log or a terminal would obey. Undefined: nothing is left. */
function printable(userAgent: string | null | undefined): string | undefined {
  if (typeof userAgent !== 'string') return undefined;
  // Cut first, so that a long one costs nothing; the cut may halve a character.
  const text = userAgent.slice(0, MAX_USER_AGENT_LENGTH).replace(UNPRINTABLE, '').trim();
  return text === '' ? undefined : text;
}

/** Whom an attempt tries and where it comes from, for the record. */
export function originOf(
  account: string,
  address: string | null,
  device: string | null,
  userAgent: string | null | undefined,
): EventOrigin {
  const agent = printable(userAgent);
  return {
    account,
    ...(address === null ? {} : { address }),
    ...(device === null ? {} : { device }),
    ...(agent === undefined ? {} : { userAgent: agent }),
  };
}
