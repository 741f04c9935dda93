/** The store cannot work with this DataSource; the message says what to change. Thrown at start only. */
export class LockoutTypeormError extends Error {
  override readonly name = 'LockoutTypeormError';
  readonly code = 'LOCKOUT_CONFIG';
}
