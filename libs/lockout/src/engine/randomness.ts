import { randomBytes, randomFillSync, randomInt } from 'node:crypto';

/** Chance for the engine, passed in so that tests can replay a run. */
export interface Randomness {
  /** Even draws from [0, 1). */
  readonly uniform: () => number;
  /** A token of so many bytes that never repeats, as hex. */
  readonly token: (bytes: number) => string;
}

const RESOLUTION = 2 ** 32;

/** Random bytes drawn at once: the system's generator costs more to ask than to answer. */
const POOL_BYTES = 4096;
const pool = Buffer.allocUnsafeSlow(POOL_BYTES);
let used = POOL_BYTES;

/** Each byte of the pool is given out once. */
function token(bytes: number): string {
  if (bytes > POOL_BYTES) return randomBytes(bytes).toString('hex');
  if (used + bytes > POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return pool.toString('hex', used - bytes, used);
}

export const systemRandomness: Randomness = {
  uniform: () => randomInt(RESOLUTION) / RESOLUTION,
  token,
};
