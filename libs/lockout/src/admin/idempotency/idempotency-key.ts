import type { AdminRequest } from '../admin-request.js';
import { headerOf } from '../forgery.js';
import { Problem } from '../problem.js';

export const IDEMPOTENCY_HEADER = 'Idempotency-Key';

/** Longest key, in characters. */
export const MAX_IDEMPOTENCY_KEY_LENGTH = 255;

/** Printable ASCII, and not only spaces. */
const KEY = new RegExp(`^(?=.*[^ ])[ -~]{1,${MAX_IDEMPOTENCY_KEY_LENGTH}}$`);

/**
 * The key by which a call can be repeated; null: the client gave none.
 * @throws {Problem} 400 for one that is empty, too long or not printable.
 */
export function idempotencyKey(request: AdminRequest): string | null {
  const key = headerOf(request, IDEMPOTENCY_HEADER.toLowerCase());
  if (key === undefined) return null;
  if (KEY.test(key)) return key;
  const message = `must be 1 to ${MAX_IDEMPOTENCY_KEY_LENGTH} printable ASCII characters`;
  throw new Problem(400, `${IDEMPOTENCY_HEADER} ${message}`, {
    errors: [{ path: IDEMPOTENCY_HEADER, message }],
  });
}
