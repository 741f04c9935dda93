import { fromHex } from './codec.js';
import { StoreError } from './store-error.js';

const HASH_DIGITS = 64;

/** The 32 bytes of a hash. Throws {@link StoreError} (`data`) for what is not 64 lower-case hex digits. */
export function hashBytes(field: string, hex: string): Buffer {
  if (hex.length === HASH_DIGITS && /^[0-9a-f]+$/.test(hex)) return fromHex(hex);
  throw new StoreError('data', `The ${field} must be ${HASH_DIGITS} hex digits`);
}
