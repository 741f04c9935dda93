import { keyOf } from './population.mjs';
import { quantile } from './quantile.mjs';

const WARM_UP = 300;
const ROUNDS = 2_000;

/** @typedef {import('nestjs-lockout/typeorm').TypeormLockoutStore} Store */

/**
 * How long a `load` of two keys takes in a small and in a large table, one after the other in turn, µs.
 *
 * @param {{ readonly store: Store, readonly keys: number }} small
 * @param {{ readonly store: Store, readonly keys: number }} large
 */
export async function measureLookup(small, large) {
  /** @type {[number[], number[]]} */
  const times = [[], []];
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    for (const [side, { store, keys }] of [small, large].entries()) {
      const wanted = [keyOf(Math.floor(Math.random() * keys)), keyOf(Math.floor(Math.random() * keys))];
      const start = performance.now();
      const { records } = await store.load([...new Set(wanted)]);
      const took = performance.now() - start;
      if (records.size !== new Set(wanted).size) throw new Error('A record that was written is not there');
      if (round >= WARM_UP) times[side]?.push(took * 1_000);
    }
  }
  return times.map((side) => ({ median: quantile(side, 0.5), p95: quantile(side, 0.95) }));
}
