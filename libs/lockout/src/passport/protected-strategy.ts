import { ProtectedRun, StrategyMisuseError } from './protected-run.js';
import { captureActions } from './strategy-actions.js';
import type { StrategyEdge } from './strategy-edge.js';
import { DEFAULT_VERIFY_PROPERTY, type StrategyOptions, type StrategyRequest } from './strategy-options.js';

/** As much of a Passport strategy as is needed here. */
export interface PassportStrategyLike {
  readonly name?: string;
  authenticate(request: never, options?: never): unknown;
}

export type Authenticate = (this: object, request: StrategyRequest, options?: unknown) => unknown;

/** Without the request that comes first if the strategy passes it, and without the final `done`. */
function verifyArguments(args: readonly unknown[], request: StrategyRequest): readonly unknown[] {
  const from = args[0] === request ? 1 : 0;
  return args.slice(from, typeof args.at(-1) === 'function' ? -1 : args.length);
}

/** Runs `authenticate` on a clone of its own, with our five actions and our verify callback in place of Passport's. */
export function runProtected(
  strategy: object,
  authenticate: Authenticate,
  request: StrategyRequest,
  passportOptions: unknown,
  edge: StrategyEdge,
  options: StrategyOptions,
): void {
  const run = new ProtectedRun(captureActions(strategy), edge, options, request);
  const property = options.verifyProperty ?? DEFAULT_VERIFY_PROPERTY;
  const verify: unknown = Reflect.get(strategy, property);
  if (typeof verify !== 'function') {
    run.error(new StrategyMisuseError(noVerify(property)));
    return;
  }
  const ask = (...args: unknown[]): void => {
    run.verify(verifyArguments(args, request), () => Reflect.apply(verify, inner, args));
  };
  // Some strategies look at how many arguments the callback takes.
  Object.defineProperty(ask, 'length', { value: verify.length });
  const fail = (challenge?: unknown, status?: number): void =>
    typeof challenge === 'number' ? run.fail(undefined, challenge) : run.fail(challenge, status);
  const inner: object = Object.assign(Object.create(strategy) as object, {
    [property]: ask,
    success: run.success.bind(run),
    fail,
    redirect: run.redirect.bind(run),
    pass: run.pass.bind(run),
    error: run.error.bind(run),
  });
  try {
    const ending = Reflect.apply(authenticate, inner, [request, passportOptions]);
    if (ending instanceof Promise) ending.catch((error: unknown) => run.error(error));
  } catch (error) {
    run.error(error);
  }
}

/** What is wrong with a strategy whose verify callback is not where we look for it. */
export const noVerify = (property: string): string =>
  `The strategy keeps no verify callback in "${property}", so it cannot be charged where it verifies. Name the ` +
  'property that holds it: { verifyProperty: "…" }.';
