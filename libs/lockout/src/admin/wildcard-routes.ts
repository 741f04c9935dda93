import { RequestMapping, RequestMethod, type Type } from '@nestjs/common';

/**
 * The end of a path, in the words of each router. Fastify refuses parameters of more than 100 characters by default, and
 * a name, percent-encoded, may have thousands; a wildcard has no such limit. Express names its wildcards, Fastify does
 * not.
 */
const WILDCARDS: Readonly<Record<string, string>> = { fastify: '*' };
const NAMED_WILDCARD = '*rest';

/**
 * Declares the two calls that name an account in their path. The wildcard's spelling depends on the HTTP adapter, which
 * is known only when the module is configured.
 */
export function declareAccountRoutes(controller: Type<unknown>, adapter: string): void {
  const path = `:realm/${wildcardOf(adapter)}`;
  declare(controller, 'inspect', path, RequestMethod.GET);
  declare(controller, 'change', path, RequestMethod.POST);
}

/** Declares the call that names an address in its path. */
export function declareAddressRoutes(controller: Type<unknown>, adapter: string): void {
  declare(controller, 'inspect', `:realm/${wildcardOf(adapter)}`, RequestMethod.GET);
}

/** Declares the calls that name a policy in their path. */
export function declarePolicyRoutes(controller: Type<unknown>, adapter: string): void {
  const path = wildcardOf(adapter);
  declare(controller, 'inspect', path, RequestMethod.GET);
  declare(controller, 'save', path, RequestMethod.PUT);
  declare(controller, 'remove', path, RequestMethod.DELETE);
  declare(controller, 'revert', path, RequestMethod.POST);
}

/** Declares the call that names a file of the console in its path; the wildcard of Fastify stands for none, too. */
export function declareConsoleRoutes(controller: Type<unknown>, adapter: string): void {
  declare(controller, 'serve', wildcardOf(adapter), RequestMethod.GET);
}

const wildcardOf = (adapter: string): string => WILDCARDS[adapter] ?? NAMED_WILDCARD;

function declare(controller: Type<unknown>, name: string, path: string, method: RequestMethod): void {
  const descriptor = Object.getOwnPropertyDescriptor(controller.prototype, name);
  if (!descriptor) throw new Error(`The lockout admin API has no ${name}.`);
  RequestMapping({ path, method })(controller.prototype, name, descriptor);
}
