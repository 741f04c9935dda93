import type { LockCountQuery } from '../store/directory.js';
import type { SinkState } from '../store/outbox.js';
import type { StoreAccess } from './store-access.js';

/** What waits for one sink, and for how long the first of it does. */
export interface SinkReading extends Omit<SinkState, 'oldestAt'> {
  /** Ms since the event that waits longest; 0: none waits. */
  readonly lagMs: number;
}

/** What metrics and health checks ask of the store: in time, or rejecting with `StoreError`. Decides nothing. */
export class EngineReadings {
  constructor(private readonly access: StoreAccess) {}

  /** Locks in force in these realms (see `Directory.countLocked`): a question to the store. */
  async countLocked(of: LockCountQuery['of'], realms: readonly string[]): Promise<number> {
    return this.access.store.countLocked({ of, realms, now: await this.now() });
  }

  /** Every sink that something is there for; null where the store keeps no deliveries. */
  async sinks(): Promise<readonly SinkReading[] | null> {
    const { outbox } = this.access;
    if (!outbox) return null;
    const states = await outbox.outboxState();
    if (states.every(({ oldestAt }) => oldestAt === null)) {
      return states.map(({ sink, waiting, dead }) => ({ sink, waiting, dead, lagMs: 0 }));
    }
    const now = await this.now();
    return states.map(({ sink, waiting, dead, oldestAt }) => ({
      sink,
      waiting,
      dead,
      lagMs: oldestAt === null ? 0 : Math.max(0, now - oldestAt),
    }));
  }

  /** Asks the store for as little as there is. Rejects with `StoreError` where it does not answer. */
  async ping(): Promise<void> {
    await this.access.store.load([]);
  }

  /** The store's clock, epoch ms. */
  private async now(): Promise<number> {
    return this.access.applier.aboutNow ?? (await this.access.applier.load([])).now;
  }
}
