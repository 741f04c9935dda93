import type { EngineClock } from 'nestjs-lockout';

/** Epoch ms, for what the app itself dates: sessions, codes, mails. Locks are dated by the store's own clock. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();

/** What the library measures pauses by, for tests: time passes as it does, and by as much as the clock is moved. */
export function engineClock(clock: Clock): EngineClock {
  const start = clock();
  return {
    monotonic: () => performance.now() + clock() - start,
    sleep: (ms) =>
      new Promise((resolve) => {
        setTimeout(resolve, ms).unref();
      }),
  };
}
