import type { AdminRequest } from '../admin-request.js';

/**
 * What of the console is asked for, as it was sent: `''` the console itself; null: the console without its slash.
 * Nothing is decoded: no file of it has a name that needs that.
 */
export function consolePath({ url, route, routeOptions }: AdminRequest): string | null {
  const pattern = routeOptions?.url ?? route?.path;
  const place = typeof pattern === 'string' ? pattern.split('/').lastIndexOf('console') : -1;
  if (place < 0) throw new Error(`The route ${String(pattern)} is none of the lockout console.`);
  const [path = ''] = url.split(/[?#]/, 1);
  const below = path.split('/').slice(place + 1);
  return below.length > 0 ? below.join('/') : null;
}
