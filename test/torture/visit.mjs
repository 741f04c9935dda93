/**
 * @typedef {object} Visit What somebody is about to try.
 * @property {import('./population.mjs').Population} population
 * @property {string} method
 * @property {string} account
 * @property {string} address
 * @property {'failure' | 'success' | 'abandon' | 'none'} verdict `none`: the attempt is never settled
 * @property {number} verifyMs how long the verification takes
 */

/** Share of attempts that are forgotten, and of those whose verification outlasts the attempt's deadline. */
const FORGOTTEN = 0.003;
const LATE = 0.004;

/** @param {import('./chance.mjs').Chance} chance @param {import('./population.mjs').Population} population @param {string} method */
const verifyMs = (chance, { slow, methods }, method) => {
  if (slow) return method === methods[0] ? chance.int(150, 500) : chance.int(0, 20);
  return chance.happens(0.6)
    ? chance.int(0, 5)
    : chance.happens(0.8)
      ? chance.int(5, 60)
      : chance.int(60, 400);
};

/**
 * The next visit of this process. Which accounts are hot depends on the moment alone, so that all processes meet there.
 *
 * @param {import('./chance.mjs').Chance} chance
 * @param {readonly import('./population.mjs').Population[]} populations
 * @param {number} now ms since the start of the run
 * @returns {Visit}
 */
export function nextVisit(chance, populations, now) {
  const shares = Object.fromEntries(populations.map(({ share }, n) => [n, share]));
  const index = Number(chance.weighted(shares));
  const population = populations[index];
  const generation = Math.floor(now / population.generationMs);
  const hot = chance.happens(population.hotShare);
  const n = chance.int(0, (hot ? population.hot : population.cold) - 1);
  const method = chance.pick(population.methods);
  const late = chance.happens(LATE);
  return {
    population,
    method,
    account: `${population.name}-${hot ? `hot-${generation}` : 'cold'}-${n}`,
    address: hot
      ? `10.${index}.${generation % 250}.${chance.int(1, 3)}`
      : `10.${100 + index}.${chance.int(0, 49)}.${chance.int(1, 20)}`,
    verdict: chance.happens(FORGOTTEN)
      ? 'none'
      : /** @type {Visit['verdict']} */ (chance.weighted(population.verdicts)),
    verifyMs: late
      ? population.policies[0].attemptTimeoutMs + chance.int(200, 1_200)
      : verifyMs(chance, population, method),
  };
}
