import { connectUsers, LOCK_MS } from './users.mjs';

/**
 * What most applications have: read the user, verify, count in memory, save.
 *
 * @type {import('./peer.mjs').Peer['open']}
 */
async function open(database, { threshold }) {
  const { dataSource, users, lockAll } = await connectUsers(database);
  return {
    async attempt({ account }, verify) {
      const user = await users.findOneBy({ email: account });
      if (!user || user.lockedUntil > Date.now()) return 'refused';
      if (await verify()) {
        user.failedAttempts = 0;
        user.lockedUntil = 0;
        await users.save(user);
        return 'success';
      }
      user.failedAttempts += 1;
      if (user.failedAttempts >= threshold) user.lockedUntil = Date.now() + LOCK_MS;
      await users.save(user);
      return 'failure';
    },
    tables: ['users'],
    lockAll: () => lockAll(threshold),
    close: () => dataSource.destroy(),
  };
}

/** @type {import('./peer.mjs').Peer} */
export const handWritten = {
  name: 'hand-written',
  title: 'hand-written TypeORM',
  keys: () => 1,
  remark: 'findOneBy, failedAttempts++, save; by account only',
  open,
};
