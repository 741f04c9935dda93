import { setTimeout as pause } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import type { DatabaseServer } from './databases.js';

/** InnoDB renews what it tells of transactions only when that was not read for 100 ms. */
const LOOK_EVERY_MS = 120;
const GIVE_UP_AFTER_MS = 20_000;

/** Each counts those that wait for a lock in the database that asks. */
const COUNTS: Readonly<Partial<Record<DatabaseServer['name'], string>>> = {
  PostgreSQL: `SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  // Its innodb_trx fails on statements with binary values; this one names no statement.
  MySQL: `SELECT COUNT(DISTINCT w.REQUESTING_THREAD_ID) AS n FROM performance_schema.data_lock_waits AS w
    JOIN performance_schema.threads AS t ON t.THREAD_ID = w.REQUESTING_THREAD_ID
    WHERE t.PROCESSLIST_DB = DATABASE()`,
  MariaDB: `SELECT COUNT(*) AS n FROM information_schema.innodb_trx AS t JOIN information_schema.processlist AS p
    ON p.id = t.trx_mysql_thread_id WHERE p.db = DATABASE() AND t.trx_state = 'LOCK WAIT'`,
};

/** Resolves once so many statements of others wait for a lock in the database that `direct` is connected to. */
export async function lockWaits(
  { name }: Pick<DatabaseServer, 'name'>,
  direct: DataSource,
  wanted = 1,
): Promise<void> {
  const sql = COUNTS[name];
  if (sql === undefined) throw new Error(`${name} does not tell who waits for a lock.`);
  const giveUpAt = performance.now() + GIVE_UP_AFTER_MS;
  for (;;) {
    const [{ n }] = (await direct.query(sql)) as [{ n: unknown }];
    const waiting = Number(n);
    if (waiting >= wanted) return;
    if (performance.now() > giveUpAt)
      throw new Error(`Of ${wanted} that were to wait for a lock on ${name}, ${waiting} did in time.`);
    await pause(LOOK_EVERY_MS);
  }
}
