import type { LockoutEngine } from '../engine/lockout-engine.js';
import { LockoutConfigError } from '../engine/lockout-error.js';

/** A store that remembers which secrets its records were written under (R21). */
interface FingerprintedStore {
  assertFingerprints(fingerprints: readonly string[]): Promise<void>;
}

function isFingerprinted(store: object): store is FingerprintedStore {
  return typeof Reflect.get(store, 'assertFingerprints') === 'function';
}

/**
 * Refuses to start under secrets the store does not know: every account would get a second budget.
 * @throws LockoutConfigError if the store says no, or does not answer.
 */
export async function assertFingerprints({ keys, options }: LockoutEngine): Promise<void> {
  const store: object = options.store;
  if (!isFingerprinted(store)) return;
  try {
    await store.assertFingerprints(keys.fingerprints());
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const refused = new LockoutConfigError([`LCK007: ${message}`]);
    refused.cause = error;
    throw refused;
  }
}
