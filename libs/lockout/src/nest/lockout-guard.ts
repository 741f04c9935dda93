import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { handlerAttempt } from './handler-attempt.js';
import { HANDLER_OPTIONS, type LockoutHandlerOptions } from './handler-options.js';
import { LockoutEdge } from './lockout-edge.js';
import { requestFacts } from './request-facts.js';

/**
 * Refuses attempts at locked accounts before anything else runs. It charges nothing, so whatever a later guard decides
 * strands no charge.
 */
@Injectable()
export class LockoutGuard implements CanActivate {
  constructor(
    @Inject(LockoutEdge) private readonly edge: LockoutEdge,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const options = this.reflector.getAllAndOverride<LockoutHandlerOptions<unknown> | undefined>(
      HANDLER_OPTIONS,
      [context.getHandler(), context.getClass()],
    );
    if (!options) return true;
    const { edge } = this;
    const facts = requestFacts(context);
    const startedAt = facts.isHttp ? edge.ledger.startedAt(facts.request, edge.now()) : edge.now();
    try {
      const attempt = await handlerAttempt(edge, options, facts, context);
      const { method, account, realm } = attempt;
      if (facts.isHttp && edge.ledger.hasBegun(facts.request, method, account, realm)) return true;
      const refusal = await edge.engine.judge(attempt);
      // Room taken by attempts in flight may be free again when the charge asks for it; the charge waits (R2).
      if (refusal?.reason !== 'locked') return true;
      throw await edge.refused(refusal, { request: facts.request, method, startedAt });
    } catch (error) {
      throw edge.toError(error);
    }
  }
}
