import { toHex } from './codec.js';
import { StoreError } from './store-error.js';

/** Most bytes of one value in JSON: what a BLOB of MySQL takes. */
export const MAX_JSON_BYTES = 65_535;

/** UTF-8 of the value's JSON. Throws {@link StoreError} (`data`) for one that has none, or too long a one. */
export function encodeJson(field: string, value: Readonly<Record<string, unknown>>): Buffer {
  let json: Buffer;
  try {
    json = Buffer.from(JSON.stringify(value));
  } catch (cause) {
    throw StoreError.from(cause, 'data');
  }
  if (json.length <= MAX_JSON_BYTES) return json;
  throw new StoreError(
    'data',
    `${field} has ${json.length} bytes of JSON; at most ${MAX_JSON_BYTES} are kept`,
  );
}

/** Reads what {@link encodeJson} wrote. Throws {@link StoreError} (`data`) for anything else. */
export function decodeJson(field: string, value: unknown): Readonly<Record<string, unknown>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(toHex(field, value), 'hex').toString('utf8'));
  } catch (cause) {
    throw StoreError.from(cause, 'data');
  }
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) {
    return parsed as Record<string, unknown>;
  }
  throw new StoreError('data', `A stored ${field} is no object`);
}
