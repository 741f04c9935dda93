import { ILLEGIBLE, isLegible } from './problem-text.js';
import type { Delivery, LockoutSink } from './sink.js';

/** Time for the dispatcher: measured, never read from the wall. As the engine's clock. */
export interface DispatchClock {
  /** Milliseconds since some fixed moment; never goes back. */
  readonly monotonic: () => number;
  /** Calls `ring` once after `ms` milliseconds, unless the function it returns is called before. */
  readonly alarm: (ms: number, ring: () => void) => () => void;
}

/** A sink did not end in time. */
export class DeliveryTimeoutError extends Error {
  override readonly name = 'DeliveryTimeoutError';
}

/**
 * Delivers, and waits no longer than `timeoutMs`: then the sink's signal aborts, and whatever it does later is no longer
 * heard. Rejects with what the sink threw, also where it threw at once; with an error that says so, where that cannot be
 * read; or with DeliveryTimeoutError.
 */
export function deliverInTime(
  sink: LockoutSink,
  delivery: Delivery,
  clock: DispatchClock,
  timeoutMs: number,
): Promise<void> {
  const controller = new AbortController();
  return new Promise<void>((resolve, reject) => {
    const cancel = clock.alarm(timeoutMs, () => {
      const late = new DeliveryTimeoutError(`The sink "${sink.name}" did not end within ${timeoutMs} ms.`);
      reject(late);
      controller.abort(late);
    });
    const fail = (thrown: unknown): void => reject(isLegible(thrown) ? thrown : new Error(ILLEGIBLE));
    (async () => sink.deliver(delivery, controller.signal))().then(resolve, fail).finally(cancel);
  });
}
