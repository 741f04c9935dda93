import type { ExecutionContext } from '@nestjs/common';
import type { AttemptRequest } from '../engine/attempt-request.js';
import type { AccountRef } from '../key/account.js';
import { InvalidSubjectError } from '../key/invalid-subject-error.js';
import type { FromInput, LockoutHandlerOptions } from './handler-options.js';
import type { LockoutEdge } from './lockout-edge.js';
import type { RequestFacts } from './request-facts.js';

type Accessor<T> = (input: unknown, context: ExecutionContext) => T;

/** Reads a field of the input. Where there is no body at all there is no such field either: not a fault of ours. */
function readField(accessor: Accessor<unknown>, input: unknown, context: ExecutionContext): unknown {
  try {
    return accessor(input, context);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

const hasBody = (request: unknown): boolean =>
  typeof request === 'object' && request !== null && (Reflect.get(request, 'body') ?? null) !== null;

/** A fault in an accessor is one of ours, except where it looked into the body of a request that has none. */
async function orBadInput<T>(facts: RequestFacts, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof TypeError) || !facts.isHttp || hasBody(facts.request)) throw error;
    throw new InvalidSubjectError('account', 'blank', 'The request has no body.');
  }
}

const readFact = <T extends string | null | undefined>(
  fact: FromInput<unknown, T>,
  input: unknown,
  context: ExecutionContext,
): T => (typeof fact === 'function' ? fact(input, context) : fact);

/**
 * The attempt that a call of a protected handler is.
 * Rejects with InvalidSubjectError for input that can be no identifier or credential (R20).
 */
export async function handlerAttempt(
  edge: LockoutEdge,
  options: LockoutHandlerOptions<unknown>,
  facts: RequestFacts,
  context: ExecutionContext,
): Promise<AttemptRequest> {
  const { input } = facts;
  if (options.credential) {
    const credential = readField(options.credential, input, context);
    if (typeof credential !== 'string' || credential === '') {
      throw new InvalidSubjectError('credential', 'blank', 'The credential is missing or not a text.');
    }
  }
  const account: AccountRef = options.account
    ? await options.account(input, context)
    : await edge.resolve(readField(options.identifier, input, context), facts.request, facts.isHttp);
  return {
    account,
    method: options.method,
    address: facts.address,
    realm: readFact(options.realm, input, context),
    brand: readFact(options.brand, input, context),
    device: readFact(options.device, input, context),
    ...(options.custom ? { custom: options.custom(input, context) } : {}),
  };
}
