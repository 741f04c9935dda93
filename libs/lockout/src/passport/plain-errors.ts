import { LockoutUnavailableError } from '../engine/lockout-error.js';
import type { Refusal } from '../engine/refusal.js';
import { InvalidSubjectError } from '../key/invalid-subject-error.js';

const SECOND_MS = 1000;
/** Seconds a client is told to wait when the store does not answer. */
const UNAVAILABLE_RETRY_S = 5;

/** An error as Express and its relatives answer it: by `status` and `headers`. `body`: problem details (RFC 9457). */
export class LockoutHttpError extends Error {
  override readonly name = 'LockoutHttpError';
  readonly expose = true;

  constructor(
    readonly status: number,
    readonly headers: Readonly<Record<string, string>>,
    readonly body: Readonly<Record<string, unknown>>,
    options?: ErrorOptions & { readonly code?: string },
  ) {
    super(String(body['detail']), options);
    this.code = options?.code ?? 'LOCKOUT_REFUSED';
  }

  readonly code: string;
  /** The same as `status`, under the name other frameworks read. */
  get statusCode(): number {
    return this.status;
  }
}

export function refusedError({ reason, retryAt, retryInMs, message }: Refusal): LockoutHttpError {
  const seconds =
    reason === 'exhausted' ? 1 : retryInMs === null ? null : Math.max(1, Math.ceil(retryInMs / SECOND_MS));
  return new LockoutHttpError(429, seconds === null ? {} : { 'Retry-After': String(seconds) }, {
    type: `urn:nestjs-lockout:${reason}`,
    title: 'Too many attempts',
    status: 429,
    detail: message ?? 'Too many failed attempts. Try again later.',
    reason,
    retryAt: retryAt === null ? null : new Date(retryAt).toISOString(),
  });
}

/** Undefined: not an error about bad input. */
export function badInputError(error: unknown): LockoutHttpError | undefined {
  if (!(error instanceof InvalidSubjectError)) return undefined;
  const { code, message } = error;
  const body = { type: 'urn:nestjs-lockout:bad-input', title: 'Bad request', status: 400, detail: message };
  return new LockoutHttpError(400, {}, body, { cause: error, code });
}

/** Undefined: the store is not what failed. */
export function unavailableError(error: unknown): LockoutHttpError | undefined {
  if (!(error instanceof LockoutUnavailableError)) return undefined;
  const { code, message } = error;
  return new LockoutHttpError(
    503,
    { 'Retry-After': String(UNAVAILABLE_RETRY_S) },
    {
      type: 'urn:nestjs-lockout:unavailable',
      title: 'Unavailable',
      status: 503,
      detail: message,
      reason: 'unavailable',
    },
    { cause: error, code },
  );
}
