import { HttpException } from '@nestjs/common';
import { type LockoutErrorCode, LockoutUnavailableError } from '../engine/lockout-error.js';
import {
  badInputAnswer,
  type LockoutAnswer,
  type LockoutProblem,
  refusedAnswer,
  unavailableAnswer,
} from '../engine/problem.js';
import type { Refusal } from '../engine/refusal.js';
import { InvalidSubjectError } from '../key/invalid-subject-error.js';

/** An answer of ours. The exception filter writes it as `application/problem+json`. */
export abstract class LockoutHttpException extends HttpException {
  abstract readonly code: LockoutErrorCode;
  readonly problem: LockoutProblem;
  /** `Retry-After` in whole seconds; null: no header. */
  readonly retryAfter: number | null;

  constructor({ problem, retryAfter }: LockoutAnswer, cause?: unknown) {
    super(problem, problem.status, { cause });
    this.message = problem.detail;
    this.problem = problem;
    this.retryAfter = retryAfter;
  }
}

/** 429: the attempt was refused; the credential was not verified, or its success came too late (R6). */
export class LockoutRefusedException extends LockoutHttpException {
  readonly code = 'LOCKOUT_REFUSED';

  constructor(readonly refusal: Refusal) {
    super(refusedAnswer(refusal));
  }
}

/** 503: no decision could be made, so nothing was verified (P9). */
export class LockoutUnavailableException extends LockoutHttpException {
  readonly code = 'LOCKOUT_UNAVAILABLE';

  constructor(cause: unknown) {
    super(unavailableAnswer(cause instanceof LockoutUnavailableError ? cause.retryInMs : null), cause);
  }
}

/** 400: what was sent cannot name an account, or is no credential. Nothing was counted (R20). */
export class LockoutBadInputException extends LockoutHttpException {
  readonly code = 'LOCKOUT_BAD_INPUT';

  constructor(cause: InvalidSubjectError) {
    super(badInputAnswer(cause), cause);
  }
}

/** The HTTP answer to an error of the engine; any other error comes back unchanged. */
export function toLockoutException(error: unknown): unknown {
  if (error instanceof InvalidSubjectError) return new LockoutBadInputException(error);
  if (error instanceof LockoutUnavailableError) return new LockoutUnavailableException(error);
  return error;
}
