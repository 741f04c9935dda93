import { randomBytes, randomInt } from 'node:crypto';

/** Chance for the engine, passed in so that tests can replay a run. */
export interface Randomness {
  /** Even draws from [0, 1). */
  readonly uniform: () => number;
  /** A token of so many bytes that never repeats, as hex. */
  readonly token: (bytes: number) => string;
}

const RESOLUTION = 2 ** 32;

export const systemRandomness: Randomness = {
  uniform: () => randomInt(RESOLUTION) / RESOLUTION,
  token: (bytes) => randomBytes(bytes).toString('hex'),
};
