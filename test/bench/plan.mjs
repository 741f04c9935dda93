/**
 * How much is measured.
 *
 * @typedef {object} Plan
 * @property {boolean} quick
 * @property {number} rounds Measured rounds of everything.
 * @property {number} roundsOfThree The same with three limits.
 * @property {number} ms Of one round of one contestant with many callers.
 * @property {number} lockedMs The same where everybody is locked: longer than a record stays in memory, so that both its
 *   first refusal and those that follow are in it as they are under an attack that goes on.
 * @property {number} warmMs Of each contestant on each path before anything counts, so that what runs is compiled.
 * @property {number} decisions Of one round of one contestant without company.
 * @property {readonly (2 | 3)[]} keys
 * @property {number} requests Of one round of one route at the edge.
 */

/** @type {Plan} */
export const FULL = {
  quick: false,
  rounds: 5,
  roundsOfThree: 3,
  ms: 1_000,
  lockedMs: 2_200,
  warmMs: 3_000,
  decisions: 400,
  keys: [2, 3],
  requests: 2_000,
};

/** Enough to see where one stands, not to publish. @type {Plan} */
export const QUICK = {
  quick: true,
  rounds: 2,
  roundsOfThree: 2,
  ms: 180,
  lockedMs: 1_100,
  warmMs: 400,
  decisions: 60,
  keys: [2],
  requests: 600,
};
