/** The only place in this folder that asks the process for time or chance. */
export const monotonic = (): number => performance.now();

/** Spreads retries; decides nothing. */
export const random = (): number => Math.random();
