import type { LockoutKey, SubjectHash } from '../key/key.js';
import type { AuditLog, EventQuery, RecordedEvent } from './audit-log.js';
import { CLOCK_TOLERANCE_MS } from './clock-tolerance.js';
import { FOREVER, rowKeepUntil } from './codec.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import type { Directory, LockedQuery, LockedSort, Page, PageRequest } from './directory.js';
import { eventId } from './event-id.js';
import type { LockoutStore, SwapOptions } from './lockout-store.js';
import { MemoryNodes } from './memory-nodes.js';
import { MemoryPolicies } from './memory-policies.js';
import type { NodeRegistry, NodeReport } from './node-registry.js';
import type { PolicyRevision, PolicySave, PolicyStore, PolicyTarget, SavedPolicies } from './policy-store.js';
import type { Loaded, LockoutRecord, Swap } from './record.js';

/** Events that {@link MemoryLockoutStore} remembers; the oldest go first. */
const MAX_EVENTS = 10_000;

interface Entry extends LockoutRecord {
  readonly keepUntil: number;
}

/**
 * Keeps everything in this process: for tests, demos and single-process tools. A restart forgets every lock, and each
 * process has its own budget (pitfalls 12 and 13), so it is no store for production.
 */
export class MemoryLockoutStore implements LockoutStore, Directory, AuditLog, PolicyStore, NodeRegistry {
  private readonly policies: MemoryPolicies;
  private readonly nodes: MemoryNodes;
  private readonly entries = new Map<LockoutKey, Entry>();
  private readonly events: (RecordedEvent & { readonly n: number })[] = [];
  private recorded = 0;

  /**
   * @param clock Epoch ms; the time by which everything here is decided: `() => Date.now()`, or a `FakeClock`'s `now`.
   * @throws TypeError without one: each attempt would be answered as if the store were down.
   */
  constructor(readonly clock: () => number) {
    if (typeof clock !== 'function') {
      throw new TypeError(
        'MemoryLockoutStore needs a clock: new MemoryLockoutStore(() => Date.now()), or (fakeClock.now) of a FakeClock.',
      );
    }
    this.policies = new MemoryPolicies(clock);
    this.nodes = new MemoryNodes(clock);
  }

  load(keys: readonly LockoutKey[]): Promise<Loaded> {
    return Promise.resolve(this.snapshot(keys));
  }

  compareAndSwap(swaps: readonly Swap[], options: SwapOptions): Promise<ReadonlySet<LockoutKey>> {
    return Promise.resolve(this.swap(swaps, options));
  }

  async swapExclusively(
    keys: readonly LockoutKey[],
    decide: (loaded: Loaded) => readonly Swap[],
  ): Promise<ReadonlySet<LockoutKey>> {
    // Nothing else runs between here and the end of this turn.
    const loaded = this.snapshot(keys);
    return this.swap(decide(loaded), { now: loaded.now });
  }

  ofAccount(account: SubjectHash): Promise<readonly LockoutRecord[]> {
    return Promise.resolve(this.where(({ facts }) => facts.accountHash === account).map(asRecord));
  }

  ofAddress(address: SubjectHash): Promise<readonly LockoutRecord[]> {
    return Promise.resolve(this.where(({ facts }) => facts.addressHash === address).map(asRecord));
  }

  async find(query: LockedQuery): Promise<Page<LockoutRecord>> {
    const after = query.cursor === undefined ? null : decodeCursor(query.sort, query.cursor);
    const value = (entry: LockoutRecord): number => sortValue(query.sort, entry);
    const found = this.where((entry) => matches(query, entry))
      .filter((entry) => after === null || isAfter(value(entry), entry.key, after))
      .sort((a, b) => value(b) - value(a) || (a.key < b.key ? 1 : -1))
      .slice(0, query.limit + 1);
    const items = found.slice(0, query.limit);
    const last = items.at(-1);
    return {
      items: items.map(asRecord),
      nextCursor:
        last && found.length > query.limit
          ? encodeCursor({ list: query.sort, value: value(last), key: last.key })
          : null,
    };
  }

  endedLocks(now: number, limit: number): Promise<readonly LockoutRecord[]> {
    const until = (entry: LockoutRecord): number => entry.state.lock?.until ?? Number.POSITIVE_INFINITY;
    return Promise.resolve(
      this.where((entry) => until(entry) <= now)
        .sort((a, b) => until(a) - until(b))
        .slice(0, limit)
        .map(asRecord),
    );
  }

  outlived(now: number, limit: number): Promise<readonly LockoutRecord[]> {
    return Promise.resolve(
      this.where((entry) => entry.keepUntil < now && entry.keepUntil < FOREVER)
        .sort((a, b) => a.keepUntil - b.keepUntil)
        .slice(0, limit)
        .map(asRecord),
    );
  }

  prune(records: readonly Pick<LockoutRecord, 'key' | 'version'>[]): Promise<number> {
    const gone = records.filter(({ key, version }) => {
      return this.entries.get(key)?.version === version && this.entries.delete(key);
    });
    return Promise.resolve(gone.length);
  }

  async list(query: EventQuery): Promise<Page<RecordedEvent>> {
    const after = query.cursor === undefined ? null : decodeCursor('events', query.cursor);
    const found = this.events
      .filter(
        ({ n, event, facts }) =>
          (after === null || n < after.value) &&
          (query.account === undefined || facts.accountHash === query.account) &&
          (query.address === undefined || facts.addressHash === query.address) &&
          (query.type === undefined || event.type === query.type),
      )
      .sort((a, b) => b.n - a.n)
      .slice(0, query.limit + 1);
    const items = found.slice(0, query.limit);
    const last = items.at(-1);
    return {
      items: items.map(({ id, key, event, facts }) => ({ id, key, event, facts })),
      nextCursor:
        last && found.length > query.limit ? encodeCursor({ list: 'events', value: last.n, key: '' }) : null,
    };
  }

  policyCount(): Promise<number> {
    return this.policies.policyCount();
  }

  savedPolicies(): Promise<SavedPolicies> {
    return this.policies.savedPolicies();
  }

  savePolicy(save: PolicySave): Promise<PolicyRevision | null> {
    return this.policies.savePolicy(save);
  }

  policyHistory(target: PolicyTarget, page: PageRequest): Promise<Page<PolicyRevision>> {
    return this.policies.policyHistory(target, page);
  }

  announce(node: NodeReport, withinMs: number): Promise<readonly NodeReport[]> {
    return this.nodes.announce(node, withinMs);
  }

  private snapshot(keys: readonly LockoutKey[]): Loaded {
    const records = new Map<LockoutKey, LockoutRecord>();
    for (const key of keys) {
      const entry = this.entries.get(key);
      if (entry) records.set(key, asRecord(entry));
    }
    return { now: this.clock(), records };
  }

  private swap(swaps: readonly Swap[], { now, atomic = false }: SwapOptions): ReadonlySet<LockoutKey> {
    const isSkewed = Math.abs(this.clock() - now) > CLOCK_TOLERANCE_MS;
    const lost = new Set(swaps.filter((swap) => isSkewed || !this.isCurrent(swap)).map(({ key }) => key));
    if (atomic && lost.size > 0) return lost;
    for (const swap of swaps) {
      if (!lost.has(swap.key)) this.write(swap);
    }
    return lost;
  }

  private isCurrent({ key, expected }: Swap): boolean {
    const current = this.entries.get(key);
    return current === undefined || current.version === expected;
  }

  private write({ key, version, state, facts, keepUntil, events }: Swap): void {
    this.entries.set(key, { key, version, state, facts, keepUntil: rowKeepUntil(keepUntil) });
    for (const [n, event] of events.entries()) {
      this.recorded += 1;
      this.events.push({ id: eventId(key, version, n), key, event, facts, n: this.recorded });
    }
    if (this.events.length > MAX_EVENTS) this.events.splice(0, this.events.length - MAX_EVENTS);
  }

  private where(condition: (entry: Entry) => boolean): Entry[] {
    return [...this.entries.values()].filter(condition);
  }
}

function asRecord({ key, version, state, facts }: Entry): LockoutRecord {
  return { key, version, state, facts };
}

/** What pages are ordered by, latest first: indefinite locks come first, records without the value last. */
function sortValue(sort: LockedSort, { state }: LockoutRecord): number {
  switch (sort) {
    case 'until':
      return state.lock ? (state.lock.until ?? FOREVER) : -1;
    case 'since':
      return state.lock?.since ?? -1;
    case 'lastFailureAt':
      return state.lastFailureAt ?? -1;
    default:
      return sort satisfies never;
  }
}

function isAfter(
  value: number,
  key: string,
  after: { readonly value: number; readonly key: string },
): boolean {
  return value < after.value || (value === after.value && key < after.key);
}

function matches(query: LockedQuery, { state, facts }: LockoutRecord): boolean {
  const byAccount = query.of === 'account';
  const subject = byAccount ? facts.accountHash : facts.addressHash;
  const label = byAccount ? facts.accountLabel : facts.addressLabel;
  if (subject === null || (!byAccount && facts.accountHash !== null)) return false;
  if (query.state === 'locked' && !(state.lock && query.now < (state.lock.until ?? FOREVER))) return false;
  if (query.realm !== undefined && facts.realm !== query.realm) return false;
  if (query.subjects === undefined && query.labelPrefix === undefined) return true;
  const prefix = query.labelPrefix?.toLowerCase();
  return (
    (query.subjects?.includes(subject) ?? false) ||
    (prefix !== undefined && (label?.toLowerCase().startsWith(prefix) ?? false))
  );
}
