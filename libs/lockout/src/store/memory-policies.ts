import type { AuditEntry } from './audit-log.js';
import type { ColumnValue } from './codec.js';
import type { Page, PageRequest } from './directory.js';
import type { MemoryEvents } from './memory-events.js';
import { decodeRevision, encodeRevision, historyCursor, targetHash, versionBefore } from './policy-row.js';
import type { PolicyRevision, PolicySave, PolicyStore, PolicyTarget, SavedPolicies } from './policy-store.js';

/** Saved policies, in this process only. They are kept as rows, so that nobody shares an object with the store. */
export class MemoryPolicies implements PolicyStore {
  /** By target; the place in the list is the version less one. */
  private readonly rows = new Map<string, ColumnValue[][]>();
  private count = 0;

  constructor(
    private readonly clock: () => number,
    private readonly events: Pick<MemoryEvents, 'recordEntry'>,
  ) {}

  policyCount(): Promise<number> {
    return Promise.resolve(this.count);
  }

  async savedPolicies(): Promise<SavedPolicies> {
    const latest = [...this.rows.values()].flatMap((rows) => rows.slice(-1));
    return { count: this.count, revisions: latest.map((row) => decodeRevision(row)) };
  }

  async savePolicy(save: PolicySave, entry?: AuditEntry): Promise<PolicyRevision | null> {
    const target = targetHash(save);
    const rows = this.rows.get(target) ?? [];
    if (rows.length !== save.expected) return null;
    const now = this.clock();
    const row = encodeRevision(save, now);
    if (entry) this.events.recordEntry(entry, now);
    this.rows.set(target, [...rows, row]);
    this.count += 1;
    return decodeRevision(row);
  }

  async policyHistory(target: PolicyTarget, { limit, cursor }: PageRequest): Promise<Page<PolicyRevision>> {
    const rows = this.rows.get(targetHash(target)) ?? [];
    const before = cursor === undefined ? rows.length + 1 : versionBefore(target, cursor);
    const items = rows
      .map((row) => decodeRevision(row))
      .filter(({ version }) => version < before)
      .reverse()
      .slice(0, limit);
    const last = items.at(-1);
    return { items, nextCursor: last && last.version > 1 ? historyCursor(target, last.version) : null };
  }
}
