import type { LockoutKey } from '../key/key.js';
import type { AnswerLives, AnswerRequest, AnswerStore, KeptAnswer } from '../store/answer-store.js';
import type { AuditLog, EventQuery, ShapeQuery } from '../store/audit-log.js';
import type { Directory, LockCountQuery, LockedQuery, PageRequest } from '../store/directory.js';
import type { LockoutStore, SwapOptions } from '../store/lockout-store.js';
import type { NodeRegistry, NodeReport } from '../store/node-registry.js';
import type { PolicySave, PolicyStore, PolicyTarget } from '../store/policy-store.js';
import type { Loaded, LockoutRecord, Swap } from '../store/record.js';

type FullStore = LockoutStore & Directory & AuditLog & PolicyStore & NodeRegistry & AnswerStore;

/** When a call fails: before it did anything, or after it did everything (its answer was lost). */
export type Fault = 'before' | 'after' | null;

/** One call about to be made to the store behind. */
export interface StoreCall {
  readonly method:
    | 'load'
    | 'compareAndSwap'
    | 'swapExclusively'
    | 'policyCount'
    | 'savedPolicies'
    | 'savePolicy'
    | 'policyHistory'
    | 'announce'
    | 'nodes'
    | 'claimAnswer'
    | 'keepAnswer'
    | 'dropClaim';
  /** The records it is about; none for saved policies, processes and kept answers. */
  readonly keys: readonly LockoutKey[];
}

/**
 * A real store at the end of an unreliable connection: answers take turns of the event loop, so that two engines on it
 * race as two processes do, and calls can be made to fail.
 */
export class UnreliableStore
  implements LockoutStore, Directory, AuditLog, PolicyStore, NodeRegistry, AnswerStore
{
  /** Calls made so far, oldest first. */
  readonly calls: StoreCall[] = [];
  /** Asked before each call. Default: nothing fails. */
  fault: (call: StoreCall) => Fault = () => null;
  /** What a failing call rejects with. */
  error: () => Error = () => new Error('Connection lost: The server closed the connection.');
  readonly clock?: () => number;

  constructor(private readonly store: FullStore) {
    if (store.clock) this.clock = store.clock;
  }

  load(keys: readonly LockoutKey[]): Promise<Loaded> {
    return this.call('load', keys, () => this.store.load(keys));
  }

  compareAndSwap(swaps: readonly Swap[], options: SwapOptions): Promise<ReadonlySet<LockoutKey>> {
    const keys = swaps.map((swap) => swap.key);
    return this.call('compareAndSwap', keys, () => this.store.compareAndSwap(swaps, options));
  }

  swapExclusively(
    keys: readonly LockoutKey[],
    decide: (loaded: Loaded) => readonly Swap[],
  ): Promise<ReadonlySet<LockoutKey>> {
    return this.call('swapExclusively', keys, () => this.store.swapExclusively(keys, decide));
  }

  ofAccount(account: Parameters<Directory['ofAccount']>[0]) {
    return this.store.ofAccount(account);
  }

  ofAddress(address: Parameters<Directory['ofAddress']>[0]) {
    return this.store.ofAddress(address);
  }

  find(query: LockedQuery) {
    return this.store.find(query);
  }

  countLocked(query: LockCountQuery) {
    return this.store.countLocked(query);
  }

  endedLocks(now: number, limit: number) {
    return this.store.endedLocks(now, limit);
  }

  outlived(now: number, limit: number) {
    return this.store.outlived(now, limit);
  }

  prune(records: readonly Pick<LockoutRecord, 'key' | 'version'>[]) {
    return this.store.prune(records);
  }

  list(query: EventQuery) {
    return this.store.list(query);
  }

  shape(query: ShapeQuery) {
    return this.store.shape(query);
  }

  policyCount() {
    return this.call('policyCount', [], () => this.store.policyCount());
  }

  savedPolicies() {
    return this.call('savedPolicies', [], () => this.store.savedPolicies());
  }

  savePolicy(save: PolicySave) {
    return this.call('savePolicy', [], () => this.store.savePolicy(save));
  }

  policyHistory(target: PolicyTarget, page: PageRequest) {
    return this.call('policyHistory', [], () => this.store.policyHistory(target, page));
  }

  announce(node: NodeReport, withinMs: number) {
    return this.call('announce', [], () => this.store.announce(node, withinMs));
  }

  nodes(withinMs: number) {
    return this.call('nodes', [], () => this.store.nodes(withinMs));
  }

  claimAnswer(request: AnswerRequest, lives: AnswerLives) {
    return this.call('claimAnswer', [], () => this.store.claimAnswer(request, lives));
  }

  keepAnswer(id: string, token: string, answer: KeptAnswer) {
    return this.call('keepAnswer', [], () => this.store.keepAnswer(id, token, answer));
  }

  dropClaim(id: string, token: string) {
    return this.call('dropClaim', [], () => this.store.dropClaim(id, token));
  }

  private async call<T>(
    method: StoreCall['method'],
    keys: readonly LockoutKey[],
    work: () => Promise<T>,
  ): Promise<T> {
    const call = { method, keys };
    this.calls.push(call);
    const fault = this.fault(call);
    await aTurn();
    if (fault === 'before') throw this.error();
    const answer = await work();
    await aTurn();
    if (fault === 'after') throw this.error();
    return answer;
  }
}

const aTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
