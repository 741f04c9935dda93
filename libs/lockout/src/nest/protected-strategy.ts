import type { AccountRef } from '../key/account.js';
import type { LockoutEdge } from './lockout-edge.js';

/** What `@LockoutStrategy()` leaves on a strategy. Found by symbol, so that this folder needs no Passport. */
export interface ProtectedStrategy {
  readonly options: {
    readonly account?: (...args: never[]) => AccountRef | Promise<AccountRef>;
  };
  /** What keeps this instance from being protected; null: nothing. */
  problem(instance: object): string | null;
  bind(instance: object, edge: unknown): void;
}

const PROTECTED_STRATEGY = Symbol.for('nestjs-lockout/protected-strategy');

/** Null: not decorated. */
export function protectionOf(instance: object): ProtectedStrategy | null {
  return (Reflect.get(instance, PROTECTED_STRATEGY) as ProtectedStrategy | undefined) ?? null;
}

/** Gives a decorated strategy its engine and Nest's answers (R40). Binding twice changes nothing. */
export function bindStrategy(instance: object, strategy: ProtectedStrategy, edge: LockoutEdge): void {
  strategy.bind(instance, edge.forStrategies());
}
