/**
 * How far the time that a decision is dated by may lie behind the moment at which it was made, ms: the store refuses
 * swaps whose clock is off by more than a second (R28).
 */
export const LAG_MS = 1_000;
/**
 * How much earlier than a lock's end an attempt may be admitted, ms. R28 documents a second; all clocks of a run are one
 * machine's, so it is held to what the reading of two clocks one after the other can differ by.
 */
export const EARLY_MS = 50;
/** How long after its end a lock may still refuse, ms: a process's idea of the store's clock may lag, never lead. */
export const LATE_MS = 2_000;
/** How long a write that was given up may still be on its way at the server, ms. */
export const STRAY_MS = 3_000;
/** After the last fault every process answers again within so long, ms. */
export const RECOVERY_MS = 5_000;
