import { unavailable } from './lockout-error.js';

/** What has to be known before anything is done to accounts. */
export interface CatchingUp {
  readonly policies: {
    /** Resolves when the policies are those that are saved. */
    fresh(): Promise<void>;
  };
  /** Resolves when what was counted without the store is in it. */
  readonly caughtUp: () => Promise<void>;
}

/** Work by the policies that are saved and by all that was counted. Rejects with LockoutUnavailableError. */
export async function onceCaughtUp<T>(
  { policies, caughtUp }: CatchingUp,
  work: () => Promise<T>,
): Promise<T> {
  try {
    await policies.fresh();
    await caughtUp();
    return await work();
  } catch (error) {
    throw unavailable(error);
  }
}
