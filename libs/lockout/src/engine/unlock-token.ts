import { createHash } from 'node:crypto';

/** 256 bits: nobody guesses one, so that it needs no other defence (R44). */
const TOKEN_BYTES = 32;

/** So many bytes as base64url, without padding. */
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** A new token, and the digest under which it is kept. `random`: so many bytes that never repeat, as hex. */
export function freshToken(random: (bytes: number) => string): {
  readonly token: string;
  readonly digest: string;
} {
  const token = Buffer.from(random(TOKEN_BYTES), 'hex').toString('base64url');
  return { token, digest: sha256(token) };
}

/**
 * The digest of a token that somebody brought; null: it cannot be one. Of its text, not of its bytes: the last character
 * holds bits that no byte takes, so an altered token could be the same bytes.
 */
export function digestOfToken(token: unknown): string | null {
  return typeof token === 'string' && TOKEN.test(token) ? sha256(token) : null;
}

/** Of text, 64 hex digits. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
