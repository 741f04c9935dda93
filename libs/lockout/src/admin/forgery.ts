import type { AdminRequest } from './admin-request.js';
import { Problem } from './problem.js';

/** No form and no simple cross-origin request can send it (P11). */
export const ADMIN_HEADER = 'x-lockout-admin';

const SAFE_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

const JSON_TYPE = /^application\/json\s*(;|$)/i;

/**
 * Refuses a state change that another site could have made the administrator's browser send: it must be JSON, carry
 * `X-Lockout-Admin: 1`, and come from this origin where the client says from where it comes.
 * @throws {Problem} 415 not JSON; 403 the rest.
 */
export function refuseForgery(request: AdminRequest): void {
  if (isSafe(request)) return;
  if (!JSON_TYPE.test(headerOf(request, 'content-type') ?? '')) {
    throw new Problem(415, 'State changes are sent as application/json.');
  }
  if (headerOf(request, ADMIN_HEADER) !== '1') {
    throw new Problem(403, 'State changes need the header X-Lockout-Admin: 1.');
  }
  const site = headerOf(request, 'sec-fetch-site');
  if (site !== undefined && site !== 'same-origin') throw crossOrigin();
  const origin = headerOf(request, 'origin');
  if (origin !== undefined && !isOwnOrigin(origin, request)) throw crossOrigin();
}

const crossOrigin = (): Problem => new Problem(403, 'State changes from another origin are refused.');

/** Whether its method changes nothing. */
export const isSafe = ({ method }: AdminRequest): boolean => SAFE_METHODS.includes(method);

/** A header sent twice is read as both, which equals nothing that is allowed. */
export function headerOf({ headers }: AdminRequest, name: string): string | undefined {
  const value = headers[name];
  return value === undefined || typeof value === 'string' ? value : value.join(', ');
}

/**
 * Same host and port. The scheme is compared only where the request is known to have come by HTTPS: behind a proxy that
 * ends TLS and is not trusted, `http` is all the server sees.
 */
function isOwnOrigin(origin: string, request: AdminRequest): boolean {
  const host = request.host ?? headerOf(request, 'host');
  const sent = parse(origin);
  if (!sent || !host) return false;
  if (request.protocol === 'https' && sent.protocol !== 'https:') return false;
  // Under the sent scheme, so that its default port is left out on both sides.
  return parse(`${sent.protocol}//${host}`)?.host === sent.host;
}

function parse(origin: string): URL | null {
  if (!URL.canParse(origin)) return null;
  const url = new URL(origin);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : null;
}
