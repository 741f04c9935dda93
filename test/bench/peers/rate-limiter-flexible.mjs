import { RateLimiterMySQL, RateLimiterPostgres, RateLimiterSQLite } from 'rate-limiter-flexible';
import { openDriverPool, upsertSql } from '../driver-pool.mjs';
import { SUBJECTS } from '../subjects.mjs';

const LIMITERS = { mariadb: RateLimiterMySQL, postgres: RateLimiterPostgres, sqlite: RateLimiterSQLite };
const DAY = 86_400;

/**
 * @param {import('../servers.mjs').BenchDatabase} database
 * @param {unknown} storeClient
 * @param {{ keyPrefix: string, points: number, duration: number, blockDuration: number }} options
 * @returns {Promise<any>}
 */
function limiter({ family, name }, storeClient, options) {
  const storeType = family === 'sqlite' ? 'better-sqlite3' : 'pool';
  return new Promise((resolve, reject) => {
    const made = new LIMITERS[family](
      { storeClient, storeType, dbName: name, tableName: options.keyPrefix, ...options },
      /** @param {unknown} error */
      (error) => setImmediate(() => (error ? reject(error) : resolve(made))),
    );
  });
}

/**
 * The wiki's "Login endpoint protection": consecutive failures by user name and address, failures a day by address; asks
 * both, verifies, and consumes both on a failure or deletes the first on a success. A third limit, by user name alone,
 * is treated as the first.
 *
 * @type {import('./peer.mjs').Peer['open']}
 */
async function open(database, { keys, threshold, addressThreshold }) {
  const pool = openDriverPool(database);
  const byUserAndAddress = await limiter(database, pool.handle, {
    keyPrefix: 'login_fail_consecutive_username_and_ip',
    points: threshold,
    duration: 90 * DAY,
    blockDuration: 3_600,
  });
  const byAddress = await limiter(database, pool.handle, {
    keyPrefix: 'login_fail_ip_per_day',
    points: addressThreshold,
    duration: DAY,
    blockDuration: DAY,
  });
  const byUser =
    keys === 3
      ? await limiter(database, pool.handle, {
          keyPrefix: 'login_fail_username',
          points: threshold,
          duration: 90 * DAY,
          blockDuration: 3_600,
        })
      : null;
  const limiters = [byUserAndAddress, byAddress, ...(byUser ? [byUser] : [])];
  /** @param {import('../subjects.mjs').Subject} subject */
  const keysOf = ({ account, address }) => [`${account}_${address}`, address, account];

  return {
    async attempt(subject, verify) {
      const names = keysOf(subject);
      const found = await Promise.all(limiters.map((one, n) => one.get(names[n])));
      for (const [n, one] of limiters.entries()) {
        if (found[n] !== null && found[n].consumedPoints > one.points) return 'refused';
      }
      if (await verify()) {
        for (const [n, one] of limiters.entries()) {
          if (one !== byAddress && found[n] !== null && found[n].consumedPoints > 0)
            await one.delete(names[n]);
        }
        return 'success';
      }
      try {
        await Promise.all(limiters.map((one, n) => one.consume(names[n])));
      } catch (error) {
        // A rejection that is no error says: from now on locked.
        if (error instanceof Error) throw error;
      }
      return 'failure';
    },
    tables: limiters.map((one) => one.tableName),
    async lockAll() {
      const until = Date.now() + 3_600_000;
      const sql = upsertSql(database.family, {
        table: byUserAndAddress.tableName,
        columns: database.family === 'mariadb' ? ['`key`', 'points', 'expire'] : ['key', 'points', 'expire'],
        rows: 100,
      });
      for (let start = 0; start < SUBJECTS.length; start += 100) {
        const rows = SUBJECTS.slice(start, start + 100).map((subject) => [
          byUserAndAddress.getKey(keysOf(subject)[0]),
          threshold + 1,
          until,
        ]);
        await pool.run(sql, rows.flat());
      }
    },
    close: () => pool.close(),
  };
}

/** @type {import('./peer.mjs').Peer} */
export const rateLimiterFlexible = {
  name: 'rate-limiter-flexible',
  title: 'rate-limiter-flexible, login recipe',
  keys: (wanted) => wanted,
  remark: 'get both, verify, consume or delete, as in its wiki',
  open,
};
