/** The five ways a Passport strategy ends, as Passport attaches them for each request. */
export interface StrategyActions {
  success(user: unknown, info?: unknown): void;
  fail(challenge?: unknown, status?: number): void;
  redirect(url: string, status?: number): void;
  pass(): void;
  error(error: unknown): void;
}

export type ActionName = keyof StrategyActions;

const ACTIONS = ['success', 'fail', 'redirect', 'pass', 'error'] as const satisfies readonly ActionName[];

/**
 * Passport clones only strategies it finds by name; one that is passed as an object is shared, and the next request
 * overwrites its actions. So they are taken at once, before anything is awaited (R39).
 */
export function captureActions(strategy: object): StrategyActions {
  const captured = {} as Record<ActionName, (...args: unknown[]) => void>;
  for (const name of ACTIONS) {
    const action: unknown = Reflect.get(strategy, name);
    captured[name] = (...args) => {
      if (typeof action !== 'function')
        throw new TypeError(`A protected strategy has no ${name}(): run it by Passport.`);
      Reflect.apply(action, strategy, args);
    };
  }
  return captured as StrategyActions;
}
