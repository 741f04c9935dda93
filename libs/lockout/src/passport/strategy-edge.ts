import type { LockoutEngine } from '../engine/lockout-engine.js';
import type { Refusal } from '../engine/refusal.js';
import type { AccountRef } from '../key/account.js';
import type { Method } from '../policy/policy.js';
import type { FindAccount, StrategyRequest } from './strategy-options.js';

/** One run of a strategy, as far as answers depend on it. */
export interface StrategyRunFacts {
  readonly request: StrategyRequest;
  readonly method: Method;
  /** Monotonic ms of the engine's clock at which the run began. */
  readonly startedAt: number;
}

/** Answers with Passport's `fail` instead of an error. */
export interface StrategyFailure {
  readonly challenge?: unknown;
  readonly status?: number;
}

/** What a protected strategy needs from where it runs: `LockoutModule` gives Nest's answers, `withLockout` plain ones. */
export interface StrategyEdge {
  readonly engine: LockoutEngine;
  readonly findAccount?: FindAccount;
  /** An attempt was begun: an HTTP handler of the same request must not charge it again (R41). */
  began(request: StrategyRequest, method: Method, account: AccountRef, realm: string | undefined): void;
  /** A verification ended with a wrong credential. */
  failed(run: StrategyRunFacts): void;
  /** What a refused person is told; may wait (silent mode, R43). */
  refused(refusal: Refusal, run: StrategyRunFacts): Promise<Error | StrategyFailure>;
  /** Turns an exception of ours (bad input, store down) into one the framework answers. Others pass unchanged. */
  toError(error: unknown): unknown;
  /** Something a developer must hear about. Never contains an identifier or credential. */
  warn(message: string): void;
}
