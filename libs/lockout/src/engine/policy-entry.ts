import type { LockoutPolicy } from '../policy/policy.js';

/** What is odd about a policy. Ids are those of `lintPolicy` (LCK1xx), or LCK017: what was saved is ignored. */
export interface EntryWarning {
  readonly id: string;
  /** `info`: good to know of a policy that may well be meant so. */
  readonly level: 'warning' | 'info';
  /** A dotted path within the policy. */
  readonly path: string;
  readonly message: string;
  readonly hint: string;
  /** The numbers of the message, with units in their names. */
  readonly numbers: Readonly<Record<string, number>>;
}

/** One policy, or one brand's override of it, as it stands. */
export interface PolicyEntry {
  /** Name of the policy in configuration; with `brand` it is the target of a save. */
  readonly name: string;
  /** Null: the global one. */
  readonly brand: string | null;
  /** Of the latest save; 0: never saved. Removing an override counts as one. */
  readonly version: number;
  /** Where what governs comes from. A brand without an override: where the global policy it uses comes from. */
  readonly source: 'configured' | 'saved';
  /** What governs. */
  readonly policy: LockoutPolicy;
  /** What code says for this very target; null: code has nothing for this brand. */
  readonly configured: LockoutPolicy | null;
  readonly warnings: readonly EntryWarning[];
  /** When the latest save was, epoch ms on the store's clock, who made it and why; null: never saved. */
  readonly savedAt: number | null;
  readonly savedBy: string | null;
  readonly reason: string | null;
}
