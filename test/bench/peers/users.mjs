import { EntitySchema } from 'typeorm';
import { connectDataSource } from '../data-source.mjs';
import { SUBJECTS } from '../subjects.mjs';

/** @typedef {{ id: number, email: string, failedAttempts: number, lockedUntil: number }} User */

/** The table of users that hand-written lockouts put their columns into. `lockedUntil`: epoch ms, 0 for never. */
export const User = new EntitySchema({
  name: 'User',
  tableName: 'users',
  columns: {
    id: { type: Number, primary: true },
    email: { type: String, length: 100, unique: true },
    failedAttempts: { name: 'failed_attempts', type: Number, default: 0 },
    lockedUntil: {
      name: 'locked_until',
      type: 'bigint',
      default: 0,
      transformer: { from: Number, to: (/** @type {unknown} */ value) => value },
    },
  },
});

/** How long such a lockout lasts. */
export const LOCK_MS = 15 * 60_000;

/**
 * A DataSource with a row for every subject.
 *
 * @param {import('../servers.mjs').BenchDatabase} database
 */
export async function connectUsers(database) {
  const dataSource = await connectDataSource(database, { entities: [User], synchronize: true });
  const users = /** @type {import('typeorm').Repository<User>} */ (dataSource.getRepository('User'));
  for (let start = 0; start < SUBJECTS.length; start += 1000) {
    const rows = SUBJECTS.slice(start, start + 1000).map(({ n, account }) => ({
      id: n,
      email: account,
      failedAttempts: 0,
      lockedUntil: 0,
    }));
    // Without asking for what it has just been given.
    await users.createQueryBuilder().insert().values(rows).updateEntity(false).execute();
  }
  return {
    dataSource,
    users,
    /** @param {number} failures */
    lockAll: async (failures) => {
      await dataSource
        .createQueryBuilder()
        .update('User')
        .set({ failedAttempts: failures, lockedUntil: Date.now() + LOCK_MS })
        .execute();
    },
  };
}
