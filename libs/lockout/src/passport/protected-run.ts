import type { Attempt } from '../engine/attempt.js';
import type { AttemptRequest } from '../engine/attempt-request.js';
import type { Settlement } from '../engine/settlement.js';
import type { AccountRef } from '../key/account.js';
import { normaliseIdentifier } from '../key/identifier.js';
import { InvalidSubjectError } from '../key/invalid-subject-error.js';
import type { ActionName, StrategyActions } from './strategy-actions.js';
import type { StrategyEdge, StrategyRunFacts } from './strategy-edge.js';
import {
  type FromRequest,
  isFailureStatus,
  type StrategyOptions,
  type StrategyRequest,
} from './strategy-options.js';

/** A strategy that cannot be protected as it is written. Answered as a fault of ours: nobody is signed in. */
export class StrategyMisuseError extends Error {
  override readonly name = 'StrategyMisuseError';
  readonly code = 'LOCKOUT_CONFIG';
}

const read = <T extends string | null | undefined>(fact: FromRequest<T>, request: StrategyRequest): T =>
  typeof fact === 'function' ? fact(request) : fact;

/** For the record only. */
function userAgentOf({ headers }: StrategyRequest): string | null {
  const agent: unknown =
    typeof headers === 'object' && headers !== null ? Reflect.get(headers, 'user-agent') : null;
  return typeof agent === 'string' ? agent : null;
}

/**
 * One request's run of a protected strategy: charges when the strategy is about to verify, and settles by the action it
 * ends with before Passport hears of it. Only the verdict settles; a client that hangs up changes nothing (P5).
 */
export class ProtectedRun implements StrategyActions {
  private readonly facts: StrategyRunFacts;
  private attempt: Attempt | null = null;
  private attempted: AttemptRequest | null = null;
  private verifying = false;
  private ended: ActionName | null = null;

  constructor(
    private readonly outer: StrategyActions,
    private readonly edge: StrategyEdge,
    private readonly options: StrategyOptions,
    private readonly request: StrategyRequest,
  ) {
    const startedAt = edge.engine.options.clock.monotonic();
    this.facts = { request, method: options.method, startedAt };
  }

  /** The strategy wants to verify: `proceed` runs its verify callback, if the attempt is admitted (R38). */
  verify(args: readonly unknown[], proceed: () => unknown): void {
    if (this.verifying) {
      // The one charge covers one verification.
      this.misused('called its verify callback twice in one run');
      return;
    }
    this.verifying = true;
    void this.chargeAndVerify(args, proceed);
  }

  success(user: unknown, info?: unknown): void {
    this.end('success', async () => {
      const { attempt } = this;
      if (!attempt) {
        throw new StrategyMisuseError(
          `The "${this.options.method}" strategy signed somebody in without asking its verify callback, so nothing was ` +
            'counted. Name the property that holds the callback: { verifyProperty: "…" }.',
        );
      }
      const { refusal } = await attempt.succeed({ final: await this.isFinal(attempt, user) });
      // A lock was set meanwhile: right or not, nobody is signed in (R6).
      if (refusal) return this.refuse(refusal);
      // Only now: whoever gets to the handler without this (an optional guard) is verified there, and charged (R41).
      if (this.attempted) {
        const { method, account, realm } = this.attempted;
        this.edge.began(this.request, method, account, realm);
      }
      return () => this.outer.success(user, info);
    });
  }

  fail(challenge?: unknown, status?: number): void {
    this.end('fail', async () => {
      await this.settleFailure();
      return () => this.outer.fail(challenge, status);
    });
  }

  error(error: unknown): void {
    this.end('error', async () => {
      if (this.attempt && this.isFailure(error)) await this.settleFailure();
      else await this.attempt?.abandon();
      return () => this.outer.error(this.edge.toError(error));
    });
  }

  redirect(url: string, status?: number): void {
    this.end('redirect', async () => {
      // After a verification only a strategy that answers wrong credentials with a page does this (R8).
      await this.settleFailure();
      return () => this.outer.redirect(url, status);
    });
  }

  pass(): void {
    this.misused('called pass(), which lets the request through unverified');
  }

  private misused(what: string): void {
    this.end('error', async () => {
      await this.settleFailure();
      throw new StrategyMisuseError(`The "${this.options.method}" strategy ${what}.`);
    });
  }

  private isFailure(error: unknown): boolean {
    try {
      return (this.options.isFailure ?? isFailureStatus)(error);
    } catch {
      this.edge.warn(`The isFailure test of the "${this.options.method}" strategy threw: taken as a fault.`);
      return false;
    }
  }

  private async isFinal(attempt: Attempt, user: unknown): Promise<boolean> {
    const { final = true } = this.options;
    try {
      return typeof final === 'function' ? final(user) : final;
    } catch (error) {
      await attempt.abandon();
      throw error;
    }
  }

  private async settleFailure(): Promise<Settlement | undefined> {
    if (!this.attempt) return undefined;
    const settlement = await this.attempt.fail();
    this.edge.failed(this.facts);
    return settlement;
  }

  private async refuse(refusal: NonNullable<Settlement['refusal']>): Promise<() => void> {
    const answer = await this.edge.refused(refusal, this.facts);
    if (answer instanceof Error) return () => this.outer.error(answer);
    return () => this.outer.fail(answer.challenge, answer.status);
  }

  /** The first action decides; a strategy that goes on to a second one is not listened to (R39). */
  private end(name: ActionName, settle: () => Promise<() => void>): void {
    if (this.ended) {
      this.edge.warn(
        `The "${this.options.method}" strategy called ${name}() after ${this.ended}(): ignored.`,
      );
      return;
    }
    this.ended = name;
    void settle().then(
      (answer) => answer(),
      (error: unknown) => this.outer.error(this.edge.toError(error)),
    );
  }

  private async chargeAndVerify(args: readonly unknown[], proceed: () => unknown): Promise<void> {
    try {
      const request = await this.attemptRequest(args);
      const begun = await this.edge.engine.begin(request);
      if (!begun.allowed) {
        this.end('error', () => this.refuse(begun.refusal));
        return;
      }
      if (this.ended) {
        // It ended by itself while we asked the store: nothing was verified.
        await begun.attempt.abandon();
        return;
      }
      this.attempt = begun.attempt;
      this.attempted = request;
      await proceed();
    } catch (error) {
      this.error(error);
    }
  }

  private async attemptRequest(args: readonly unknown[]): Promise<AttemptRequest> {
    const { request, options } = this;
    const credential = options.credential
      ? options.credential(args)
      : args.length === 2
        ? args[1]
        : 'unchecked';
    if (typeof credential !== 'string' || credential === '') {
      throw new InvalidSubjectError('credential', 'blank', 'The credential is missing or not a text.');
    }
    return {
      account: await this.account(args),
      method: options.method,
      address: request.ip ?? null,
      userAgent: userAgentOf(request),
      realm: read(options.realm, request),
      brand: read(options.brand, request),
      device: read(options.device, request),
      ...(options.custom ? { custom: options.custom(request) } : {}),
    };
  }

  private async account(args: readonly unknown[]): Promise<AccountRef> {
    const { request, options, edge } = this;
    const [first] = args;
    const { account } = options;
    if (account) return edge.engine.lookUp(() => account(first, request, args));
    if (!edge.findAccount) {
      throw new StrategyMisuseError(
        `The "${options.method}" strategy does not know whose credential it verifies: give it { account } or findAccount.`,
      );
    }
    // Before the lookup: what cannot be a name is nobody's (R20).
    normaliseIdentifier(first);
    const identifier = first as string;
    return (await edge.findAccount(identifier, request)) ?? { unknown: identifier };
  }
}
