import type { LockoutStore, Swap } from 'nestjs-lockout';

/** Few enough to be written long before the clock that goes with them is off. */
const TOGETHER = 200;
/** A batch that a machine begins a second late is refused whole (R28), and written again. */
const MOST_TRIES = 10;

/**
 * Writes new records, however many, at keys that nobody else has: what was refused can only have come too late.
 * Rejects when a batch does not land.
 */
export async function land(store: LockoutStore, swaps: readonly Swap[]): Promise<void> {
  for (let at = 0; at < swaps.length; at += TOGETHER) {
    const batch = swaps.slice(at, at + TOGETHER);
    let tries = 0;
    while ((await store.compareAndSwap(batch, { now: (await store.load([])).now, atomic: true })).size > 0) {
      tries += 1;
      if (tries === MOST_TRIES) throw new Error(`${batch.length} new records were refused ${tries} times.`);
    }
  }
}
