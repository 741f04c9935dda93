import type { LockoutKey } from '../key/key.js';
import type { Method } from '../policy/policy.js';
import { BatchApplier } from '../store/batch-applier.js';
import { eventId } from '../store/event-id.js';
import { CallGuard, GuardedStore, guardedOutbox, guardedPolicies } from '../store/guarded-store.js';
import { guardedQuotas, guardedUnlockLinks } from '../store/guarded-unlock-links.js';
import type { Operation } from '../store/operation.js';
import { isOutbox, type Outbox } from '../store/outbox.js';
import { isPolicyStore } from '../store/policy-store.js';
import { isQuotas, type Quotas } from '../store/quotas.js';
import { RememberedRecords } from '../store/remembered-records.js';
import { StoreCircuit } from '../store/store-circuit.js';
import { StoreError } from '../store/store-error.js';
import { isUnlockLinkStore, type UnlockLinkStore } from '../store/unlock-links.js';
import type { AttemptSlots } from './attempt-slots.js';
import { judgeOperation } from './charge.js';
import type { EngineObservers } from './engine-observer.js';
import type { ResolvedOptions } from './engine-options.js';
import { LockoutUnavailableError } from './lockout-error.js';
import type { PolicySource } from './policy-book.js';
import type { Refusal } from './refusal.js';
import { StandIn } from './stand-in.js';
import { StandInStore } from './stand-in-store.js';
import type { StoreState, StoreStateEvent } from './store-state.js';

/**
 * The engine's way to its store: in time or not at all, and what is done instead while the store does not answer
 * (`onStoreError`).
 */
export class StoreAccess {
  /** The store itself, guarded: administrators and housekeeping ask it. */
  readonly store: GuardedStore;
  /** Where policies are saved, guarded; an empty object where the store keeps none. */
  readonly policies: object;
  /** What waits to be delivered, guarded; null where the store keeps none. */
  readonly outbox: Outbox | null;
  /** What all processes count together, guarded; null where the store keeps none. */
  readonly quotas: Quotas | null;
  /** Links that unlock accounts, guarded; null where the store keeps none. */
  readonly unlockLinks: UnlockLinkStore | null;
  /** Decides by the store. */
  readonly applier: BatchApplier;
  /** Attempts that were let through uncounted, ever. */
  uncounted = 0;
  private readonly circuit: StoreCircuit;
  private readonly guard: CallGuard;
  private readonly remembered: RememberedRecords | null;
  private readonly standIn: StandIn | null;
  private uncountedBefore = 0;

  /** `policies`: asked only once decisions are made. */
  constructor(
    private readonly options: ResolvedOptions,
    private readonly observers: EngineObservers,
    policies: PolicySource,
  ) {
    const { store, clock, decisionTimeoutMs, cacheSize, onStoreError } = options;
    this.circuit = new StoreCircuit(store, clock, {
      onOpen: (error) => this.lost(error),
      onClose: (goneForMs) => this.found(goneForMs),
    });
    this.guard = new CallGuard(this.circuit, clock, decisionTimeoutMs);
    this.remembered =
      onStoreError === 'deny' ? null : new RememberedRecords(clock.monotonic, cacheSize, store.clock);
    this.store = new GuardedStore(store, this.guard, this.remembered, observers);
    this.policies = isPolicyStore(store) ? guardedPolicies(store, this.guard) : {};
    this.outbox = isOutbox(store) ? guardedOutbox(store, this.guard) : null;
    this.quotas = isQuotas(store) ? guardedQuotas(store, this.guard) : null;
    this.unlockLinks = isUnlockLinkStore(store) ? guardedUnlockLinks(store, this.guard) : null;
    this.applier = this.applierOf(this.store);
    this.standIn =
      onStoreError === 'memory' && this.remembered
        ? this.standInFor(new StandInStore(this.remembered, cacheSize), policies)
        : null;
  }

  get state(): StoreState {
    if (this.circuit.isOpen) return 'gone';
    return this.standIn !== null && this.standIn.size > 0 ? 'returning' : 'answers';
  }

  async confirmedState(): Promise<StoreState> {
    await this.circuit.verdict();
    return this.state;
  }

  /** Whether attempts are decided without the store now. */
  get isBridged(): boolean {
    if (!this.circuit.isOpen) return false;
    // Who never heard the store's clock cannot say when a lock ends.
    return (
      this.options.onStoreError === 'allow' || (this.standIn !== null && this.remembered?.now() !== null)
    );
  }

  /** Throws LockoutUnavailableError while nothing can be decided. */
  assertDecides(): void {
    if (this.circuit.isOpen && !this.isBridged) throw new LockoutUnavailableError(this.circuit.refusal());
  }

  /** Some decision took too long: perhaps the store is gone. */
  suspect(): void {
    this.circuit.suspect();
  }

  /** What failed outside the library, while an attempt was prepared: perhaps at the very database that does not answer. */
  async explained(error: unknown): Promise<unknown> {
    this.circuit.suspect();
    return (await this.circuit.verdict()) ? new LockoutUnavailableError(this.circuit.refusal()) : error;
  }

  /** Whether work that failed like this may be decided without the store: only if it really does not answer. */
  async covers(error: unknown): Promise<boolean> {
    const fault = error instanceof LockoutUnavailableError ? error.cause : error;
    if (this.options.onStoreError === 'deny' || !(fault instanceof StoreError)) return false;
    if (!fault.isAboutStore) return false;
    await this.circuit.verdict();
    return this.isBridged;
  }

  /** The answer, if it follows from what is known to be fresh. */
  answerFromMemory<Result>(operation: Operation<Result>): Result | undefined {
    return this.applier.answerFromMemory(operation);
  }

  /** Decides by the store, once it knows what was counted without it. Rejects with {@link StoreError}. */
  async apply<Result>(operation: Operation<Result>): Promise<Result> {
    const behind = this.standIn?.caughtUp(operation.keys);
    if (behind) await behind;
    return this.applier.apply(operation);
  }

  /** Decides by what this process knows (`memory`). Rejects with {@link StoreError}. */
  applyApart<Result>(operation: Operation<Result>): Promise<Result> {
    if (this.standIn) return this.standIn.apply(operation);
    return Promise.reject(new StoreError('unreachable', 'Nothing stands in for the lockout store.'));
  }

  /** Whether attempts are counted in this process while the store does not answer. */
  get countsApart(): boolean {
    return this.standIn !== null;
  }

  /** The lock that is known to refuse this attempt (`allow`); null: none, so it is let through. */
  knownLock(slots: AttemptSlots, method: Method): Refusal | null {
    const { remembered } = this;
    const now = remembered?.now() ?? null;
    if (!remembered || now === null) return null;
    const view = { get: (key: LockoutKey) => remembered.get(key) ?? null, put: () => {} };
    const refusal = judgeOperation(slots, method).fold(view, now);
    return refusal?.reason === 'locked' ? refusal : null;
  }

  /** Resolves when everything that can be brought back to the store is there: what is asked next is asked of the whole. */
  async caughtUp(): Promise<void> {
    await this.standIn?.pass;
  }

  private applierOf(store: ConstructorParameters<typeof BatchApplier>[0], isApart = false): BatchApplier {
    const { clock, randomness, onEvent, deliverTo } = this.options;
    const { cacheMs, cacheSize, retryMs, lanes, maxQueue } = this.options;
    return new BatchApplier(store, {
      monotonic: clock.monotonic,
      sleep: clock.sleep,
      random: randomness.uniform,
      freshVersion: () => randomness.token(8),
      onEvents: ({ key, facts, version, events }) => {
        // What was counted apart is told when it is committed.
        if (isApart) return;
        for (const [n, event] of events.entries())
          onEvent(event, { ...facts, key, id: eventId(key, version, n) });
      },
      // What was counted apart is addressed when it is committed.
      ...(isApart ? {} : { addresseesOf: deliverTo, watch: this.observers }),
      cacheMs: isApart ? 0 : cacheMs,
      cacheSize,
      retryMs,
      lanes,
      maxQueue,
    });
  }

  private standInFor(store: StandInStore, policies: PolicySource): StandIn {
    return new StandIn({
      store,
      apart: this.applierOf(store, true),
      applier: this.applier,
      policies,
      clock: this.options.clock,
      isDown: () => this.circuit.isOpen,
      onMerged: (records) => {
        if (records > 0) this.tell({ type: 'merged', records });
      },
    });
  }

  private lost(error: StoreError): void {
    this.uncountedBefore = this.uncounted;
    this.tell({ type: 'gone', mode: this.options.onStoreError, error });
    this.guard.giveUp();
  }

  private found(goneForMs: number): void {
    this.tell({
      type: 'returned',
      mode: this.options.onStoreError,
      goneForMs,
      uncounted: this.uncounted - this.uncountedBefore,
      toMerge: this.standIn?.size ?? 0,
    });
    void this.standIn?.drain();
  }

  private tell(event: StoreStateEvent): void {
    this.observers.storeStateChanged(event);
    try {
      this.options.onStoreState(event);
    } catch (error) {
      process.emitWarning(String(error), 'LockoutWarning');
    }
  }
}
