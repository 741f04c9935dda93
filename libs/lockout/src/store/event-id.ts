import { createHash } from 'node:crypto';
import type { LockoutKey } from '../key/key.js';
import type { Version } from './record.js';

/**
 * Idempotency key of the `n`-th event of one swap: the first 16 bytes of SHA-256 over key, new version and `n`, as 32
 * hex digits (R29). Versions never repeat, so neither do ids; the same swap sent twice has the same ids.
 */
export function eventId(key: LockoutKey, version: Version, n: number): string {
  const place = Buffer.alloc(4);
  place.writeUInt32BE(n);
  return createHash('sha256')
    .update(Buffer.from(key, 'hex'))
    .update(Buffer.from(version, 'hex'))
    .update(place)
    .digest('hex')
    .slice(0, 32);
}
