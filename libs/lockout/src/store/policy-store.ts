import type { Page, PageRequest } from './directory.js';

/** Which saved settings: a policy's global ones (`brand` null), or a brand's whole override of them. */
export interface PolicyTarget {
  /** The policy's name. */
  readonly policy: string;
  readonly brand: string | null;
}

/** One save. All are kept; of each target the one with the highest version governs. */
export interface PolicyRevision extends PolicyTarget {
  /** 1, 2, 3 … for each target. */
  readonly version: number;
  /** The whole policy as plain JSON; null: from here on nothing is saved, so configuration in code governs again. */
  readonly settings: Readonly<Record<string, unknown>> | null;
  /** Epoch ms on the store's clock. */
  readonly at: number;
  readonly by: string;
  readonly reason: string;
}

/** A save that is wanted: wins iff the target's latest version is still `expected` (0: never saved). */
export interface PolicySave extends Omit<PolicyRevision, 'version' | 'at'> {
  readonly expected: number;
}

/** The latest revision of every target, and how many revisions there were in all when it was read. */
export interface SavedPolicies {
  readonly count: number;
  readonly revisions: readonly PolicyRevision[];
}

/**
 * Where policies are saved while running: an append-only list of revisions, shared by every process (R35). It knows no
 * rule: what may be saved is decided above it.
 */
export interface PolicyStore {
  /** How many revisions there are: differs from an earlier answer iff something was saved since. */
  policyCount(): Promise<number>;
  savedPolicies(): Promise<SavedPolicies>;
  /** Appends the revision with version `expected + 1`; null: somebody saved meanwhile, nothing was changed. */
  savePolicy(save: PolicySave): Promise<PolicyRevision | null>;
  /** Revisions of one target, latest first. Rejects with CursorError for a cursor of another list. */
  policyHistory(target: PolicyTarget, page: PageRequest): Promise<Page<PolicyRevision>>;
}

/** Whether a store keeps saved policies; the port is optional. */
export const isPolicyStore = (store: object): store is PolicyStore =>
  (['policyCount', 'savedPolicies', 'savePolicy', 'policyHistory'] as const).every(
    (method) => typeof Reflect.get(store, method) === 'function',
  );
