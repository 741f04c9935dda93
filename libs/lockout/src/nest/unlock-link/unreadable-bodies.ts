import { PAGE_HEADERS } from './unlock-link-page.js';
import { UNLOCK_LINK_PROBLEMS } from './unlock-link-problem.js';
import type { UnlockLinkRequest } from './unlock-link-request.js';
import { isReadable } from './unlock-link-request.js';

/** The server's own response, which both frameworks hand to middleware. */
interface RawResponse {
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  end(body: string): unknown;
}

/**
 * Middleware that refuses bodies which the page does not read, before a framework tries to: Fastify would answer them in
 * words of its own.
 */
export function refuseUnreadable(request: UnlockLinkRequest, response: RawResponse, next: () => void): void {
  if (request.method !== 'POST' || isReadable(request)) {
    next();
    return;
  }
  const problem = UNLOCK_LINK_PROBLEMS.unreadable;
  for (const [name, value] of Object.entries(PAGE_HEADERS)) response.setHeader(name, value);
  response.setHeader('Content-Type', 'application/problem+json');
  response.statusCode = problem.status;
  response.end(JSON.stringify(problem));
}
