/** Whole milliseconds; every duration in a policy is one. */
export type DurationMs = number;

/** Longest duration a lock can be given (100 years); longer ones saturate here instead of overflowing. */
export const MAX_DURATION_MS: DurationMs = 100 * 365 * 24 * 60 * 60 * 1000;

/** `seconds(30)` is 30 000 ms. Fractions are rounded up to the next millisecond. */
export const seconds = (count: number): DurationMs => Math.ceil(count * 1000);

/** `minutes(5)` is 300 000 ms. Fractions are rounded up to the next millisecond. */
export const minutes = (count: number): DurationMs => Math.ceil(count * 60_000);

/** `hours(24)` is 86 400 000 ms. Fractions are rounded up to the next millisecond. */
export const hours = (count: number): DurationMs => Math.ceil(count * 3_600_000);

/** `days(1)` is 86 400 000 ms. Fractions are rounded up to the next millisecond. */
export const days = (count: number): DurationMs => Math.ceil(count * 86_400_000);
