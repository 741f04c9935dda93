/**
 * `unreachable`: no connection, or it broke. `timeout`: a statement took longer than allowed. `data`: the store refused
 * or returned something that cannot be. `contention`: a write kept losing for as long as it may be retried.
 * `overload`: more work is queued than may be.
 */
export type StoreFault = 'unreachable' | 'timeout' | 'data' | 'contention' | 'overload';

/** The store could not answer. Logins fail closed on it (P9). */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code = 'LOCKOUT_UNAVAILABLE';

  constructor(
    readonly fault: StoreFault,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** Wraps anything a driver throws, keeping it as the cause. */
  static from(error: unknown, fault: StoreFault = 'unreachable'): StoreError {
    if (error instanceof StoreError) return error;
    return new StoreError(
      fault,
      `The lockout store failed: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    );
  }
}
