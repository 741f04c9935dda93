import type { LockoutEngine } from '../engine/lockout-engine.js';
import { LockoutConfigError } from '../engine/lockout-error.js';
import type { Refusal } from '../engine/refusal.js';
import { badInputError, refusedError, unavailableError } from './plain-errors.js';
import {
  type Authenticate,
  noVerify,
  type PassportStrategyLike,
  runProtected,
} from './protected-strategy.js';
import type { StrategyEdge, StrategyFailure } from './strategy-edge.js';
import {
  DEFAULT_VERIFY_PROPERTY,
  type FindAccount,
  type StrategyOptions,
  type StrategyRequest,
} from './strategy-options.js';

/** {@link StrategyOptions}, with what `LockoutModule` would otherwise know. */
export interface WithLockoutOptions extends StrategyOptions {
  /** Looks up the account that the verify callback's first argument names. Needed unless `account` is given. */
  readonly findAccount?: FindAccount;
  /**
   * What a refused person is told: an error for Express, or Passport's `fail`; it may wait. Default: an error with
   * `status` 429, `headers` and `body` (problem details).
   */
  readonly refusal?: (
    refusal: Refusal,
    request: StrategyRequest,
  ) => Error | StrategyFailure | Promise<Error | StrategyFailure>;
  /** Hears of strategies that misbehave. Default `console.warn`. */
  readonly warn?: (message: string) => void;
}

function plainEdge(engine: LockoutEngine, options: WithLockoutOptions): StrategyEdge {
  const { findAccount } = options;
  return {
    engine,
    // The lookup may be at the very database that does not answer.
    ...(findAccount
      ? { findAccount: (name: string, request: unknown) => engine.lookUp(() => findAccount(name, request)) }
      : {}),
    began: () => {},
    failed: () => {},
    refused: async (refusal, { request }) =>
      options.refusal ? options.refusal(refusal, request) : refusedError(refusal),
    toError: (error) => badInputError(error) ?? unavailableError(error) ?? error,
    warn: options.warn ?? ((message) => console.warn(message)),
  };
}

/**
 * A Passport strategy that asks the engine before it verifies: `passport.use(withLockout(new LocalStrategy(…), engine,
 * { method: 'password', findAccount }))`. The given strategy is not changed and must not be registered as well.
 *
 * @throws LockoutConfigError with everything that is wrong.
 */
export function withLockout<T extends PassportStrategyLike>(
  strategy: T,
  engine: LockoutEngine,
  options: WithLockoutOptions,
): T {
  const problems: string[] = [];
  const property = options.verifyProperty ?? DEFAULT_VERIFY_PROPERTY;
  if (typeof Reflect.get(strategy, property) !== 'function') problems.push(noVerify(property));
  if (!options.method) problems.push('withLockout needs a method, for example { method: "password" }.');
  if (!options.account && !options.findAccount) {
    problems.push('withLockout needs findAccount or account: it must know whose credential is verified.');
  }
  if (problems.length > 0) throw new LockoutConfigError(problems);
  const edge = plainEdge(engine, options);
  const authenticate: unknown = Reflect.get(strategy, 'authenticate');
  return Object.create(strategy, {
    authenticate: {
      value(this: object, request: StrategyRequest, passportOptions?: unknown): void {
        runProtected(this, authenticate as Authenticate, request, passportOptions, edge, options);
      },
    },
  }) as T;
}
