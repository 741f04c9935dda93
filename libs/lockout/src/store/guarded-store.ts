import type { LockoutKey, SubjectHash } from '../key/key.js';
import type { AuditEntry, AuditLog, Erasure, EventQuery, ShapeQuery } from './audit-log.js';
import { type DeadlineClock, Deadlines } from './deadlines.js';
import type { Directory, LockCountQuery, LockedQuery } from './directory.js';
import type { LockoutStore, SwapOptions } from './lockout-store.js';
import type { Outbox } from './outbox.js';
import type { PolicyStore } from './policy-store.js';
import type { Loaded, LockoutRecord, Swap } from './record.js';
import type { RememberedRecords } from './remembered-records.js';
import type { StoreCircuit } from './store-circuit.js';
import { StoreError } from './store-error.js';
import type { StoreWatch, StoreWork } from './store-watch.js';

/** A call that takes so long raises the question whether the store answers at all, ms. */
const SLOW_MS = 1_000;

/** Bounds every call in time, and refuses it at once while the store is known not to answer. */
export class CallGuard {
  private readonly limit: Deadlines;
  private readonly slow: Deadlines;

  constructor(
    private readonly circuit: Pick<StoreCircuit, 'isOpen' | 'refusal' | 'suspect'>,
    clock: DeadlineClock,
    limitMs: number,
  ) {
    this.limit = new Deadlines(clock, limitMs);
    this.slow = new Deadlines(clock, Math.min(SLOW_MS, limitMs));
  }

  /** Whether every call is refused now. */
  get refuses(): boolean {
    return this.circuit.isOpen;
  }

  /** Rejects with what `work` rejected with, or {@link StoreError} for one that was not begun or not waited for. */
  run<T>(work: () => Promise<T>): Promise<T> {
    if (this.circuit.isOpen) return Promise.reject(this.circuit.refusal());
    return new Promise<T>((resolve, reject) => {
      const stopSlow = this.slow.start(() => this.circuit.suspect());
      const stopLimit = this.limit.start(() => {
        stopSlow();
        const { limitMs } = this.limit;
        reject(
          this.circuit.isOpen
            ? this.circuit.refusal()
            : new StoreError('timeout', `The lockout store did not answer within ${limitMs} ms.`),
        );
      });
      const stop = (): void => {
        stopSlow();
        stopLimit();
      };
      // A store may throw at once, too.
      (async () => work())().then(
        (answer) => {
          stop();
          resolve(answer);
        },
        (error: unknown) => {
          stop();
          if (StoreError.from(error).isAboutStore) this.circuit.suspect();
          reject(error);
        },
      );
    });
  }

  /** What is under way is not waited for any longer: the store is gone. */
  giveUp(): void {
    this.limit.expireAll();
  }
}

/** The application's store, guarded: it answers in time, or says that it does not. */
export class GuardedStore implements LockoutStore, Directory, AuditLog {
  readonly clock?: () => number;

  /** @param remembered Told of every record seen; null: nobody asks for it. @param watch Told of what decisions ask. */
  constructor(
    private readonly store: LockoutStore & Directory & AuditLog,
    private readonly guard: CallGuard,
    private readonly remembered: RememberedRecords | null,
    private readonly watch: StoreWatch | null = null,
  ) {
    if (store.clock) this.clock = store.clock;
  }

  async load(keys: readonly LockoutKey[]): Promise<Loaded> {
    const loaded = await this.ask('load', () => this.store.load(keys));
    this.remembered?.loaded(keys, loaded);
    return loaded;
  }

  async compareAndSwap(swaps: readonly Swap[], options: SwapOptions): Promise<ReadonlySet<LockoutKey>> {
    const lost = await this.ask('swap', () => this.store.compareAndSwap(swaps, options));
    this.remembered?.swapped(swaps, options.atomic && lost.size > 0 ? null : lost);
    return lost;
  }

  async swapExclusively(
    keys: readonly LockoutKey[],
    decide: (loaded: Loaded) => readonly Swap[],
  ): Promise<ReadonlySet<LockoutKey>> {
    let swaps: readonly Swap[] = [];
    let isOver = false;
    try {
      const lost = await this.ask('hold', () =>
        this.store.swapExclusively(keys, (loaded) => {
          // Whoever asked was refused meanwhile: nothing may be decided for them any more.
          if (isOver) return [];
          swaps = decide(loaded);
          return swaps;
        }),
      );
      this.remembered?.swapped(swaps, lost);
      return lost;
    } finally {
      isOver = true;
    }
  }

  /** What decisions ask; the refusals of a store that is known to be gone are no answers of it. */
  private ask<T>(call: StoreWork, work: () => Promise<T>): Promise<T> {
    const { guard, watch } = this;
    if (!watch?.isOn || guard.refuses) return guard.run(work);
    return watch.timed(call, watch.now(), guard.run(work));
  }

  ofAccount(account: SubjectHash): ReturnType<Directory['ofAccount']> {
    return this.guard.run(() => this.store.ofAccount(account));
  }

  ofAddress(address: SubjectHash): ReturnType<Directory['ofAddress']> {
    return this.guard.run(() => this.store.ofAddress(address));
  }

  find(query: LockedQuery): ReturnType<Directory['find']> {
    return this.guard.run(() => this.store.find(query));
  }

  countLocked(query: LockCountQuery): ReturnType<Directory['countLocked']> {
    return this.guard.run(() => this.store.countLocked(query));
  }

  endedLocks(now: number, limit: number): ReturnType<Directory['endedLocks']> {
    return this.guard.run(() => this.store.endedLocks(now, limit));
  }

  outlived(now: number, limit: number): ReturnType<Directory['outlived']> {
    return this.guard.run(() => this.store.outlived(now, limit));
  }

  prune(records: readonly Pick<LockoutRecord, 'key' | 'version'>[]): ReturnType<Directory['prune']> {
    return this.guard.run(() => this.store.prune(records));
  }

  list(query: EventQuery): ReturnType<AuditLog['list']> {
    return this.guard.run(() => this.store.list(query));
  }

  shape(query: ShapeQuery): ReturnType<AuditLog['shape']> {
    return this.guard.run(() => this.store.shape(query));
  }

  eraseEvents(erasure: Erasure, entry: AuditEntry, cursor?: string): ReturnType<AuditLog['eraseEvents']> {
    return this.guard.run(() => this.store.eraseEvents(erasure, entry, cursor));
  }

  dropEvents(before: number, limit: number): ReturnType<AuditLog['dropEvents']> {
    return this.guard.run(() => this.store.dropEvents(before, limit));
  }
}

/** Saved policies, guarded in the same way. */
export const guardedPolicies = (store: PolicyStore, guard: CallGuard): PolicyStore => ({
  policyCount: () => guard.run(() => store.policyCount()),
  savedPolicies: () => guard.run(() => store.savedPolicies()),
  savePolicy: (save, entry) => guard.run(() => store.savePolicy(save, entry)),
  policyHistory: (target, page) => guard.run(() => store.policyHistory(target, page)),
});

/** What waits to be delivered, guarded in the same way. */
export const guardedOutbox = (store: Outbox, guard: CallGuard): Outbox => ({
  claimDeliveries: (claim) => guard.run(() => store.claimDeliveries(claim)),
  finishDelivery: (id, token) => guard.run(() => store.finishDelivery(id, token)),
  deferDelivery: (id, token, later) => guard.run(() => store.deferDelivery(id, token, later)),
  buryDelivery: (id, token, problem) => guard.run(() => store.buryDelivery(id, token, problem)),
  deliveries: (query) => guard.run(() => store.deliveries(query)),
  retryDeliveries: (ids, entry) => guard.run(() => store.retryDeliveries(ids, entry)),
  dropDeliveries: (ids, entry) => guard.run(() => store.dropDeliveries(ids, entry)),
  outboxState: () => guard.run(() => store.outboxState()),
});
