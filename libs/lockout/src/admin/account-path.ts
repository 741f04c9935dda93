import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { AccountAddress } from './account-directory.js';
import type { AdminRequest } from './admin-request.js';
import { Problem } from './problem.js';
import { ID, read, SCHEMA } from './schema.js';

/** Stands where a realm would, before the opaque id of an account: no realm starts with it. */
const BY_ID = '-';

/** What a call's path says: which account, and what is to be done with it (`POST` only). */
export interface AccountPath {
  readonly address: AccountAddress;
  readonly verb: string | null;
}

/**
 * Reads `…/accounts/:realm/:account[/:verb]` from the path as it was sent, because the wildcard that stands for the end
 * of it (see `account-routes.ts`) comes decoded, and then a slash in a name looks like one between segments.
 * @throws {Problem} 404 for a path of another shape; 400 for a realm or account that cannot be one.
 */
export const AccountOfPath = createParamDecorator((_: unknown, context: ExecutionContext): AccountPath => {
  const request = context.switchToHttp().getRequest<AdminRequest>();
  const [realm, account, verb = null, ...rest] = segmentsOf(request);
  const isChange = request.method === 'POST';
  if (!realm || !account || (verb !== null) !== isChange || rest.length > 0) throw notFound();
  if (realm === BY_ID) {
    if (!ID.test(account)) throw notFound();
    return { address: { id: account }, verb };
  }
  const name = { realm: read(SCHEMA.realm, realm), account: read(SCHEMA.accountId, account) };
  return { address: name, verb };
});

export const notFound = (): Problem => new Problem(404, 'There is no such call.');

/** The segments from the realm on, decoded. */
function segmentsOf({ url, route, routeOptions }: AdminRequest): readonly string[] {
  const pattern = routeOptions?.url ?? route?.path;
  const start = typeof pattern === 'string' ? pattern.split('/').indexOf(':realm') : -1;
  if (start < 0) throw new Error(`The route ${String(pattern)} of the lockout admin API has no :realm.`);
  const [path = ''] = url.split(/[?#]/, 1);
  try {
    return path.split('/').slice(start).map(decodeURIComponent);
  } catch {
    throw notFound();
  }
}
