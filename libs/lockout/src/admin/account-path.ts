import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { AccountAddress } from './account-directory.js';
import type { AdminRequest } from './admin-request.js';
import { notFound, segmentsFrom } from './path-segments.js';
import { ID, read, SCHEMA } from './schema.js';

/** Stands where a realm would, before the opaque id of an account: no realm starts with it. */
export const BY_ID = '-';

/** What a call's path says: which account, and what is to be done with it (`POST` only). */
export interface AccountPath {
  readonly address: AccountAddress;
  readonly verb: string | null;
}

/**
 * Reads `…/accounts/:realm/:account[/:verb]` from the path as it was sent, because the wildcard that stands for the end
 * of it (see `wildcard-routes.ts`) comes decoded, and then a slash in a name looks like one between segments.
 * @throws {Problem} 404 for a path of another shape; 400 for a realm or account that cannot be one.
 */
export const AccountOfPath = createParamDecorator((_: unknown, context: ExecutionContext): AccountPath => {
  const request = context.switchToHttp().getRequest<AdminRequest>();
  const [realm, account, verb = null, ...rest] = segmentsFrom(request, (segment) => segment === ':realm');
  const isChange = request.method === 'POST';
  if (!realm || !account || (verb !== null) !== isChange || rest.length > 0) throw notFound();
  if (realm === BY_ID) {
    if (!ID.test(account)) throw notFound();
    return { address: { id: account }, verb };
  }
  const name = { realm: read(SCHEMA.realm, realm), account: read(SCHEMA.accountId, account) };
  return { address: name, verb };
});
