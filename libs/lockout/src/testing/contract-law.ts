import { deepEqual } from 'node:assert/strict';
import type { LockoutKey } from '../key/key.js';
import type { AuditLog } from '../store/audit-log.js';
import type { Directory } from '../store/directory.js';
import type { LockoutStore } from '../store/lockout-store.js';
import type { LockoutRecord, Swap } from '../store/record.js';
import type { OpenedPort, PortLaw } from './port-law.js';

export interface StoreUnderTest {
  readonly store: LockoutStore;
  /** A second client of the same records, as another process would have; default: the same store. */
  readonly other?: LockoutStore;
  /** Where the events of swaps are read; absent: events are not checked. */
  readonly audit?: AuditLog;
  /** Absent: pruning is not checked. */
  readonly directory?: Directory;
  readonly close: () => Promise<void>;
}

/** Declares one law as a test with a store of its own. */
export type Law = PortLaw<OpenedPort<LockoutStore> & Pick<StoreUnderTest, 'audit' | 'directory'>>;

/** The store's clock. */
export async function now(store: LockoutStore): Promise<number> {
  return (await store.load([])).now;
}

/** A swap by a caller whose clock is right. */
export async function swap(
  store: LockoutStore,
  swaps: readonly Swap[],
  atomic = false,
): Promise<ReadonlySet<LockoutKey>> {
  return store.compareAndSwap(swaps, { now: await now(store), atomic });
}

/** The record as committed. */
export async function stored(store: LockoutStore, key: LockoutKey): Promise<LockoutRecord | undefined> {
  return (await store.load([key])).records.get(key);
}

/** A swap that has to win whole. */
export async function wins(store: LockoutStore, swaps: readonly Swap[]): Promise<void> {
  deepEqual([...(await swap(store, swaps))], []);
}
