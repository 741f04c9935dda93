import { Inject, Injectable, Logger } from '@nestjs/common';
import { LockoutEngine } from '../engine/lockout-engine.js';
import { LockoutUnavailableError } from '../engine/lockout-error.js';
import type { Refusal } from '../engine/refusal.js';
import type { AccountRef } from '../key/account.js';
import { normaliseIdentifier } from '../key/identifier.js';
import type { Method } from '../policy/policy.js';
import { AnswerTimes } from './answer-times.js';
import { LockoutRefusedException, toLockoutException } from './lockout-exceptions.js';
import { LOCKOUT_OPTIONS, type LockoutModuleOptions } from './lockout-options.js';
import { RequestLedger } from './request-ledger.js';
import { UnavailableLog } from './unavailable-log.js';

/** One verification, as far as the answer to it depends on it. */
export interface EdgeRun {
  readonly request: unknown;
  readonly method: Method;
  /** Monotonic ms of the engine's clock at which the request began to be handled. */
  readonly startedAt: number;
}

/** What guard, interceptor and protected strategies share: the lookup, what is answered, and who charged already. */
@Injectable()
export class LockoutEdge {
  readonly ledger = new RequestLedger();
  private readonly times: AnswerTimes;
  private readonly unavailable: UnavailableLog;
  private readonly logger = new Logger('Lockout');

  constructor(
    @Inject(LockoutEngine) readonly engine: LockoutEngine,
    @Inject(LOCKOUT_OPTIONS) private readonly options: LockoutModuleOptions,
  ) {
    this.times = new AnswerTimes(engine.options.clock, engine.options.randomness.uniform);
    this.unavailable = new UnavailableLog(engine);
  }

  /** Monotonic ms. */
  now(): number {
    return this.engine.options.clock.monotonic();
  }

  /**
   * Whose account a typed identifier names; looked up once for an HTTP request.
   * Rejects with InvalidSubjectError for what cannot be a name, before any lookup (R20).
   */
  async resolve(identifier: unknown, request: unknown, cached: boolean): Promise<AccountRef> {
    normaliseIdentifier(identifier);
    const typed = identifier as string;
    const find = () => this.find(typed, request);
    const id = await (cached ? this.ledger.account(request, typed, find) : find());
    return id ?? { unknown: typed };
  }

  began(request: unknown, method: Method, account: AccountRef, realm: string | undefined): void {
    this.ledger.began(request, method, account, realm);
  }

  /** A verification ended with a wrong credential. */
  failed({ method, startedAt }: EdgeRun): void {
    this.times.record(method, startedAt);
  }

  /** What a refused person is told; in silent mode it takes as long as a failed verification. */
  async refused(refusal: Refusal, { method, request, startedAt }: EdgeRun): Promise<Error> {
    const { disclose, refusal: silent } = this.options;
    if (disclose !== 'nothing' || !silent) return new LockoutRefusedException(refusal);
    await this.times.hold(method, startedAt);
    return silent({ method, request });
  }

  toError(error: unknown): unknown {
    if (error instanceof LockoutUnavailableError) void this.unavailable.write(error);
    return toLockoutException(error);
  }

  warn(message: string): void {
    this.logger.warn(message);
  }

  /** The same for Passport strategies, in the shape they ask for (`StrategyEdge`). */
  forStrategies() {
    const { findAccount } = this.options;
    return {
      engine: this.engine,
      ...(findAccount
        ? {
            findAccount: (identifier: string, request: unknown) =>
              this.ledger.account(request, identifier, () => this.find(identifier, request)),
          }
        : {}),
      began: this.began.bind(this),
      failed: this.failed.bind(this),
      refused: this.refused.bind(this),
      toError: this.toError.bind(this),
      warn: this.warn.bind(this),
    };
  }

  private async find(identifier: string, request: unknown): Promise<string | null> {
    // The lookup may be at the very database that does not answer.
    const id = await this.engine.lookUp(() => this.options.findAccount?.(identifier, request));
    if (id === null || id === undefined) return null;
    // A number here is a slip in the application, not bad input of the person's.
    if (typeof id !== 'string')
      throw new TypeError('findAccount must answer the account id as a string, or null.');
    return id;
  }
}
