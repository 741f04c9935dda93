import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';

/** Errands that may wait; beyond it they are dropped, as a mail server under attack would drop them. */
const MAX_WAITING = 1_000;

/**
 * Runs errands after the request that asked for them was answered, one by one: neither the answer nor its time tells
 * whether there was anybody to write to (R44), and a storm of requests is not a storm of work.
 */
@Injectable()
export class Postman implements OnApplicationShutdown {
  private readonly logger = new Logger(Postman.name);
  private waiting = 0;
  private last: Promise<void> = Promise.resolve();

  later(errand: () => Promise<void>): void {
    if (this.waiting >= MAX_WAITING) return;
    this.waiting += 1;
    this.last = this.last
      .then(() => new Promise((resolve) => setImmediate(resolve)))
      .then(errand)
      .catch((error: unknown) => this.logger.error(`A mail was not written: ${String(error)}`))
      .finally(() => {
        this.waiting -= 1;
      });
  }

  /** Resolves when all errands so far are done. */
  idle(): Promise<void> {
    return this.last;
  }

  onApplicationShutdown(): Promise<void> {
    return this.idle();
  }
}
