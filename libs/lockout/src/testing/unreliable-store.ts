import type { LockoutKey } from '../key/key.js';
import type { AnswerStore } from '../store/answer-store.js';
import type { AuditLog } from '../store/audit-log.js';
import { ComposedStore, type StoreParts } from '../store/composed-store.js';
import type { Directory } from '../store/directory.js';
import type { LockoutStore } from '../store/lockout-store.js';
import type { NodeRegistry } from '../store/node-registry.js';
import type { Outbox } from '../store/outbox.js';
import type { PolicyStore } from '../store/policy-store.js';
import type { Quotas } from '../store/quotas.js';
import type { UnlockLinkStore } from '../store/unlock-links.js';

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
 * race as two processes do, and calls can be made to fail. What is only looked at, records and events, is always there.
 */
export class UnreliableStore extends ComposedStore<StoreParts> {
  /** Calls made so far, oldest first. */
  readonly calls: StoreCall[] = [];
  /** Asked before each call. Default: nothing fails. */
  fault: (call: StoreCall) => Fault = () => null;
  /** What a failing call rejects with. */
  error: () => Error = () => new Error('Connection lost: The server closed the connection.');

  constructor(store: FullStore) {
    super(store.clock);
    const behind = this.unreliable(store);
    this.opened = {
      records: {
        load: (keys) => this.call('load', keys, () => store.load(keys)),
        compareAndSwap: (swaps, options) => {
          const keys = swaps.map((swap) => swap.key);
          return this.call('compareAndSwap', keys, () => store.compareAndSwap(swaps, options));
        },
        swapExclusively: (keys, decide) =>
          this.call('swapExclusively', keys, () => store.swapExclusively(keys, decide)),
      },
      directory: store,
      audit: {
        list: (query) => store.list(query),
        shape: (query) => store.shape(query),
        eraseEvents: (...erasure) => behind.eraseEvents(...erasure),
        dropEvents: (...old) => behind.dropEvents(...old),
      },
      policies: behind,
      nodes: behind,
      answers: behind,
      outbox: behind,
      quotas: behind,
      unlockLinks: behind,
    };
  }

  /** The store, each of whose methods is a call that is about no record. */
  private unreliable(store: FullStore): FullStore {
    return new Proxy(store, {
      get: (behind, name) => {
        const method = name as StoreCall['method'];
        const work = Reflect.get(behind, method) as (...of: unknown[]) => Promise<unknown>;
        return (...of: unknown[]) => this.call(method, [], () => work.apply(behind, of));
      },
    });
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
