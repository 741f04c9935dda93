import type { AdminRequest } from './admin-request.js';
import { headerOf } from './forgery.js';
import { Problem } from './problem.js';

/** A version as an entity tag: strong, and nothing but the number. */
const TAG = /^"(0|[1-9]\d{0,14})"$/;

/** The entity tag of a version. */
export const etagOf = (version: number): string => `"${version}"`;

/**
 * The version that the administrator has seen.
 * @throws {Problem} 428 without `If-Match`; 400 for one that is no version in quotes.
 */
export function expectedVersion(request: AdminRequest): number {
  const tag = headerOf(request, 'if-match');
  if (tag === undefined) {
    throw new Problem(428, 'Say which version you change: If-Match with the ETag that was read.');
  }
  const [, version] = TAG.exec(tag.trim()) ?? [];
  if (version !== undefined) return Number(version);
  const message = 'must be a version in quotes, such as "3"';
  throw new Problem(400, `If-Match ${message}`, { errors: [{ path: 'If-Match', message }] });
}
