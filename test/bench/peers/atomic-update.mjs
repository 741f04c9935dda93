import { numbered } from '../driver-pool.mjs';
import { connectUsers, LOCK_MS } from './users.mjs';

/** `locked_until` first: MySQL would otherwise see the count already raised. */
const SQL = {
  read: 'SELECT id, failed_attempts, locked_until FROM users WHERE email = ?',
  clear: 'UPDATE users SET failed_attempts = 0, locked_until = 0 WHERE id = ?',
  count:
    'UPDATE users SET locked_until = CASE WHEN failed_attempts + 1 >= ? THEN ? ELSE locked_until END, ' +
    'failed_attempts = failed_attempts + 1 WHERE id = ?',
};

/**
 * The better hand-written one: the count is raised in the database, so none is lost. What is verified before the lock is
 * seen is still unbounded.
 *
 * @type {import('./peer.mjs').Peer['open']}
 */
async function open(database, { threshold }) {
  const { dataSource, lockAll } = await connectUsers(database);
  const spell = database.family === 'postgres' ? numbered : (/** @type {string} */ sql) => sql;
  const [read, clear, count] = [spell(SQL.read), spell(SQL.clear), spell(SQL.count)];
  return {
    async attempt({ account }, verify) {
      const [user] = await dataSource.query(read, [account]);
      if (!user || Number(user.locked_until) > Date.now()) return 'refused';
      if (await verify()) {
        await dataSource.query(clear, [user.id]);
        return 'success';
      }
      await dataSource.query(count, [threshold, Date.now() + LOCK_MS, user.id]);
      return 'failure';
    },
    tables: ['users'],
    lockAll: () => lockAll(threshold),
    close: () => dataSource.destroy(),
  };
}

/** @type {import('./peer.mjs').Peer} */
export const atomicUpdate = {
  name: 'atomic-update',
  title: 'atomic UPDATE',
  keys: () => 1,
  remark: 'SELECT, then UPDATE … SET failed = failed + 1; by account only',
  open,
};
