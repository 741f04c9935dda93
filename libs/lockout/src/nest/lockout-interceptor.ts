import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { from, lastValueFrom, type Observable, toArray } from 'rxjs';
import type { Attempt } from '../engine/attempt.js';
import { handlerAttempt } from './handler-attempt.js';
import { HANDLER_OPTIONS, type LockoutHandlerOptions } from './handler-options.js';
import { defaultOutcome, type Ending, type HandlerOutcome, statusOfError } from './handler-outcome.js';
import { type EdgeRun, LockoutEdge } from './lockout-edge.js';
import { LockoutRefusedException } from './lockout-exceptions.js';
import { type RequestFacts, requestFacts } from './request-facts.js';

/** Handlers running under a charge now: inside one, the same interceptor on the class or method charges no second time (pitfall 20). */
const running = new WeakSet<ExecutionContext>();

/**
 * Charges before the handler runs and settles by how it ends. It keeps its own subscription to the handler: an outer
 * `timeout()` or a client that hangs up decides nothing, the verdict does (R42).
 */
@Injectable()
export class LockoutInterceptor implements NestInterceptor {
  /** Handlers of which it was said that their redirects count as failures. */
  private readonly toldOf = new WeakSet<LockoutHandlerOptions<unknown>>();

  constructor(
    @Inject(LockoutEdge) private readonly edge: LockoutEdge,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const options = this.reflector.getAllAndOverride<LockoutHandlerOptions<unknown> | undefined>(
      HANDLER_OPTIONS,
      [context.getHandler(), context.getClass()],
    );
    // All interceptors of one run share its context; aliases and batches have one each (pitfall 30).
    // Only while it runs: an outer `retry()` comes with the same context, and is another attempt.
    if (!options || running.has(context)) return next.handle();
    const { edge } = this;
    const facts = requestFacts(context);
    const startedAt = facts.isHttp ? edge.ledger.startedAt(facts.request, edge.now()) : edge.now();
    try {
      const request = await handlerAttempt(edge, options, facts, context);
      const { method, account, realm } = request;
      if (facts.isHttp && edge.ledger.hasBegun(facts.request, method, account, realm)) return next.handle();
      const run: EdgeRun = { request: facts.request, method, startedAt };
      const begun = await edge.engine.begin(request);
      if (!begun.allowed) throw await edge.refused(begun.refusal, run);
      return from(await this.verify(begun.attempt, options, facts, run, next, context));
    } catch (error) {
      throw edge.toError(error);
    }
  }

  /** What the handler emits, once the attempt is settled by it. */
  private async verify(
    attempt: Attempt,
    options: LockoutHandlerOptions<unknown>,
    facts: RequestFacts,
    run: EdgeRun,
    next: CallHandler,
    context: ExecutionContext,
  ): Promise<readonly unknown[]> {
    let values: readonly unknown[];
    running.add(context);
    try {
      values = await lastValueFrom(next.handle().pipe(toArray())).finally(() => running.delete(context));
    } catch (error) {
      const ending: Ending = { kind: 'threw', error, input: facts.input, status: statusOfError(error) };
      // A success that is thrown is still told as what was thrown.
      await this.settle(attempt, await this.outcome(options, ending), options, run, undefined);
      throw error;
    }
    const value = values.at(-1);
    const ending: Ending = { kind: 'returned', value, input: facts.input, status: facts.status() };
    await this.settle(attempt, await this.outcome(options, ending), options, run, value);
    return values;
  }

  private async outcome(options: LockoutHandlerOptions<unknown>, ending: Ending): Promise<HandlerOutcome> {
    // Refused inside the handler: nothing was verified there.
    if (ending.kind === 'threw' && ending.error instanceof LockoutRefusedException) return 'abandoned';
    if (!options.outcome) {
      this.tellOfRedirect(options, ending);
      return defaultOutcome(ending);
    }
    try {
      return await options.outcome(ending);
    } catch (error) {
      const name = error instanceof Error ? error.name : typeof error;
      this.edge.warn(
        `The outcome test of a "${options.method}" handler threw (${name}): taken as abandoned.`,
      );
      return 'abandoned';
    }
  }

  /** At start only a redirect is seen that stands above the handler. */
  private tellOfRedirect(options: LockoutHandlerOptions<unknown>, { status }: Ending): void {
    if (status === null || status < 300 || status > 399 || this.toldOf.has(options)) return;
    this.toldOf.add(options);
    this.edge.warn(
      `A "${options.method}" handler answered ${status}, which was counted as a failure: a redirect does not tell whether ` +
        'the credential was right. Give @Lockout() an outcome test.',
    );
  }

  /** Throws what a person is told whose success came under a lock (R6). */
  private async settle(
    attempt: Attempt,
    outcome: HandlerOutcome,
    options: LockoutHandlerOptions<unknown>,
    run: EdgeRun,
    value: unknown,
  ): Promise<void> {
    switch (outcome) {
      case 'success': {
        const { final = true } = options;
        let isFinal: boolean;
        try {
          isFinal = typeof final === 'function' ? final(value) : final;
        } catch (error) {
          // A fault of the application's: it must not become a presumed failure of the person's (P5).
          await attempt.abandon();
          throw error;
        }
        const { refusal } = await attempt.succeed({ final: isFinal });
        if (refusal) throw await this.edge.refused(refusal, run);
        return;
      }
      case 'failure':
        await attempt.fail();
        this.edge.failed(run);
        return;
      case 'abandoned':
        await attempt.abandon();
        return;
      default:
        outcome satisfies never;
        // Said by an untyped application: the strict side.
        await attempt.fail();
    }
  }
}
