import type { LockoutKey } from '../key/key.js';
import type { AnswerLives, AnswerRequest, AnswerStore, KeptAnswer } from '../store/answer-store.js';
import type { AuditEntry, AuditLog, Erasure, EventQuery, ShapeQuery } from '../store/audit-log.js';
import type { Directory, LockCountQuery, LockedQuery, PageRequest } from '../store/directory.js';
import type { LockoutStore, SwapOptions } from '../store/lockout-store.js';
import type { NodeRegistry, NodeReport } from '../store/node-registry.js';
import type { DeliveryClaim, DeliveryDeferral, DeliveryQuery, Outbox } from '../store/outbox.js';
import type { PolicySave, PolicyStore, PolicyTarget } from '../store/policy-store.js';
import type { Quotas } from '../store/quotas.js';
import type { Loaded, LockoutRecord, Swap } from '../store/record.js';
import type { UnlockLink, UnlockLinkStore } from '../store/unlock-links.js';

type FullStore = LockoutStore &
  Directory &
  AuditLog &
  PolicyStore &
  NodeRegistry &
  AnswerStore &
  Outbox &
  Quotas &
  UnlockLinkStore;

/** When a call fails: before it did anything, or after it did everything (its answer was lost). */
export type Fault = 'before' | 'after' | null;

/** One call about to be made to the store behind. */
export interface StoreCall {
  readonly method:
    | 'load'
    | 'compareAndSwap'
    | 'swapExclusively'
    | 'eraseEvents'
    | 'dropEvents'
    | 'policyCount'
    | 'savedPolicies'
    | 'savePolicy'
    | 'policyHistory'
    | 'announce'
    | 'nodes'
    | 'claimAnswer'
    | 'keepAnswer'
    | 'dropClaim'
    | 'claimDeliveries'
    | 'finishDelivery'
    | 'deferDelivery'
    | 'buryDelivery'
    | 'deliveries'
    | 'retryDeliveries'
    | 'dropDeliveries'
    | 'outboxState'
    | 'takeQuota'
    | 'returnQuota'
    | 'quotaTaken'
    | 'saveUnlockLink'
    | 'findUnlockLink'
    | 'dropUnlockLink';
  /** The records it is about; none for events, deliveries, saved policies, processes, kept answers, quotas and links. */
  readonly keys: readonly LockoutKey[];
}

/**
 * A real store at the end of an unreliable connection: answers take turns of the event loop, so that two engines on it
 * race as two processes do, and calls can be made to fail.
 */
export class UnreliableStore
  implements
    LockoutStore,
    Directory,
    AuditLog,
    PolicyStore,
    NodeRegistry,
    AnswerStore,
    Outbox,
    Quotas,
    UnlockLinkStore
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

  eraseEvents(erasure: Erasure, entry: AuditEntry, cursor?: string) {
    return this.call('eraseEvents', [], () => this.store.eraseEvents(erasure, entry, cursor));
  }

  dropEvents(before: number, limit: number) {
    return this.call('dropEvents', [], () => this.store.dropEvents(before, limit));
  }

  policyCount() {
    return this.call('policyCount', [], () => this.store.policyCount());
  }

  savedPolicies() {
    return this.call('savedPolicies', [], () => this.store.savedPolicies());
  }

  savePolicy(save: PolicySave, entry?: AuditEntry) {
    return this.call('savePolicy', [], () => this.store.savePolicy(save, entry));
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

  claimDeliveries(claim: DeliveryClaim) {
    return this.call('claimDeliveries', [], () => this.store.claimDeliveries(claim));
  }

  finishDelivery(id: string, token: string) {
    return this.call('finishDelivery', [], () => this.store.finishDelivery(id, token));
  }

  deferDelivery(id: string, token: string, later: DeliveryDeferral) {
    return this.call('deferDelivery', [], () => this.store.deferDelivery(id, token, later));
  }

  buryDelivery(id: string, token: string, problem: string) {
    return this.call('buryDelivery', [], () => this.store.buryDelivery(id, token, problem));
  }

  deliveries(query: DeliveryQuery) {
    return this.call('deliveries', [], () => this.store.deliveries(query));
  }

  retryDeliveries(ids: readonly string[], entry: AuditEntry) {
    return this.call('retryDeliveries', [], () => this.store.retryDeliveries(ids, entry));
  }

  dropDeliveries(ids: readonly string[], entry: AuditEntry) {
    return this.call('dropDeliveries', [], () => this.store.dropDeliveries(ids, entry));
  }

  outboxState() {
    return this.call('outboxState', [], () => this.store.outboxState());
  }

  takeQuota(id: string, limit: number, windowMs: number) {
    return this.call('takeQuota', [], () => this.store.takeQuota(id, limit, windowMs));
  }

  returnQuota(id: string) {
    return this.call('returnQuota', [], () => this.store.returnQuota(id));
  }

  quotaTaken(id: string) {
    return this.call('quotaTaken', [], () => this.store.quotaTaken(id));
  }

  saveUnlockLink(link: UnlockLink) {
    return this.call('saveUnlockLink', [], () => this.store.saveUnlockLink(link));
  }

  findUnlockLink(digest: string) {
    return this.call('findUnlockLink', [], () => this.store.findUnlockLink(digest));
  }

  dropUnlockLink(digest: string) {
    return this.call('dropUnlockLink', [], () => this.store.dropUnlockLink(digest));
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
