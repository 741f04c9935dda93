import { type ArgumentsHost, Catch, type ExceptionFilter, Inject } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { throwError } from 'rxjs';
import { LockoutUnavailableError } from '../engine/lockout-error.js';
import { InvalidSubjectError } from '../key/invalid-subject-error.js';
import { LockoutHttpException, toLockoutException } from './lockout-exceptions.js';

/** Answers the library's own errors, and no others, as problem details. */
@Catch(LockoutHttpException, LockoutUnavailableError, InvalidSubjectError)
export class LockoutExceptionFilter implements ExceptionFilter {
  constructor(@Inject(HttpAdapterHost) private readonly adapterHost: HttpAdapterHost) {}

  catch(error: unknown, host: ArgumentsHost): unknown {
    const exception = toLockoutException(error) as LockoutHttpException;
    const { problem, retryAfter } = exception;
    switch (host.getType<string>()) {
      case 'http': {
        const { httpAdapter } = this.adapterHost;
        const response: unknown = host.switchToHttp().getResponse();
        // A handler may have answered by itself meanwhile.
        if (httpAdapter.isHeadersSent(response)) return undefined;
        httpAdapter.setHeader(response, 'Content-Type', 'application/problem+json');
        if (retryAfter !== null) httpAdapter.setHeader(response, 'Retry-After', String(retryAfter));
        // As text: Nest 11 on Express takes an object for plain JSON, and says so in the header and the log.
        httpAdapter.reply(response, JSON.stringify(problem), problem.status);
        return undefined;
      }
      case 'rpc':
        return throwError(() => problem);
      case 'ws': {
        const client: { emit?: (event: string, data: unknown) => void } = host.switchToWs().getClient();
        client.emit?.('exception', problem);
        return undefined;
      }
      default:
        // GraphQL makes its own answer of what is thrown.
        throw exception;
    }
  }
}
