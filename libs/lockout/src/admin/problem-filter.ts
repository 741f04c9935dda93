import { type ArgumentsHost, Catch, type ExceptionFilter, Inject } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { LockoutUnavailableError } from '../engine/lockout-error.js';
import {
  PolicyConflictError,
  PolicyNotFoundError,
  PolicyStoreMissingError,
} from '../engine/policy-errors.js';
import { InvalidSubjectError } from '../key/invalid-subject-error.js';
import { PolicyError } from '../policy/policy-error.js';
import { CursorError } from '../store/cursor.js';
import { StoreError } from '../store/store-error.js';
import { policyBody } from './policy-view.js';
import { Problem } from './problem.js';

/** A store that is away is usually back within seconds; the smallest value that makes a client pause. */
const RETRY_AFTER_SECONDS = '1';

/**
 * Answers what the admin API throws as `application/problem+json`, alike on Express and Fastify. What guards and hooks
 * of the application throw is theirs and passes by.
 */
@Catch(
  Problem,
  InvalidSubjectError,
  CursorError,
  PolicyError,
  PolicyConflictError,
  PolicyNotFoundError,
  PolicyStoreMissingError,
  LockoutUnavailableError,
  StoreError,
)
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(HttpAdapterHost) private readonly host: HttpAdapterHost) {}

  catch(error: Error, context: ArgumentsHost): void {
    const response: unknown = context.switchToHttp().getResponse();
    const { httpAdapter } = this.host;
    const problem = toProblem(error);
    const status = problem.getStatus();
    httpAdapter.setHeader(response, 'Content-Type', 'application/problem+json');
    if (status === 503) httpAdapter.setHeader(response, 'Retry-After', RETRY_AFTER_SECONDS);
    // As text: adapters may take an object for plain JSON and rewrite the content type.
    httpAdapter.reply(response, JSON.stringify(problem.getResponse()), status);
  }
}

function toProblem(error: Error): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof InvalidSubjectError) {
    return new Problem(400, error.message, { errors: [{ path: error.field, message: error.message }] });
  }
  if (error instanceof CursorError) {
    return new Problem(400, error.message, { errors: [{ path: 'cursor', message: error.message }] });
  }
  if (error instanceof PolicyError) {
    const errors = error.problems;
    const count = errors.length === 1 ? 'One thing is' : `${errors.length} things are`;
    return new Problem(422, `${count} wrong with the settings. Nothing was changed.`, { errors });
  }
  if (error instanceof PolicyConflictError) {
    return new Problem(409, error.message, { current: policyBody(error.current) });
  }
  if (error instanceof PolicyNotFoundError) return new Problem(404, error.message);
  if (error instanceof PolicyStoreMissingError) return new Problem(501, error.message);
  return new Problem(503, 'The lockout store did not answer.');
}
