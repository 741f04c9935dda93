import { openStore } from '../growth/database.mjs';
import { Population } from './population.mjs';

/** As large a swap as a batch of the library is. */
const BATCH = 256;
/** Batches under way at once. */
const WRITERS = 4;
/** Long enough for the slowest disk; while it is measured, the library's own limit holds. */
const PATIENCE_MS = 60_000;

/** While it fills, nothing has to be durable; a server whose memory is smaller than its table would measure the disk. */
const SETTINGS = {
  mariadb: () => [
    `SET GLOBAL innodb_buffer_pool_size = ${2 * 1024 ** 3}`,
    'SET GLOBAL innodb_flush_log_at_trx_commit = 0',
  ],
  /** @param {string} name */
  postgres: (name) => [`ALTER DATABASE ${name} SET synchronous_commit = off`],
  sqlite: () => [],
};
const RESTORED = {
  mariadb: () => ['SET GLOBAL innodb_flush_log_at_trx_commit = 1'],
  /** @param {string} name */
  postgres: (name) => [`ALTER DATABASE ${name} RESET synchronous_commit`],
  sqlite: () => [],
};

/**
 * Writes every record with its event by compare-and-swap, in batches, and lets the server look at the tables as it does
 * by itself after a while.
 *
 * @param {import('../servers.mjs').BenchDatabase} database
 * @param {import('./population.mjs').Shares} shares
 * @returns {Promise<number>} Rows a second.
 */
export async function fill(database, shares) {
  const first = await openStore(database);
  for (const sql of SETTINGS[database.family](database.name)) await first.dataSource.query(sql);
  await first.close();
  const { store, dataSource, close } = await openStore(database, { statementTimeoutMs: PATIENCE_MS });
  const population = new Population(store, shares);
  const start = performance.now();
  let next = 0;
  const write = async () => {
    while (next < shares.rows) {
      const first = next;
      const length = Math.min(shares.rows - first, BATCH);
      next += length;
      const { now } = await store.load([]);
      let left = Array.from({ length }, (_, n) => population.record(first + n, now));
      // Two writers of the same index pages can be in each other's way.
      while (left.length > 0) {
        const lost = await store.compareAndSwap(left, { now: (await store.load([])).now });
        left = left.filter(({ key }) => lost.has(key));
      }
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
  const perSecond = shares.rows / ((performance.now() - start) / 1_000);
  for (const sql of RESTORED[database.family](database.name)) await dataSource.query(sql);
  for (const table of ['lockout_record', 'lockout_event']) {
    await dataSource.query(
      database.family === 'postgres' ? `VACUUM ANALYZE ${table}` : `ANALYZE TABLE ${table}`,
    );
  }
  await close();
  return perSecond;
}
