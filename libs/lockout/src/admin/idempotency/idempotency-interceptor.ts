import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  Logger,
  type NestInterceptor,
} from '@nestjs/common';
import { HttpAdapterHost, Reflector } from '@nestjs/core';
import { lastValueFrom, type Observable, of } from 'rxjs';
import { LockoutEngine } from '../../engine/lockout-engine.js';
import { isAnswerStore } from '../../store/answer-store.js';
import { LOCKOUT_ADMIN_OPTIONS, LOCKOUT_ADMIN_PATH, type ResolvedAdminOptions } from '../admin-options.js';
import type { AdminRequest } from '../admin-request.js';
import { headerOf, isSafe } from '../forgery.js';
import { Permission } from '../permission.js';
import { Problem } from '../problem.js';
import { problemOf } from '../problem-of.js';
import { AnswerDesk, type Claim, StillRunning } from './answer-desk.js';
import { AnswerSeal } from './answer-seal.js';
import { CHANGES_NOTHING } from './changes-nothing.js';
import { IDEMPOTENCY_HEADER, idempotencyKey } from './idempotency-key.js';
import { isKept, type PastAnswer, problemAgain } from './past-answer.js';

/** The part of both frameworks' responses that tells what was set on it. */
interface SetResponse {
  readonly statusCode: number;
  getHeader(name: string): unknown;
}

/**
 * Makes state changes that carry an `Idempotency-Key` once, and answers their repetitions with what the first was
 * answered. It comes after the guards: whoever is not admitted hears nothing of kept answers.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  private readonly desk: AnswerDesk | null;
  private readonly logger = new Logger('Lockout');

  constructor(
    @Inject(LockoutEngine) { options: { store, secrets, randomness } }: LockoutEngine,
    @Inject(LOCKOUT_ADMIN_OPTIONS) private readonly options: ResolvedAdminOptions,
    @Inject(LOCKOUT_ADMIN_PATH) private readonly mount: string,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {
    const [secret = ''] = secrets;
    this.desk = isAnswerStore(store) ? new AnswerDesk(store, new AnswerSeal(secret), randomness.token) : null;
  }

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const request = http.getRequest<AdminRequest & { readonly body?: unknown }>();
    if (isSafe(request) || this.reflector.get<boolean>(CHANGES_NOTHING, context.getHandler())) {
      return next.handle();
    }
    const key = idempotencyKey(request);
    if (key === null) return next.handle();
    if (!this.desk) {
      throw new Problem(
        501,
        `This store keeps no answers, so a repeated call would be made again. Send it without ${IDEMPOTENCY_HEADER}; ` +
          'nothing was changed.',
      );
    }
    const response = http.getResponse<SetResponse>();
    const { method, url, body } = request;
    const { by: actor } = await new Permission(this.options, request).actor('');
    const ifMatch = headerOf(request, 'if-match');
    const claimed = await this.desk
      .claim({ key, mount: this.mount, actor, method, url, ifMatch, body })
      .catch((error: unknown) => {
        if (error instanceof StillRunning) this.host.httpAdapter.setHeader(response, 'Retry-After', '1');
        throw error;
      });
    return 'status' in claimed ? this.repeat(claimed, response) : of(await this.run(claimed, next, response));
  }

  /**
   * What the handler answers, once it is kept. Subscribed here, so that a client that hangs up does not end a call
   * whose answer it will ask for.
   */
  private async run(claim: Claim, next: CallHandler, response: SetResponse): Promise<unknown> {
    let value: unknown;
    try {
      value = await lastValueFrom(next.handle());
    } catch (error) {
      const problem = problemOf(error);
      const isAnswer = problem !== null && isKept(problem);
      await this.settle(
        isAnswer
          ? () => claim.keep({ status: problem.getStatus(), value: problem.getResponse() })
          : () => claim.drop(),
      );
      throw error;
    }
    const etag = response.getHeader('etag');
    const answer = { status: response.statusCode, value };
    await this.settle(() => claim.keep(typeof etag === 'string' ? { ...answer, etag } : answer));
    return value;
  }

  /** The call was made, or was not: what it answers stands, whether that could be written down or not. */
  private async settle(write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.logger.warn(
        `An answer of the admin API could not be kept, a repetition may be made again: ${why}`,
      );
    }
  }

  /** In the way of the first time, so that what the application does to answers it does again. */
  private repeat(answer: PastAnswer, response: SetResponse): Observable<unknown> {
    const { httpAdapter } = this.host;
    httpAdapter.setHeader(response, 'Idempotency-Replayed', 'true');
    if (answer.status >= 400) throw problemAgain(answer);
    if (answer.etag !== undefined) httpAdapter.setHeader(response, 'ETag', answer.etag);
    httpAdapter.status(response, answer.status);
    return of(answer.value);
  }
}
