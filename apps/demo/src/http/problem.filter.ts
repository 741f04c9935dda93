import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { Response } from 'express';
import { toLockoutException } from 'nestjs-lockout';
import { type Problem, problem } from './problem.js';

const RETRY_AFTER_S = 5;

/** What drivers say when the database cannot be reached, or is too busy: not our bug, and over soon. */
const UNREACHABLE_CODE =
  /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|PROTOCOL_|ER_CON_COUNT|SQLITE_BUSY|08|53|57P0)/;

/** PostgreSQL's driver has no code for its own. */
const UNREACHABLE_TEXT =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying)/;

/** Every answer that is not a success is problem details (RFC 9457), whoever threw it. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  catch(thrown: unknown, host: ArgumentsHost): void {
    // What the library's engine throws at our own calls becomes what its guard would have answered.
    const error = toLockoutException(thrown);
    const response = host.switchToHttp().getResponse<Response>();
    // Too late to say anything: the answer is under way.
    if (response.headersSent) {
      response.end();
      return;
    }
    const answer = toProblem(error);
    if (answer.status >= 500) this.logger.error(error instanceof Error ? error.stack : String(error));
    const retryAfter = retryAfterOf(error) ?? (answer.status === 503 ? RETRY_AFTER_S : null);
    if (retryAfter !== null) response.setHeader('Retry-After', String(retryAfter));
    response.status(answer.status).type('application/problem+json').send(JSON.stringify(answer));
  }
}

const property = (error: unknown, name: string): unknown =>
  typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;

/** The library's refusals say when to come back. */
function retryAfterOf(error: unknown): number | null {
  const value = property(error, 'retryAfter');
  return typeof value === 'number' ? value : null;
}

function toProblem(error: unknown): Problem {
  if (error instanceof HttpException) {
    const body = error.getResponse();
    return isProblem(body) ? body : problem(error.getStatus(), error.message);
  }
  if (isUnreachable(error)) {
    return problem(503, 'The database does not answer at the moment. Please try again soon.');
  }
  // Errors of Express's body parser carry the status that they mean, and whether they may be shown.
  const status = property(error, 'status');
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return problem(status, property(error, 'expose') === true ? (error as Error).message : undefined);
  }
  return problem(500, 'Something went wrong on our side.');
}

const isProblem = (body: unknown): body is Problem =>
  typeof property(body, 'type') === 'string' && typeof property(body, 'detail') === 'string';

const isUnreachable = (error: unknown): boolean => {
  const code = property(error, 'code');
  if (typeof code === 'string') return UNREACHABLE_CODE.test(code);
  return error instanceof Error && UNREACHABLE_TEXT.test(error.message);
};
