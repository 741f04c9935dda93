/** What a verification came to. */
export type HandlerOutcome = 'success' | 'failure' | 'abandoned';

/** How a handler ended. `status`: what HTTP answers with; null where there is none. */
export type Ending<I = unknown> = { readonly input: I; readonly status: number | null } & (
  | { readonly kind: 'returned'; readonly value: unknown }
  | { readonly kind: 'threw'; readonly error: unknown }
);

/** The application's own judgement of a handler's ending. */
export type OutcomeTest<I = unknown> = (ending: Ending<I>) => HandlerOutcome | Promise<HandlerOutcome>;

/** Client errors that say nothing about the credential: it was not looked at. */
const UNREAD: readonly number[] = [400, 413, 415, 422];

/**
 * R36: 2xx is a success; 400, 413, 415, 422 and 5xx are abandoned; every other 4xx is a failure. A redirect nobody
 * announced is a failure too: applications answer wrong credentials with one (R8).
 */
export function outcomeOfStatus(status: number): HandlerOutcome {
  if (status >= 200 && status < 300) return 'success';
  if (status >= 300 && status < 500) return UNREAD.includes(status) ? 'abandoned' : 'failure';
  return 'abandoned';
}

/** The HTTP status Nest answers this exception with; null: it is a fault (500). */
export function statusOfError(error: unknown): number | null {
  if (typeof error !== 'object' || error === null) return null;
  const { getStatus, statusCode } = error as { getStatus?: unknown; statusCode?: unknown };
  const status: unknown = typeof getStatus === 'function' ? Reflect.apply(getStatus, error, []) : statusCode;
  return typeof status === 'number' ? status : null;
}

/** What an ending means where the application has no test of its own. */
export function defaultOutcome(ending: Ending): HandlerOutcome {
  return ending.status === null ? 'abandoned' : outcomeOfStatus(ending.status);
}
