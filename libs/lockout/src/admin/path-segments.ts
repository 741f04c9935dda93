import type { AdminRequest } from './admin-request.js';
import { Problem } from './problem.js';

export const notFound = (): Problem => new Problem(404, 'There is no such call.');

/**
 * The path as it was sent, from the segment on that the route's pattern begins to vary at; each decoded by itself.
 * Routers hand on the rest of a path decoded, and then a slash in a name looks like one between segments.
 * @throws {Problem} 404 for what cannot be decoded.
 */
export function segmentsFrom(
  { url, route, routeOptions }: AdminRequest,
  isFirst: (segment: string) => boolean,
): readonly string[] {
  const pattern = routeOptions?.url ?? route?.path;
  const start = typeof pattern === 'string' ? pattern.split('/').findIndex(isFirst) : -1;
  if (start < 0) throw new Error(`The route ${String(pattern)} of the lockout admin API varies nowhere.`);
  const [path = ''] = url.split(/[?#]/, 1);
  try {
    return path.split('/').slice(start).map(decodeURIComponent);
  } catch {
    throw notFound();
  }
}
