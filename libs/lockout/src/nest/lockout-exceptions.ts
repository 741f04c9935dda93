import { HttpException, HttpStatus } from '@nestjs/common';
import { type LockoutErrorCode, LockoutUnavailableError } from '../engine/lockout-error.js';
import type { Refusal } from '../engine/refusal.js';
import { InvalidSubjectError } from '../key/invalid-subject-error.js';

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Seconds a client is told to wait when the store does not answer. */
const UNAVAILABLE_RETRY_S = 5;

/** Problem details (RFC 9457), as they are sent. */
export interface LockoutProblem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** A sentence for the person. */
  readonly detail: string;
  readonly [extension: string]: unknown;
}

/** An answer of ours. The exception filter writes it as `application/problem+json`. */
export abstract class LockoutHttpException extends HttpException {
  abstract readonly code: LockoutErrorCode;
  /** `Retry-After` in whole seconds; null: no header. */
  readonly retryAfter: number | null;

  constructor(
    readonly problem: LockoutProblem,
    options: { readonly retryAfter?: number | null; readonly cause?: unknown } = {},
  ) {
    super(problem, problem.status, { cause: options.cause });
    this.message = problem.detail;
    this.retryAfter = options.retryAfter ?? null;
  }
}

const plural = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? '' : 's'}`;

/** Rounded up: nobody is told to come back too early. */
function inWords(ms: number): string {
  if (ms <= MINUTE_MS) return plural(Math.max(1, Math.ceil(ms / SECOND_MS)), 'second');
  if (ms <= HOUR_MS) return plural(Math.ceil(ms / MINUTE_MS), 'minute');
  return plural(Math.ceil(ms / HOUR_MS), 'hour');
}

function sentence({ reason, retryInMs, message }: Refusal): string {
  if (message !== null) return message;
  if (reason === 'exhausted') return 'Too many attempts at once. Try again in a moment.';
  if (retryInMs === null) return 'Too many failed attempts. This sign-in stays locked until it is unlocked.';
  return `Too many failed attempts. Try again in ${inWords(retryInMs)}.`;
}

function retryAfterOf({ reason, retryInMs }: Refusal): number | null {
  if (reason === 'exhausted') return 1;
  return retryInMs === null ? null : Math.max(1, Math.ceil(retryInMs / SECOND_MS));
}

/** 429: the attempt was refused; the credential was not verified, or its success came too late (R6). */
export class LockoutRefusedException extends LockoutHttpException {
  readonly code = 'LOCKOUT_REFUSED';

  constructor(readonly refusal: Refusal) {
    const { reason, retryAt } = refusal;
    super(
      {
        type: `urn:nestjs-lockout:${reason}`,
        title: 'Too many attempts',
        status: HttpStatus.TOO_MANY_REQUESTS,
        detail: sentence(refusal),
        reason,
        retryAt: retryAt === null ? null : new Date(retryAt).toISOString(),
      },
      { retryAfter: retryAfterOf(refusal) },
    );
  }
}

/** 503: no decision could be made, so nothing was verified (P9). */
export class LockoutUnavailableException extends LockoutHttpException {
  readonly code = 'LOCKOUT_UNAVAILABLE';

  constructor(cause: unknown) {
    super(
      {
        type: 'urn:nestjs-lockout:unavailable',
        title: 'Unavailable',
        status: HttpStatus.SERVICE_UNAVAILABLE,
        detail: 'Sign-in is unavailable for the moment. Try again soon.',
        reason: 'unavailable',
      },
      { retryAfter: UNAVAILABLE_RETRY_S, cause },
    );
  }
}

/** 400: what was sent cannot name an account, or is no credential. Nothing was counted (R20). */
export class LockoutBadInputException extends LockoutHttpException {
  readonly code = 'LOCKOUT_BAD_INPUT';

  constructor(cause: InvalidSubjectError) {
    super(
      {
        type: 'urn:nestjs-lockout:bad-input',
        title: 'Bad request',
        status: HttpStatus.BAD_REQUEST,
        detail: cause.message,
        field: cause.field,
      },
      { cause },
    );
  }
}

/** The HTTP answer to an error of the engine; any other error comes back unchanged. */
export function toLockoutException(error: unknown): unknown {
  if (error instanceof InvalidSubjectError) return new LockoutBadInputException(error);
  if (error instanceof LockoutUnavailableError) return new LockoutUnavailableException(error);
  return error;
}
