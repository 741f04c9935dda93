/** Time for the engine: measured, never read from the wall (R28). */
export interface EngineClock {
  /** Milliseconds since some fixed moment; never goes back. */
  readonly monotonic: () => number;
  /** Resolves after `ms` milliseconds; must not keep the process alive. */
  readonly sleep: (ms: number) => Promise<void>;
}

export const systemClock: EngineClock = {
  monotonic: () => performance.now(),
  sleep: (ms) =>
    new Promise((resolve) => {
      setTimeout(resolve, ms).unref();
    }),
};
