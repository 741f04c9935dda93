import { StoreError } from '../store/store-error.js';

/** Every error the library throws on purpose carries one of these. */
export type LockoutErrorCode =
  | 'LOCKOUT_CONFIG'
  | 'LOCKOUT_BAD_INPUT'
  | 'LOCKOUT_UNAVAILABLE'
  | 'LOCKOUT_REFUSED'
  | 'LOCKOUT_NOT_FOUND'
  | 'LOCKOUT_CONFLICT'
  | 'LOCKOUT_UNSUPPORTED';

/** The library is set up wrongly. `problems` lists everything that is wrong, each with its fix. */
export class LockoutConfigError extends Error {
  override readonly name = 'LockoutConfigError';
  readonly code = 'LOCKOUT_CONFIG' satisfies LockoutErrorCode;

  constructor(readonly problems: readonly string[]) {
    super(`nestjs-lockout cannot start:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}

/** No decision could be made: the store did not answer. The credential must not be verified (P9). */
export class LockoutUnavailableError extends Error {
  override readonly name = 'LockoutUnavailableError';
  readonly code = 'LOCKOUT_UNAVAILABLE' satisfies LockoutErrorCode;

  /** Milliseconds until the store is asked again whether it answers; null: it may be tried at any moment. */
  readonly retryInMs: number | null;

  constructor(cause: unknown) {
    super('Sign-in is unavailable: the lockout store did not answer.', { cause });
    this.retryInMs = cause instanceof StoreError ? cause.retryInMs : null;
  }
}

/** What the store threw, as callers get it; anything else unchanged. */
export const unavailable = (error: unknown): unknown =>
  error instanceof StoreError ? new LockoutUnavailableError(error) : error;
