import { lockoutEntities, migrateLockout, TypeormLockoutStore } from 'nestjs-lockout/typeorm';
import { connectDataSource } from '../data-source.mjs';
import { record } from './population.mjs';

/** As large a swap as a batch of the library is. */
const BATCH = 256;
/** Batches under way at once while filling. */
const WRITERS = 4;
/** Long enough for the slowest disk; while it is measured, the library's own limit holds. */
const PATIENCE_MS = 30_000;

/**
 * A store on this database, and the way to its tables; `close` ends both.
 *
 * @param {import('../servers.mjs').BenchDatabase} database
 * @param {import('nestjs-lockout/typeorm').TypeormLockoutStoreOptions} [options]
 */
export async function openStore(database, options = {}) {
  const type = { mariadb: 'mariadb', postgres: 'postgres', sqlite: 'better-sqlite3' }[database.family];
  const dataSource = await connectDataSource(database, {
    entities: lockoutEntities(/** @type {any} */ (type)),
  });
  await migrateLockout(dataSource);
  const store = new TypeormLockoutStore(dataSource, options);
  await store.init();
  return {
    store,
    dataSource,
    close: async () => {
      await store.close();
      await dataSource.destroy();
    },
  };
}

/**
 * Writes every record by compare-and-swap, in batches.
 *
 * @param {import('../servers.mjs').BenchDatabase} database
 * @param {import('./population.mjs').Shares} shares
 * @returns {Promise<number>} Rows a second.
 */
export async function fill(database, shares) {
  const { store, close } = await openStore(database, { statementTimeoutMs: PATIENCE_MS });
  const start = performance.now();
  let next = 0;
  const write = async () => {
    while (next < shares.keys) {
      const first = next;
      const length = Math.min(shares.keys - first, BATCH);
      next += length;
      const { now } = await store.load([]);
      const swaps = Array.from({ length }, (_, n) => record(shares, first + n, now));
      await swapped(store, swaps);
    }
  };
  // SQLite has one writer.
  await Promise.all(Array.from({ length: database.family === 'sqlite' ? 1 : WRITERS }, write));
  await close();
  return shares.keys / ((performance.now() - start) / 1_000);
}

/** Two writers of the same index pages can be in each other's way. @param {TypeormLockoutStore} store @param {any[]} swaps */
async function swapped(store, swaps) {
  for (let left = swaps; left.length > 0; ) {
    const lost = await store.compareAndSwap(left, { now: (await store.load([])).now });
    left = left.filter(({ key }) => lost.has(key));
  }
}

/**
 * @param {import('typeorm').DataSource} dataSource
 * @param {string} [condition]
 */
export async function countRecords(dataSource, condition = '1 = 1') {
  const [row] = await dataSource.query(`SELECT COUNT(*) AS n FROM lockout_record WHERE ${condition}`);
  return Number(row.n);
}
