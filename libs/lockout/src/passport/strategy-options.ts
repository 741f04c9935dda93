import type { AccountRef } from '../key/account.js';
import type { Method } from '../policy/policy.js';

/** What Passport hands to a strategy: an Express request, or whatever the framework uses for one. */
export interface StrategyRequest {
  /** The client's address as the framework resolved it; headers are never read. */
  readonly ip?: string;
  readonly [property: string]: unknown;
}

/** The application's lookup of a typed identifier: the account's id, or null where nobody has that name. */
export type FindAccount = (
  identifier: string,
  request: unknown,
) => string | null | undefined | Promise<string | null | undefined>;

/** A fact about the attempt: fixed, or read from the request. */
export type FromRequest<T> = T | ((request: StrategyRequest) => T);

/** How a protected strategy counts its verifications. */
export interface StrategyOptions {
  /** Which method this strategy verifies: `password`, `totp`, … */
  readonly method: Method;
  /**
   * Whose credential it is. `first`: the verify callback's first argument (after the request, if it gets one);
   * `args`: all of them without the final `done`. Look the account up; do not return what was typed (R19).
   * Call `normaliseIdentifier` on it before the look-up: it throws for names that can be none.
   * Default: `first`, through `findAccount`.
   */
  readonly account?: (
    first: unknown,
    request: StrategyRequest,
    args: readonly unknown[],
  ) => AccountRef | Promise<AccountRef>;
  /**
   * The credential among the verify arguments; blank or not a string is answered 400 and counted nowhere (R20).
   * Default: the second argument where there are exactly two (name and secret), else no check.
   */
  readonly credential?: (args: readonly unknown[]) => unknown;
  /** Population of accounts. Default `default`. */
  readonly realm?: FromRequest<string | undefined>;
  readonly brand?: FromRequest<string | undefined>;
  /** An id of the device that the application recognises. */
  readonly device?: FromRequest<string | null | undefined>;
  /** Custom scope parts by name. */
  readonly custom?: (request: StrategyRequest) => Readonly<Record<string, string>>;
  /** Whether a success completes the sign-in; false for a first factor (R11). Default `true`. */
  readonly final?: boolean | ((user: unknown) => boolean);
  /**
   * Whether an exception means a wrong credential. Default: those with one of the HTTP statuses that count as a
   * failure (401, 403, 404, 409, 423, …; not 400, 413, 415, 422, 5xx). All others are faults of ours.
   */
  readonly isFailure?: (error: unknown) => boolean;
  /** Property in which the strategy keeps its verify callback. Default `_verify`, as Passport's own strategies do. */
  readonly verifyProperty?: string;
}

/** {@link StrategyOptions.verifyProperty} if none is named. */
export const DEFAULT_VERIFY_PROPERTY = '_verify';

const ABANDONED_STATUS: readonly number[] = [400, 413, 415, 422];

function statusOf(error: unknown): number | null {
  if (typeof error !== 'object' || error === null) return null;
  const { getStatus, status, statusCode } = error as Record<string, unknown>;
  const value: unknown =
    typeof getStatus === 'function' ? Reflect.apply(getStatus, error, []) : (status ?? statusCode);
  return typeof value === 'number' ? value : null;
}

/** The default of {@link StrategyOptions.isFailure}: R36's table, which has 401 as R37 asks. */
export function isFailureStatus(error: unknown): boolean {
  const status = statusOf(error);
  return status !== null && status >= 400 && status < 500 && !ABANDONED_STATUS.includes(status);
}
