import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { DatabaseSessionStore } from './session-store.js';

const EVERY_MS = 15 * 60_000;

/** Removes sessions that have ended. */
@Injectable()
export class SessionPruner implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(SessionPruner.name);
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly store: DatabaseSessionStore) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.store
        .prune()
        .catch((error: unknown) => this.logger.warn(`Sessions were not pruned: ${String(error)}`));
    }, EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }
}
