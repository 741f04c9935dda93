import { StoreError } from '../store/store-error.js';
import type { Row } from './dialect.js';

export interface Outcome {
  readonly rows: readonly Row[];
  /** As the server counts them; see the dialect. */
  readonly affected: number;
  /** What MySQL says beside the count; empty elsewhere. */
  readonly info: string;
}

/** A connection taken out of the driver's pool. */
export interface Lease {
  /** Prepared once per text and connection; the text is the same every time. */
  run(sql: string, values: readonly unknown[]): Promise<Outcome>;
  /** Not prepared: for words like COMMIT. */
  say(sql: string): Promise<unknown>;
  release(): void;
  /** Cuts the connection instead of returning it. */
  destroy(): void;
  /** Whether the server answered with this error, so that the connection is still good. */
  isAnswer(error: unknown): boolean;
}

export type Session = Pick<Lease, 'run' | 'say'>;

/** Thrown inside a transaction to undo it; the caller knows what it carries. */
export class Rollback<T> extends Error {
  constructor(readonly result: T) {
    super('rolled back');
  }
}

/**
 * Runs statements on connections of the driver's own pool, outside any transaction of the application (pitfall 32), each
 * within a time limit. A connection that broke or ran out of time is cut, never returned to the pool: what it still
 * does belongs to nobody.
 */
export class Sessions {
  constructor(
    private readonly acquire: () => Promise<Lease>,
    private readonly begin: readonly string[],
    private readonly timeoutMs: number,
  ) {}

  async use<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const lease = await this.lease();
    try {
      const result = await work(this.limited(lease));
      lease.release();
      return result;
    } catch (error) {
      if (lease.isAnswer(error)) lease.release();
      else lease.destroy();
      throw error;
    }
  }

  /** A transaction; whatever `work` throws undoes it and is thrown on. */
  async transaction<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const lease = await this.lease();
    try {
      for (const sql of this.begin) await this.limit(lease.say(sql));
      const result = await work(this.limited(lease));
      await this.limit(lease.say('COMMIT'));
      lease.release();
      return result;
    } catch (error) {
      await this.undo(lease, error);
      throw error;
    }
  }

  private async undo(lease: Lease, error: unknown): Promise<void> {
    const isOurs = error instanceof Rollback || (error instanceof StoreError && error.fault !== 'timeout');
    if (!isOurs && !lease.isAnswer(error)) {
      // A cut connection rolls back by itself.
      lease.destroy();
      return;
    }
    try {
      await this.limit(lease.say('ROLLBACK'));
      lease.release();
    } catch {
      lease.destroy();
    }
  }

  private async lease(): Promise<Lease> {
    const pending = this.acquire();
    try {
      return await this.limit(pending);
    } catch (error) {
      // It may still come, too late for us.
      pending.then(
        (lease) => lease.release(),
        () => undefined,
      );
      throw error;
    }
  }

  private limited(lease: Lease): Session {
    return {
      run: (sql, values) => this.limit(lease.run(sql, values)),
      say: (sql) => this.limit(lease.say(sql)),
    };
  }

  private limit<T>(answer: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new StoreError('timeout', `The lockout store did not answer within ${this.timeoutMs} ms.`));
      }, this.timeoutMs);
      answer.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }
}
