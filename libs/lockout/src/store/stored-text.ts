import { StoreError } from './store-error.js';

/**
 * Text as every database keeps it unchanged: well formed, no NUL (PostgreSQL has none), at most `max` UTF-16 units.
 * Throws {@link StoreError} (`data`) for other text: cutting or mending could make two of them one.
 */
export function storedText(field: string, value: string, max: number): string {
  // Through UTF-8 and back, lone surrogates become U+FFFD.
  const isWhole = Buffer.from(value, 'utf8').toString('utf8') === value && !value.includes('\0');
  if (isWhole && value.length <= max) return value;
  throw new StoreError('data', `${field} must be well-formed text of at most ${max} characters`);
}
