import type { LockoutEngine } from '../engine/lockout-engine.js';

/** The store's clock, epoch ms: by it locks are in force or over, whatever this node's clock says (R28). */
export async function storeNow({ options: { store } }: LockoutEngine): Promise<number> {
  return store.clock?.() ?? (await store.load([])).now;
}
