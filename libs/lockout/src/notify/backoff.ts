/** Pause after the first try, ms; doubled after each further one. */
const FIRST_PAUSE_MS = 1_000;
/** Longest pause between two tries, ms. */
const LONGEST_PAUSE_MS = 3_600_000;

const pauseAfter = (tries: number): number =>
  Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.max(0, tries - 1));

/**
 * Pause after so many tries, ms: 1 s · 2^(tries − 1) up to an hour, spread by a quarter to and fro, so that what failed
 * together is not tried again together.
 *
 * @param random even draws from [0, 1)
 */
export const backoffMs = (tries: number, random: () => number): number =>
  Math.round(pauseAfter(tries) * (0.75 + random() / 2));

/**
 * How many tries fill this time: giving up goes by tries, so that what waited while no process delivered anything still
 * gets all of them. At least one.
 */
export function triesWithin(giveUpAfterMs: number): number {
  let tries = 1;
  for (let spent = 0; ; tries += 1) {
    spent += pauseAfter(tries);
    if (spent > giveUpAfterMs) return tries;
  }
}
