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
  /** Milliseconds until the store is asked again whether it answers; null: it may be tried at any moment. */
  readonly retryInMs: number | null;

  constructor(
    readonly fault: StoreFault,
    message: string,
    options: ErrorOptions & { readonly retryInMs?: number } = {},
  ) {
    super(message, options);
    this.retryInMs = options.retryInMs ?? null;
  }

  /** Whether it says that the store may be gone, rather than that one piece of work failed. */
  get isAboutStore(): boolean {
    return this.fault === 'unreachable' || this.fault === 'timeout';
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
