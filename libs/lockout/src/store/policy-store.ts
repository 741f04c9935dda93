import type { AuditEntry } from './audit-log.js';
import type { Page, PageRequest } from './directory.js';

/** Which saved settings: a policy's global ones (`brand` null), or a brand's whole override of them. */
export interface PolicyTarget {
  /** The policy's name, at most 64 characters. Names are compared exactly: `a` and `A` are two, `a` and `a ` too. */
  readonly policy: string;
  /** The brand's name, 1 to 64 characters. */
  readonly brand: string | null;
}

/** One save. All are kept; of each target the one with the highest version governs. */
export interface PolicyRevision extends PolicyTarget {
  /** 1, 2, 3 … for each target. */
  readonly version: number;
  /**
   * The whole policy as plain JSON, at most 65,535 bytes of it; null: from here on nothing is saved, so configuration in
   * code governs again.
   */
  readonly settings: Readonly<Record<string, unknown>> | null;
  /** Epoch ms on the store's clock. */
  readonly at: number;
  /** Who, at most 320 characters. */
  readonly by: string;
  /** Why, at most 500 characters. */
  readonly reason: string;
}

/** A save that is wanted: wins iff the target's latest version is still `expected` (0: never saved). */
export interface PolicySave extends Omit<PolicyRevision, 'version' | 'at'> {
  readonly expected: number;
}

/** The latest revision of every target, and how many revisions there were in all when it was read. */
export interface SavedPolicies {
  /** Never counts a revision that `revisions` does not know of, so that comparing it with `policyCount` misses none. */
  readonly count: number;
  readonly revisions: readonly PolicyRevision[];
}

/**
 * Where policies are saved while running: an append-only list of revisions, shared by every process (R35). It knows no
 * rule: what may be saved is decided above it. `testing/policy-store-contract` is the suite every implementation passes.
 *
 * Every method rejects with `StoreError` when the store cannot answer, and for what no row can hold (`data`).
 */
export interface PolicyStore {
  /** How many revisions there are: differs from an earlier answer iff something was saved since. */
  policyCount(): Promise<number>;
  savedPolicies(): Promise<SavedPolicies>;
  /**
   * Appends the revision with version `expected + 1`; null: `expected` is not the latest version, and nothing was
   * changed. Of any number of callers with the same `expected` exactly one wins. Rejects when the outcome is unknown:
   * `savedPolicies` tells.
   *
   * `entry` is recorded iff the save wins, in one transaction with it, dated as it is, and once however often the store
   * sent it.
   */
  savePolicy(save: PolicySave, entry?: AuditEntry): Promise<PolicyRevision | null>;
  /** Revisions of one target, latest first. Rejects with `CursorError` for a cursor of another list or target. */
  policyHistory(target: PolicyTarget, page: PageRequest): Promise<Page<PolicyRevision>>;
}

/** Whether a store keeps saved policies; the port is optional. */
export const isPolicyStore = (store: object): store is PolicyStore =>
  (['policyCount', 'savedPolicies', 'savePolicy', 'policyHistory'] as const).every(
    (method) => typeof Reflect.get(store, method) === 'function',
  );
