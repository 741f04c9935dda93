export { LockoutStrategy, PROTECTED_STRATEGY, type ProtectedStrategyHandle } from './lockout-strategy.js';
export { LockoutHttpError } from './plain-errors.js';
export { StrategyMisuseError } from './protected-run.js';
export type { PassportStrategyLike } from './protected-strategy.js';
export type { StrategyEdge, StrategyFailure, StrategyRunFacts } from './strategy-edge.js';
export type { FindAccount, FromRequest, StrategyOptions, StrategyRequest } from './strategy-options.js';
export { type WithLockoutOptions, withLockout } from './with-lockout.js';
