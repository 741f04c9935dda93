import { LockoutConfigError } from '../engine/lockout-error.js';
import { StrategyMisuseError } from './protected-run.js';
import { type Authenticate, noVerify, runProtected } from './protected-strategy.js';
import type { StrategyEdge } from './strategy-edge.js';
import { DEFAULT_VERIFY_PROPERTY, type StrategyOptions, type StrategyRequest } from './strategy-options.js';

/**
 * How `LockoutModule` recognises a decorated strategy among the providers, whatever class it is; a registered symbol,
 * so that the module need not load this folder.
 */
export const PROTECTED_STRATEGY = Symbol.for('nestjs-lockout/protected-strategy');

/** What `LockoutModule` finds on a decorated strategy. */
export interface ProtectedStrategyHandle {
  readonly options: StrategyOptions;
  /** What keeps this instance from being protected; null: nothing. */
  problem(instance: object): string | null;
  /** From now on the instance answers; before, it errors. Binding again replaces. */
  bind(instance: object, edge: StrategyEdge): void;
}

/** Where a bound edge is kept: by instance, so two applications in one process never share one. */
const EDGE = Symbol('nestjs-lockout edge');

/** Any class: the constructors of `PassportStrategy(…)` fit no signature. */
interface StrategyClass {
  readonly name: string;
  readonly prototype: object;
}

/**
 * Protects a `@nestjs/passport` strategy class: an attempt is charged when the strategy is about to call `validate`,
 * and settled by how it ends. Needs `LockoutModule` in the application, which does not start without it.
 *
 * ```ts
 * @Injectable()
 * @LockoutStrategy({ method: 'password' })
 * export class LocalStrategy extends PassportStrategy(Strategy) { … }
 * ```
 * @throws TypeError at definition: no method, no `authenticate`, or decorated twice (in itself or in a parent).
 */
export function LockoutStrategy(options: StrategyOptions): (target: StrategyClass) => void {
  return (target) => {
    const { prototype } = target;
    const authenticate: unknown = Reflect.get(prototype, 'authenticate');
    if (typeof authenticate !== 'function') {
      throw new TypeError(
        `@LockoutStrategy() on ${target.name}: it is no Passport strategy (no authenticate method).`,
      );
    }
    if (!options.method) throw new TypeError(`@LockoutStrategy() on ${target.name} needs a method.`);
    if (Reflect.has(prototype, PROTECTED_STRATEGY)) {
      throw new TypeError(`@LockoutStrategy() on ${target.name}: a class it extends is protected already.`);
    }
    const property = options.verifyProperty ?? DEFAULT_VERIFY_PROPERTY;
    const handle: ProtectedStrategyHandle = {
      options,
      problem: (instance) =>
        typeof Reflect.get(instance, property) === 'function'
          ? null
          : `${target.name}: ${noVerify(property)}`,
      bind: (instance, edge) => {
        Object.defineProperty(instance, EDGE, { value: edge, configurable: true });
      },
    };
    Object.defineProperty(prototype, PROTECTED_STRATEGY, { value: handle });
    const bootstrap: unknown = Reflect.get(prototype, 'onApplicationBootstrap');
    Object.defineProperty(prototype, 'onApplicationBootstrap', {
      configurable: true,
      writable: true,
      // Who would check it is not there: LockoutModule binds before any provider is told of the start.
      value(this: object) {
        if (!Reflect.has(this, EDGE)) {
          throw new LockoutConfigError([
            `LCK014 (${target.name}): This strategy is protected, but no engine is bound to it, and nobody could sign in. ` +
              'Import LockoutModule, by forRoot or forRootAsync, in the application.',
          ]);
        }
        return typeof bootstrap === 'function' ? Reflect.apply(bootstrap, this, []) : undefined;
      },
    });
    Object.defineProperty(prototype, 'authenticate', {
      configurable: true,
      writable: true,
      value(
        this: object & { error?: (error: unknown) => void },
        request: StrategyRequest,
        passportOptions?: unknown,
      ) {
        const edge = Reflect.get(this, EDGE) as StrategyEdge | undefined;
        if (edge) {
          runProtected(this, authenticate as Authenticate, request, passportOptions, edge, options);
          return;
        }
        const error = new StrategyMisuseError(
          `${target.name} is protected by @LockoutStrategy() but no lockout engine is bound to it: import LockoutModule ` +
            'and provide the strategy as a singleton.',
        );
        if (!this.error) throw error;
        this.error(error);
      },
    });
  };
}
