import type { Sessions } from './session.js';

/**
 * Ends what MySQL still does for connections that were cut. MySQL limits no single writing statement, so that one which
 * waits for a held row would stay there for `innodb_lock_wait_timeout` (50 s), and the next, and the next. To change
 * that variable would be to change the application's session, so such a statement is ended from another connection.
 *
 * Needs MySQL 8.0.22 with its performance schema (the default) and no privilege; elsewhere nothing is ended early.
 */
export class GivenUpStatements {
  private waiting = new Set<number>();
  private ending = false;

  constructor(private readonly sessions: Sessions) {}

  /** `threadId`: the server's number of a connection that was cut. */
  end(threadId: number): void {
    this.waiting.add(threadId);
    if (!this.ending) void this.endAll();
  }

  /** One connection at a time, however many were cut: the server may be in trouble. */
  private async endAll(): Promise<void> {
    this.ending = true;
    while (this.waiting.size > 0) {
      const threadIds = this.waiting;
      this.waiting = new Set();
      // Where it cannot be done they end by themselves, only later.
      for (const id of threadIds) await this.endOne(id).catch(() => undefined);
    }
    this.ending = false;
  }

  private endOne(threadId: number): Promise<void> {
    return this.sessions.use(async (session) => {
      // Our user's and in our database, or nothing: behind a balancer this may be another server with other numbers.
      // Its text cannot be looked at: `info` is empty where a statement has binary values.
      const { rows } = await session.run(
        "SELECT id FROM performance_schema.processlist WHERE id = ? AND db = DATABASE() AND command = 'Execute' " +
          "AND user = SUBSTRING_INDEX(USER(), '@', 1)",
        [threadId],
      );
      if (rows.length > 0) await session.say(`KILL QUERY ${threadId}`);
    });
  }
}
