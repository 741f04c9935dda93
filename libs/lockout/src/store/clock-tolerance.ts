/** How far a caller's idea of the store's clock may be off before its swap is refused whole, ms (R28). */
export const CLOCK_TOLERANCE_MS = 1_000;
