import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { BY_ID } from './account-path.js';
import type { AddressName } from './address-directory.js';
import type { AdminRequest } from './admin-request.js';
import { notFound, segmentsFrom } from './path-segments.js';
import { ID, read, SCHEMA } from './schema.js';

/**
 * Reads `…/addresses/:realm/:address` or `…/addresses/-/:id` from the path as it was sent: a network has a slash in its
 * name.
 * @throws {Problem} 404 for a path of another shape; 400 for a realm or address that cannot be one.
 */
export const AddressOfPath = createParamDecorator((_: unknown, context: ExecutionContext): AddressName => {
  const request = context.switchToHttp().getRequest<AdminRequest>();
  const [realm, address, ...rest] = segmentsFrom(request, (segment) => segment === ':realm');
  if (!realm || !address || rest.length > 0) throw notFound();
  if (realm !== BY_ID) return { realm: read(SCHEMA.realm, realm), address: read(SCHEMA.address, address) };
  if (!ID.test(address)) throw notFound();
  return { id: address };
});
