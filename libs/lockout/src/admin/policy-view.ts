import type { EntryWarning, PolicyEntry } from '../engine/policy-entry.js';
import { settingsOf } from '../engine/policy-merge.js';
import type { Limits } from '../policy/policy.js';
import type { PolicyRevision } from '../store/policy-store.js';
import { iso, isoOrNull } from './moment.js';

/** One policy, or one brand's override of it, as the admin API shows it. */
export interface PolicyBody {
  readonly name: string;
  /** Null: the global one. */
  readonly brand: string | null;
  /** What `If-Match` wants, in quotes; 0: never saved. */
  readonly version: number;
  readonly source: PolicyEntry['source'];
  /** What governs: the whole policy, without its limits. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The same as code says it; null: code has nothing for this brand. */
  readonly configured: Readonly<Record<string, unknown>> | null;
  /** The range of each number that may be entered; set in code only. */
  readonly limits: Limits;
  readonly warnings: readonly EntryWarning[];
  /** The latest save; null: never saved. */
  readonly savedAt: string | null;
  readonly savedBy: string | null;
  readonly reason: string | null;
}

/** A global policy in the list, with the brands that override it. */
export interface PolicyItem extends PolicyBody {
  readonly brands: readonly PolicyBody[];
}

/** One save in a policy's history; `settings` null: it went back to configuration. */
export interface RevisionView {
  readonly version: number;
  readonly settings: Readonly<Record<string, unknown>> | null;
  readonly at: string;
  readonly by: string;
  readonly reason: string;
}

export function policyBody({ policy, configured, savedAt, ...entry }: PolicyEntry): PolicyBody {
  return {
    name: entry.name,
    brand: entry.brand,
    version: entry.version,
    source: entry.source,
    settings: settingsOf(policy),
    configured: configured && settingsOf(configured),
    limits: policy.limits,
    warnings: entry.warnings,
    savedAt: isoOrNull(savedAt),
    savedBy: entry.savedBy,
    reason: entry.reason,
  };
}

/** Entries as {@link PolicyItem}s: each brand under its policy. */
export function policyItems(entries: readonly PolicyEntry[]): readonly PolicyItem[] {
  return entries
    .filter(({ brand }) => brand === null)
    .map((entry) => ({
      ...policyBody(entry),
      brands: entries
        .filter(({ name, brand }) => name === entry.name && brand !== null)
        .map((override) => policyBody(override)),
    }));
}

export const revisionView = ({ version, settings, at, by, reason }: PolicyRevision): RevisionView => ({
  version,
  settings,
  at: iso(at),
  by,
  reason,
});
