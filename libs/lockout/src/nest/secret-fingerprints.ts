import type { LockoutEngine } from '../engine/lockout-engine.js';
import { LockoutConfigError } from '../engine/lockout-error.js';
import { StoreError } from '../store/store-error.js';

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
    const problem =
      error instanceof StoreError ? `LCK022: The store cannot be asked: ${message}` : `LCK007: ${message}`;
    const refused = new LockoutConfigError([problem]);
    refused.cause = error;
    throw refused;
  }
}
