import type { ExecutionContext } from '@nestjs/common';
import type { AttemptRequest } from '../engine/attempt-request.js';
import type { AccountRef } from '../key/account.js';
import { InvalidSubjectError, type SubjectField } from '../key/invalid-subject-error.js';
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

const lacksBody = (request: unknown): boolean =>
  typeof request === 'object' && request !== null && (Reflect.get(request, 'body') ?? null) === null;

/** An accessor's fault is one of ours, except where it looked into the body of a request that came without. */
async function readFact<T>(
  fact: Accessor<T | Promise<T>>,
  field: SubjectField,
  { input, request, isHttp }: RequestFacts,
  context: ExecutionContext,
): Promise<T> {
  try {
    return await fact(input, context);
  } catch (error) {
    if (!(error instanceof TypeError) || !isHttp || !lacksBody(request)) throw error;
    throw new InvalidSubjectError(field, 'blank', 'The request has no body.');
  }
}

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
  const { account: accountOf } = options;
  const account: AccountRef = accountOf
    ? await edge.engine.lookUp(() => readFact(accountOf, 'account', facts, context))
    : await edge.resolve(readField(options.identifier, input, context), facts.request, facts.isHttp);
  const optional = async <T extends string | null | undefined>(
    fact: FromInput<unknown, T>,
    field: SubjectField,
  ): Promise<T> => (typeof fact === 'function' ? await readFact(fact, field, facts, context) : fact);
  return {
    account,
    method: options.method,
    address: facts.address,
    userAgent: facts.userAgent,
    realm: await optional(options.realm, 'realm'),
    brand: await optional(options.brand, 'subject'),
    device: await optional(options.device, 'device'),
    ...(options.custom ? { custom: await readFact(options.custom, 'custom', facts, context) } : {}),
  };
}
