/** The store cannot work with this Redis; the message says what to change. Thrown at start only. */
export class LockoutRedisError extends Error {
  override readonly name = 'LockoutRedisError';
  readonly code = 'LOCKOUT_CONFIG';
}
