/** Time for the engine: measured, never read from the wall (R28). */
export interface EngineClock {
  /** Milliseconds since some fixed moment; never goes back. */
  readonly monotonic: () => number;
  /** Resolves after `ms` milliseconds; must not keep the process alive. */
  readonly sleep: (ms: number) => Promise<void>;
  /**
   * Calls `ring` once after `ms` milliseconds, unless the function it returns is called before; must not keep the process
   * alive. Default: the system's.
   */
  readonly alarm?: (ms: number, ring: () => void) => () => void;
}

export const systemClock: Required<EngineClock> = {
  monotonic: () => performance.now(),
  sleep: (ms) =>
    new Promise((resolve) => {
      setTimeout(resolve, ms).unref();
    }),
  alarm: (ms, ring) => {
    const timer = setTimeout(ring, ms).unref();
    return () => clearTimeout(timer);
  },
};

/** The clock with an alarm, its own if it has one. */
export function withAlarm(clock: EngineClock): Required<EngineClock> {
  const { alarm } = clock;
  return {
    monotonic: () => clock.monotonic(),
    sleep: (ms) => clock.sleep(ms),
    alarm: alarm ? (ms, ring) => alarm.call(clock, ms, ring) : systemClock.alarm,
  };
}
