import { settingsOf } from './contest.mjs';
import { openDriverPool } from './driver-pool.mjs';
import { withPeers } from './open-peers.mjs';

/**
 * Bytes of these tables with their indexes, freshly packed.
 *
 * @param {import('./servers.mjs').BenchDatabase} database
 * @param {readonly string[]} tables
 */
async function sizeOf(database, tables) {
  const pool = openDriverPool(database);
  try {
    let bytes = 0;
    let rows = 0;
    if (database.family === 'sqlite') await pool.run('VACUUM', []);
    for (const table of tables) {
      const [counted] = await pool.run(`SELECT COUNT(*) AS n FROM ${table}`, []);
      rows += Number(counted?.['n']);
      bytes += Number(await SIZES[database.family](pool, table));
    }
    return { bytes, rows };
  } finally {
    await pool.close();
  }
}

/** @type {Record<import('./servers.mjs').ServerName,
 *   (pool: import('./driver-pool.mjs').DriverPool, table: string) => Promise<unknown>>} */
const SIZES = {
  async mariadb(pool, table) {
    await pool.run(`OPTIMIZE TABLE ${table}`, []);
    await pool.run(`ANALYZE TABLE ${table}`, []);
    const [found] = await pool.run(
      'SELECT data_length + index_length AS n FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?',
      [table],
    );
    return found?.['n'];
  },
  async postgres(pool, table) {
    await pool.run(`VACUUM FULL ${table}`, []);
    const [found] = await pool.run('SELECT pg_total_relation_size(CAST(? AS text)::regclass) AS n', [table]);
    return found?.['n'];
  },
  async sqlite(pool, table) {
    const [found] = await pool.run(
      'SELECT SUM(pgsize) AS n FROM dbstat WHERE name IN (SELECT name FROM sqlite_schema WHERE tbl_name = ?)',
      [table],
    );
    return found?.['n'];
  },
};

/**
 * Bytes a key on disk, with every account locked.
 *
 * @param {import('./servers.mjs').BenchServer} server
 * @param {readonly import('./peers/peer.mjs').Peer[]} peers
 * @returns {Promise<ReadonlyMap<string, { readonly bytesAKey: number, readonly rows: number }>>} By name.
 */
export function measureStorage(server, peers) {
  return withPeers(server, peers, settingsOf('locked', 2), async (running) => {
    const found = new Map();
    for (const { name, opened, database } of running) {
      await opened.lockAll();
      const { bytes, rows } = await sizeOf(database, opened.tables);
      found.set(name, { bytesAKey: bytes / rows, rows });
    }
    return found;
  });
}
