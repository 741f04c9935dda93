import { RequestMapping, RequestMethod, type Type } from '@nestjs/common';

/**
 * Everything after the realm, in the words of each router. Fastify refuses parameters of more than 100 characters by
 * default, and an account name, percent-encoded, may have thousands; a wildcard has no such limit. Express names its
 * wildcards, Fastify does not.
 */
const PATTERNS: Readonly<Record<string, string>> = { fastify: ':realm/*' };
const PATTERN = ':realm/*account';

/**
 * Declares the two calls that name an account in their path. The wildcard's spelling depends on the HTTP adapter, which
 * is known only when the module is configured.
 */
export function declareAccountRoutes(controller: Type<unknown>, adapter: string): void {
  const path = PATTERNS[adapter] ?? PATTERN;
  declare(controller, 'inspect', path, RequestMethod.GET);
  declare(controller, 'change', path, RequestMethod.POST);
}

function declare(controller: Type<unknown>, name: string, path: string, method: RequestMethod): void {
  const descriptor = Object.getOwnPropertyDescriptor(controller.prototype, name);
  if (!descriptor) throw new Error(`The lockout admin API has no ${name}.`);
  RequestMapping({ path, method })(controller.prototype, name, descriptor);
}
