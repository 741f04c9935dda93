import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/**
 * Who signs in, and from where.
 *
 * @typedef {{ readonly n: number, readonly account: string, readonly address: string }} Subject
 */

/** Accounts of every measurement unless it says otherwise; each signs in from an address of its own. */
export const ACCOUNTS = 10_000;

const SEED = 20_260_101;

/** The n-th subject. @param {number} n 0 to 65,535 @returns {Subject} */
export const subject = (n) => ({ n, account: `user-${n}`, address: `10.7.${n >> 8}.${n & 255}` });

/** @type {readonly Subject[]} */
export const SUBJECTS = Array.from({ length: ACCOUNTS }, (_, n) => subject(n));

/**
 * Subjects drawn evenly, the same ones for every peer that asks with the same round.
 *
 * @param {number} round
 * @returns {() => Subject}
 */
export function sequence(round) {
  const generator = xoroshiro128plus(SEED + round);
  return () => /** @type {Subject} */ (SUBJECTS[uniformInt(generator, 0, ACCOUNTS - 1)]);
}
