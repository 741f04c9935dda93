// @ts-expect-error It has no types.
import ExpressBrute from 'express-brute';
import { openDriverPool, upsertSql } from '../driver-pool.mjs';
import { SUBJECTS } from '../subjects.mjs';

const COLUMNS = ['id', 'count', 'last_request', 'first_request', 'expires'];
const TYPES = {
  mariadb: ['VARCHAR(255) PRIMARY KEY', 'INT', 'BIGINT', 'BIGINT', 'BIGINT'],
  postgres: ['VARCHAR(255) PRIMARY KEY', 'INT', 'BIGINT', 'BIGINT', 'BIGINT'],
  sqlite: ['TEXT PRIMARY KEY', 'INTEGER', 'INTEGER', 'INTEGER', 'INTEGER'],
};
const MINUTE = 60_000;

/**
 * A store as its documentation describes one (`get`, `set`, `reset`), each a single prepared statement: no published one
 * is as quick.
 *
 * @param {import('../driver-pool.mjs').DriverPool} pool
 * @param {import('../servers.mjs').ServerName} family
 */
function sqlStore(pool, family) {
  const upsert = upsertSql(family, { table: 'brute', columns: COLUMNS });
  /** @param {Promise<unknown>} answer @param {(error: unknown, value?: unknown) => void} done */
  const tell = (answer, done) => {
    answer.then(
      (value) => done(null, value),
      (error) => done(error),
    );
  };
  return {
    /** @param {string} key @param {(error: unknown, value?: unknown) => void} done */
    get(key, done) {
      const read = async () => {
        const [row] = await pool.run(
          'SELECT count, last_request, first_request FROM brute WHERE id = ? AND expires > ?',
          [key, Date.now()],
        );
        if (!row) return null;
        return {
          count: Number(row['count']),
          lastRequest: new Date(Number(row['last_request'])),
          firstRequest: new Date(Number(row['first_request'])),
        };
      };
      tell(read(), done);
    },
    /**
     * @param {string} key
     * @param {{ count: number, lastRequest: Date, firstRequest: Date }} value
     * @param {number} lifetime Seconds.
     * @param {(error: unknown) => void} done
     */
    set(key, { count, lastRequest, firstRequest }, lifetime, done) {
      const expires = Date.now() + lifetime * 1000;
      tell(pool.run(upsert, [key, count, lastRequest.getTime(), firstRequest.getTime(), expires]), done);
    },
    /** @param {string} key @param {(error: unknown) => void} done */
    reset(key, done) {
      tell(pool.run('DELETE FROM brute WHERE id = ?', [key]), done);
    },
  };
}

/**
 * Its README's "more complex example": one instance by address, one by address and user name (with three limits another
 * by user name alone), each asked before the credential is verified; a success resets what it may reset.
 *
 * @type {import('./peer.mjs').Peer['open']}
 */
async function open(database, { keys, threshold, addressThreshold }) {
  const pool = openDriverPool(database);
  const types = TYPES[database.family];
  await pool.run(`CREATE TABLE brute (${COLUMNS.map((name, n) => `${name} ${types[n]}`).join(', ')})`, []);
  const store = sqlStore(pool, database.family);
  /** @param {unknown} _request @param {{ refuse: () => void }} response */
  const failCallback = (_request, response) => response.refuse();
  const settings = {
    failCallback,
    minWait: 5 * MINUTE,
    maxWait: 60 * MINUTE,
    handleStoreError: (/** @type {{ parent: Error, res: any }} */ { parent, res }) => res.break(parent),
  };
  const user = new ExpressBrute(store, { ...settings, freeRetries: threshold - 1 });
  const global = new ExpressBrute(store, {
    ...settings,
    freeRetries: addressThreshold - 1,
    attachResetToRequest: false,
    refreshTimeoutOnRequest: false,
    lifetime: 86_400,
  });
  /** @param {{ body: { username: string } }} request @param {unknown} _response @param {(key: string) => void} next */
  const key = (request, _response, next) => next(request.body.username);
  const guards = [
    global.prevent,
    user.getMiddleware({ key }),
    ...(keys === 3 ? [user.getMiddleware({ key, ignoreIP: true })] : []),
  ];
  /** @param {any} guard @param {any} request @returns {Promise<boolean>} */
  const passes = (guard, request) =>
    new Promise((resolve, reject) => {
      guard(request, { refuse: () => resolve(false), break: reject }, () => resolve(true));
    });

  return {
    async attempt({ account, address }, verify) {
      /** @type {{ ip: string, body: { username: string }, brute?: { reset: (done: () => void) => void } }} */
      const request = { ip: address, body: { username: account } };
      for (const guard of guards) if (!(await passes(guard, request))) return 'refused';
      if (!(await verify())) return 'failure';
      await new Promise((resolve) => request.brute?.reset(() => resolve(undefined)));
      return 'success';
    },
    tables: ['brute'],
    async lockAll() {
      const now = Date.now();
      const sql = upsertSql(database.family, { table: 'brute', columns: COLUMNS, rows: 100 });
      for (let start = 0; start < SUBJECTS.length; start += 100) {
        const rows = SUBJECTS.slice(start, start + 100).map(({ account, address }) => {
          const id = ExpressBrute._getKey([address, user.name, account]);
          return [id, threshold + 4, now, now, now + 24 * 60 * MINUTE];
        });
        await pool.run(sql, rows.flat());
      }
    },
    close: () => pool.close(),
  };
}

/** @type {import('./peer.mjs').Peer} */
export const expressBrute = {
  name: 'express-brute',
  title: 'express-brute, SQL store',
  keys: (wanted) => wanted,
  remark: 'two instances, as in its README; every attempt is counted, a success resets the account',
  open,
};
