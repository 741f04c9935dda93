import type { InvalidSubjectError } from '../key/invalid-subject-error.js';
import type { Refusal } from './refusal.js';

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** How long a client is told to wait when nobody knows when the store will be asked again, ms. */
const UNAVAILABLE_RETRY_MS = 5_000;

/** Problem details (RFC 9457), as they are sent. */
export interface LockoutProblem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** A sentence for the person. */
  readonly detail: string;
  readonly [extension: string]: unknown;
}

/** What HTTP answers; every edge puts it into its framework's own error. */
export interface LockoutAnswer {
  readonly problem: LockoutProblem;
  /** `Retry-After` in whole seconds; null: no header. */
  readonly retryAfter: number | null;
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

/** 429: not verified, or its success came too late (R6, R43). */
export function refusedAnswer(refusal: Refusal): LockoutAnswer {
  const { reason, retryAt } = refusal;
  return {
    problem: {
      type: `urn:nestjs-lockout:${reason}`,
      title: 'Too many attempts',
      status: 429,
      detail: sentence(refusal),
      reason,
      retryAt: retryAt === null ? null : new Date(retryAt).toISOString(),
    },
    retryAfter: retryAfterOf(refusal),
  };
}

/** 503: no decision could be made, so nothing was verified (P9). `retryInMs`: when the store is asked again; null: unknown. */
export function unavailableAnswer(retryInMs: number | null): LockoutAnswer {
  return {
    problem: {
      type: 'urn:nestjs-lockout:unavailable',
      title: 'Unavailable',
      status: 503,
      detail: 'Sign-in is unavailable for the moment. Try again soon.',
      reason: 'unavailable',
    },
    retryAfter: Math.max(1, Math.ceil((retryInMs ?? UNAVAILABLE_RETRY_MS) / SECOND_MS)),
  };
}

/** 400: what was sent cannot name an account, or is no credential. Nothing was counted (R20). */
export function badInputAnswer({ message, field }: InvalidSubjectError): LockoutAnswer {
  return {
    problem: {
      type: 'urn:nestjs-lockout:bad-input',
      title: 'Bad request',
      status: 400,
      detail: message,
      field,
    },
    retryAfter: null,
  };
}
