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
import { Problem } from './problem.js';
import { problemOf } from './problem-of.js';

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
    const problem = problemOf(error);
    // Never for what is named above.
    if (!problem) throw error;
    const status = problem.getStatus();
    httpAdapter.setHeader(response, 'Content-Type', 'application/problem+json');
    if (status === 503) httpAdapter.setHeader(response, 'Retry-After', RETRY_AFTER_SECONDS);
    // As text: adapters may take an object for plain JSON and rewrite the content type.
    httpAdapter.reply(response, JSON.stringify(problem.getResponse()), status);
  }
}
