import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { contractSwap } from 'nestjs-lockout/testing';
import { migrateLockout, type TypeormLockoutStore } from 'nestjs-lockout/typeorm';
import type { DataSource } from 'typeorm';
import { describeEach, serversOf, type TestDatabase } from '../support/databases.js';
import { connect, openStore } from '../support/typeorm-store.js';

/** How a server says that another primary of its group, or its storage engine, undid what was to be committed. */
const CONFLICTS: readonly (readonly [number, string])[] = [
  [1020, 'Record has changed since last read in table'],
  [1205, 'Lock wait timeout exceeded; try restarting transaction'],
  [1213, 'Deadlock found when trying to get lock; try restarting transaction'],
  [1180, 'Got error 149 "Lock deadlock; Retry transaction" during COMMIT'],
  [3101, 'Plugin instructed the server to rollback the current transaction.'],
];

describeEach(
  serversOf('MariaDB', 'MySQL'),
  'R30 what the server undoes for others’ sake on $name',
  (server) => {
    let database: TestDatabase;
    let direct: DataSource;
    let store: TypeormLockoutStore;
    let close: () => Promise<void>;

    beforeAll(async () => {
      database = await server.create();
      direct = await connect(database.options);
      await migrateLockout(direct);
      ({ store, close } = await openStore(database.options));
    });
    afterAll(async () => {
      await close();
      await direct.destroy();
      await database.drop();
    });

    /** A swap that the server refuses with this error. */
    const swapRefusedBy = async (errno: number, message: string): Promise<unknown> => {
      await direct.query(
        `CREATE TRIGGER refusing BEFORE INSERT ON lockout_record FOR EACH ROW
         SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = ${errno}, MESSAGE_TEXT = '${message}'`,
      );
      try {
        const swap = contractSwap();
        const lost = await store.compareAndSwap([swap], { now: (await store.load([])).now });
        return [...lost].map((key) => key === swap.key);
      } finally {
        await direct.query('DROP TRIGGER refusing');
      }
    };

    it.each(CONFLICTS)('error %i is a lost race, which is tried again: %s', async (errno, message) => {
      expect(await swapRefusedBy(errno, message)).toEqual([true]);
    });

    it('a commit that failed for another reason is a fault of the store', async () => {
      await expect(
        swapRefusedBy(1180, 'Got error 28 "No space left on device" during COMMIT'),
      ).rejects.toMatchObject({ name: 'StoreError' });
    });
  },
);
