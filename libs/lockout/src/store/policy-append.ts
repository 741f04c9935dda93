import { StoreError } from './store-error.js';

/** How long and how often a save whose fate is unknown is sent again, ms (R30) and times. */
const PATIENCE_MS = 2_000;
const MAX_TRIES = 8;

/**
 * Appends a saved policy's row, again for as long as its fate is unknown (R4).
 *
 * @param append Whether the row is ours; rejects when that is unknown. Called again it has to be the same save still: the
 *   row carries a token that says whose it is.
 * @param monotonic Milliseconds.
 * @returns What `append` resolved. Rejects with its last failure as {@link StoreError}; with `data` at once.
 */
export async function appendUntilKnown(
  append: () => Promise<boolean>,
  monotonic: () => number,
): Promise<boolean> {
  const deadline = monotonic() + PATIENCE_MS;
  for (let tries = 1; ; tries += 1) {
    try {
      return await append();
    } catch (error) {
      const failure = StoreError.from(error);
      if (failure.fault === 'data' || tries === MAX_TRIES || monotonic() >= deadline) throw failure;
    }
  }
}
