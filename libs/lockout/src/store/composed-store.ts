import type { LockoutKey, SubjectHash } from '../key/key.js';
import type { AnswerClaim, AnswerLives, AnswerRequest, AnswerStore, KeptAnswer } from './answer-store.js';
import type {
  AuditEntry,
  AuditLog,
  Erasure,
  ErasureStep,
  EventQuery,
  EventShape,
  RecordedEvent,
  ShapeQuery,
} from './audit-log.js';
import type { Directory, LockCountQuery, LockedQuery, Page, PageRequest } from './directory.js';
import type { LockoutStore, SwapOptions } from './lockout-store.js';
import type { NodeRegistry, NodeReport } from './node-registry.js';
import type {
  ClaimedDelivery,
  DeliveryClaim,
  DeliveryDeferral,
  DeliveryQuery,
  Outbox,
  SinkState,
  StoredDelivery,
} from './outbox.js';
import type { PolicyRevision, PolicySave, PolicyStore, PolicyTarget, SavedPolicies } from './policy-store.js';
import type { Quotas } from './quotas.js';
import type { Loaded, LockoutRecord, Swap } from './record.js';
import { StoreError } from './store-error.js';
import type { FoundUnlockLink, UnlockLink, UnlockLinkStore } from './unlock-links.js';

/** What a store is made of while it is open: one part a port. */
export interface StoreParts {
  readonly records: Pick<LockoutStore, 'load' | 'compareAndSwap' | 'swapExclusively'>;
  readonly directory: Directory;
  readonly audit: AuditLog;
  readonly policies: PolicyStore;
  readonly nodes: NodeRegistry;
  readonly answers: AnswerStore;
  readonly outbox: Outbox;
  readonly quotas: Quotas;
  readonly unlockLinks: UnlockLinkStore;
}

/**
 * A store of several parts, which answers every port by the part that knows it. Whoever extends it opens the parts and
 * closes them.
 *
 * Every method rejects with {@link StoreError} (`unreachable`) while it is not open.
 */
export abstract class ComposedStore<Parts extends StoreParts>
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
  readonly clock?: () => number;
  /** Undefined: not open. */
  protected opened: Parts | undefined;

  constructor(clock: (() => number) | undefined) {
    if (clock) this.clock = clock;
  }

  async load(keys: readonly LockoutKey[]): Promise<Loaded> {
    return this.ready().records.load(keys);
  }

  async compareAndSwap(swaps: readonly Swap[], options: SwapOptions): Promise<ReadonlySet<LockoutKey>> {
    return this.ready().records.compareAndSwap(swaps, options);
  }

  async swapExclusively(
    keys: readonly LockoutKey[],
    decide: (loaded: Loaded) => readonly Swap[],
  ): Promise<ReadonlySet<LockoutKey>> {
    return this.ready().records.swapExclusively(keys, decide);
  }

  async ofAccount(account: SubjectHash): Promise<readonly LockoutRecord[]> {
    return this.ready().directory.ofAccount(account);
  }

  async ofAddress(address: SubjectHash): Promise<readonly LockoutRecord[]> {
    return this.ready().directory.ofAddress(address);
  }

  async find(query: LockedQuery): Promise<Page<LockoutRecord>> {
    return this.ready().directory.find(query);
  }

  async countLocked(query: LockCountQuery): Promise<number> {
    return this.ready().directory.countLocked(query);
  }

  async endedLocks(now: number, limit: number): Promise<readonly LockoutRecord[]> {
    return this.ready().directory.endedLocks(now, limit);
  }

  async outlived(now: number, limit: number): Promise<readonly LockoutRecord[]> {
    return this.ready().directory.outlived(now, limit);
  }

  async prune(records: readonly Pick<LockoutRecord, 'key' | 'version'>[]): Promise<number> {
    return this.ready().directory.prune(records);
  }

  async list(query: EventQuery): Promise<Page<RecordedEvent>> {
    return this.ready().audit.list(query);
  }

  async shape(query: ShapeQuery): Promise<EventShape> {
    return this.ready().audit.shape(query);
  }

  async eraseEvents(erasure: Erasure, entry: AuditEntry, cursor?: string): Promise<ErasureStep> {
    return this.ready().audit.eraseEvents(erasure, entry, cursor);
  }

  async dropEvents(before: number, limit: number): Promise<number> {
    return this.ready().audit.dropEvents(before, limit);
  }

  async policyCount(): Promise<number> {
    return this.ready().policies.policyCount();
  }

  async savedPolicies(): Promise<SavedPolicies> {
    return this.ready().policies.savedPolicies();
  }

  async savePolicy(save: PolicySave, entry?: AuditEntry): Promise<PolicyRevision | null> {
    return this.ready().policies.savePolicy(save, entry);
  }

  async policyHistory(target: PolicyTarget, page: PageRequest): Promise<Page<PolicyRevision>> {
    return this.ready().policies.policyHistory(target, page);
  }

  async announce(node: NodeReport, withinMs: number): Promise<readonly NodeReport[]> {
    return this.ready().nodes.announce(node, withinMs);
  }

  async nodes(withinMs: number): Promise<readonly NodeReport[]> {
    return this.ready().nodes.nodes(withinMs);
  }

  async claimAnswer(request: AnswerRequest, lives: AnswerLives): Promise<AnswerClaim> {
    return this.ready().answers.claimAnswer(request, lives);
  }

  async keepAnswer(id: string, token: string, answer: KeptAnswer): Promise<void> {
    return this.ready().answers.keepAnswer(id, token, answer);
  }

  async dropClaim(id: string, token: string): Promise<void> {
    return this.ready().answers.dropClaim(id, token);
  }

  async claimDeliveries(claim: DeliveryClaim): Promise<readonly ClaimedDelivery[]> {
    return this.ready().outbox.claimDeliveries(claim);
  }

  async finishDelivery(id: string, token: string): Promise<boolean> {
    return this.ready().outbox.finishDelivery(id, token);
  }

  async deferDelivery(id: string, token: string, later: DeliveryDeferral): Promise<boolean> {
    return this.ready().outbox.deferDelivery(id, token, later);
  }

  async buryDelivery(id: string, token: string, problem: string): Promise<boolean> {
    return this.ready().outbox.buryDelivery(id, token, problem);
  }

  async deliveries(query: DeliveryQuery): Promise<Page<StoredDelivery>> {
    return this.ready().outbox.deliveries(query);
  }

  async retryDeliveries(ids: readonly string[], entry: AuditEntry): Promise<number> {
    return this.ready().outbox.retryDeliveries(ids, entry);
  }

  async dropDeliveries(ids: readonly string[], entry: AuditEntry): Promise<number> {
    return this.ready().outbox.dropDeliveries(ids, entry);
  }

  async outboxState(): Promise<readonly SinkState[]> {
    return this.ready().outbox.outboxState();
  }

  async takeQuota(id: string, limit: number, windowMs: number): Promise<boolean> {
    return this.ready().quotas.takeQuota(id, limit, windowMs);
  }

  async returnQuota(id: string): Promise<void> {
    return this.ready().quotas.returnQuota(id);
  }

  async quotaTaken(id: string): Promise<number> {
    return this.ready().quotas.quotaTaken(id);
  }

  async saveUnlockLink(link: UnlockLink): Promise<void> {
    return this.ready().unlockLinks.saveUnlockLink(link);
  }

  async findUnlockLink(digest: string): Promise<FoundUnlockLink | null> {
    return this.ready().unlockLinks.findUnlockLink(digest);
  }

  async dropUnlockLink(digest: string): Promise<boolean> {
    return this.ready().unlockLinks.dropUnlockLink(digest);
  }

  /** The parts. Throws {@link StoreError} while the store is not open. */
  protected ready(): Parts {
    if (this.opened) return this.opened;
    throw new StoreError('unreachable', 'The lockout store is not open: call init() first.');
  }
}
