import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Chance that is the same again for the same seed. */
export class Chance {
  #generator;

  /** @param {number} seed */
  constructor(seed) {
    this.#generator = xoroshiro128plus(seed);
  }

  /** A whole number, both ends included. @param {number} from @param {number} to */
  int(from, to) {
    return uniformInt(this.#generator, from, to);
  }

  /** @param {number} share 0 to 1 */
  happens(share) {
    return this.int(0, 999_999) < share * 1_000_000;
  }

  /** @template T @param {readonly T[]} choices @returns {T} */
  pick(choices) {
    return choices[this.int(0, choices.length - 1)];
  }

  /** One of the names, as often as its weight says. @param {Readonly<Record<string, number>>} weights */
  weighted(weights) {
    const entries = Object.entries(weights);
    let left = this.int(
      1,
      entries.reduce((sum, [, weight]) => sum + weight, 0),
    );
    for (const [name, weight] of entries) {
      left -= weight;
      if (left <= 0) return name;
    }
    throw new Error('no weights');
  }

  /** A chance of its own, that does not depend on how much of this one is used. @param {number} n */
  static of(seed, n) {
    return new Chance(Math.imul(seed ^ (n * 0x9e3779b9), 0x85ebca6b) | 0);
  }
}
