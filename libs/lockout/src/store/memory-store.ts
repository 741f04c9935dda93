import type { LockoutKey, SubjectHash } from '../key/key.js';
import type { AnswerClaim, AnswerLives, AnswerRequest, AnswerStore, KeptAnswer } from './answer-store.js';
import type { AuditLog, EventQuery, EventShape, RecordedEvent, ShapeQuery } from './audit-log.js';
import { CLOCK_TOLERANCE_MS } from './clock-tolerance.js';
import { FOREVER, rowKeepUntil } from './codec.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import type { Directory, LockCountQuery, LockedQuery, Page, PageRequest } from './directory.js';
import { eventId } from './event-id.js';
import { matchesEvent } from './event-query.js';
import { EventTally } from './event-tally.js';
import { isCounted, matchesLocked, placeOf, TopOf } from './locked-query.js';
import type { LockoutStore, SwapOptions } from './lockout-store.js';
import { MemoryAnswers } from './memory-answers.js';
import { MemoryNodes } from './memory-nodes.js';
import { MemoryPolicies } from './memory-policies.js';
import type { NodeRegistry, NodeReport } from './node-registry.js';
import { pageOf } from './page.js';
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
export class MemoryLockoutStore
  implements LockoutStore, Directory, AuditLog, PolicyStore, NodeRegistry, AnswerStore
{
  private readonly policies: MemoryPolicies;
  private readonly processes: MemoryNodes;
  private readonly answers: MemoryAnswers;
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
    this.processes = new MemoryNodes(clock);
    this.answers = new MemoryAnswers(clock);
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
    const top = new TopOf(query.sort, after, query.limit + 1);
    for (const entry of this.where((record) => matchesLocked(query, record))) top.add(asRecord(entry));
    return pageOf(
      top.records(),
      query.limit,
      (record) => record,
      (last) => encodeCursor({ list: query.sort, ...placeOf(query.sort, last) }),
    );
  }

  countLocked(query: LockCountQuery): Promise<number> {
    return Promise.resolve(this.where((record) => isCounted(query, record)).length);
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
      .filter((event) => (after === null || event.n < after.value) && matchesEvent(query, event))
      .sort((a, b) => b.n - a.n);
    return pageOf(
      found,
      query.limit,
      ({ id, key, event, facts }) => ({ id, key, event, facts }),
      ({ n }) => encodeCursor({ list: 'events', value: n, key: '' }),
    );
  }

  shape(query: ShapeQuery): Promise<EventShape> {
    const tally = new EventTally(query);
    for (const { event, facts } of this.events.toReversed()) tally.add({ event, facts });
    return Promise.resolve(tally.shape());
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
    return this.processes.announce(node, withinMs);
  }

  nodes(withinMs: number): Promise<readonly NodeReport[]> {
    return this.processes.nodes(withinMs);
  }

  claimAnswer(request: AnswerRequest, lives: AnswerLives): Promise<AnswerClaim> {
    return this.answers.claimAnswer(request, lives);
  }

  keepAnswer(id: string, token: string, answer: KeptAnswer): Promise<void> {
    return this.answers.keepAnswer(id, token, answer);
  }

  dropClaim(id: string, token: string): Promise<void> {
    return this.answers.dropClaim(id, token);
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
