import { expect, it } from '@jest/globals';
import { migrateLockout, TypeormLockoutStore } from 'nestjs-lockout/typeorm';
import { describeEach, serversOf } from '../support/databases.js';
import { beginSessionsWith } from '../support/mysql-session.js';
import { connect } from '../support/typeorm-store.js';

describeEach(
  serversOf('MariaDB', 'MySQL'),
  'sessions that do not commit by themselves on $name',
  (server) => {
    it('are refused at start: nothing that is written would stay', async () => {
      const database = await server.create();
      const dataSource = await connect(database.options);
      try {
        await migrateLockout(dataSource);
        await new TypeormLockoutStore(dataSource).init();
        await beginSessionsWith(dataSource, ['SET SESSION autocommit = 0']);
        await expect(new TypeormLockoutStore(dataSource).init()).rejects.toThrow(/autocommit off/);
      } finally {
        await dataSource.destroy();
        await database.drop();
      }
    });
  },
);
