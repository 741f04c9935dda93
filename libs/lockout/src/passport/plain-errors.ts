import { type LockoutErrorCode, LockoutUnavailableError } from '../engine/lockout-error.js';
import { badInputAnswer, type LockoutAnswer, refusedAnswer, unavailableAnswer } from '../engine/problem.js';
import type { Refusal } from '../engine/refusal.js';
import { InvalidSubjectError } from '../key/invalid-subject-error.js';

/** An error as Express and its relatives answer it: by `status` and `headers`. `body`: problem details (RFC 9457). */
export class LockoutHttpError extends Error {
  override readonly name = 'LockoutHttpError';
  readonly expose = true;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;

  constructor(
    readonly code: LockoutErrorCode,
    { problem, retryAfter }: LockoutAnswer,
    options?: ErrorOptions,
  ) {
    super(problem.detail, options);
    this.status = problem.status;
    this.headers = retryAfter === null ? {} : { 'Retry-After': String(retryAfter) };
    this.body = problem;
  }

  /** The same as `status`, under the name other frameworks read. */
  get statusCode(): number {
    return this.status;
  }
}

export const refusedError = (refusal: Refusal): LockoutHttpError =>
  new LockoutHttpError('LOCKOUT_REFUSED', refusedAnswer(refusal));

/** Undefined: not an error about bad input. */
export const badInputError = (error: unknown): LockoutHttpError | undefined =>
  error instanceof InvalidSubjectError
    ? new LockoutHttpError(error.code, badInputAnswer(error), { cause: error })
    : undefined;

/** Undefined: the store is not what failed. */
export const unavailableError = (error: unknown): LockoutHttpError | undefined =>
  error instanceof LockoutUnavailableError
    ? new LockoutHttpError(error.code, unavailableAnswer(error.retryInMs), { cause: error })
    : undefined;
