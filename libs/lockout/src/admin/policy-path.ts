import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { PolicyTarget } from '../store/policy-store.js';
import type { AdminRequest } from './admin-request.js';
import { notFound, segmentsFrom } from './path-segments.js';
import { read, SCHEMA } from './schema.js';

/** What a call's path says: which policy or override, and what is asked of it. */
export interface PolicyPath {
  readonly target: PolicyTarget;
  /** Null: the policy itself. */
  readonly verb: 'history' | 'revert' | null;
}

/** A map: a path may say `constructor`. */
const VERBS: ReadonlyMap<string, PolicyPath['verb']> = new Map([
  ['history', 'history'],
  ['revert', 'revert'],
]);

/**
 * Reads `…/policies/:name[/brands/:brand][/history|/revert]` from the path as it was sent: a brand may have a slash in
 * its name, and percent-encoded it may be longer than Fastify lets a parameter be.
 * @throws {Problem} 404 for a path of another shape; 400 for a brand that cannot be one.
 */
export const PolicyOfPath = createParamDecorator((_: unknown, context: ExecutionContext): PolicyPath => {
  const request = context.switchToHttp().getRequest<AdminRequest>();
  const [policy = '', ...rest] = segmentsFrom(request, (segment) => segment.startsWith('*'));
  const ofBrand = rest[0] === 'brands';
  const brand = ofBrand ? (rest[1] ?? '') : null;
  const after = ofBrand ? rest.slice(2) : rest;
  const [verb] = after;
  const known = verb === undefined ? null : VERBS.get(verb);
  if (policy === '' || brand === '' || after.length > 1 || known === undefined) throw notFound();
  return { target: { policy, brand: brand === null ? null : read(SCHEMA.brand, brand) }, verb: known };
});
