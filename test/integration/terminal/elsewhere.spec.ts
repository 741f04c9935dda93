import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { LockoutEngine } from 'nestjs-lockout';
import { lockoutEntities, migrateLockout, TypeormLockoutStore } from 'nestjs-lockout/typeorm';
import type { DataSource } from 'typeorm';
import { describeEach, serversOf, type TestDatabase } from '../../support/databases.js';
import { connect } from '../../support/typeorm-store.js';
import { POLICIES, SECRET, urlOf } from './house.js';
import { run } from './program.js';

const CASES = [
  { kind: 'SQLite', schema: null },
  { kind: 'PostgreSQL', schema: 'guard' },
].flatMap(({ kind, schema }) =>
  serversOf(kind as 'SQLite' | 'PostgreSQL').map((server) => ({ kind, schema, server })),
);

describeEach(CASES, 'tables of $kind with a prefix, in the schema $schema', ({ server, schema }) => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let store: TypeormLockoutStore;

  beforeAll(async () => {
    database = await server.create();
    const { options } = database;
    if (schema !== null) {
      const first = await connect(options);
      await first.query(`CREATE SCHEMA ${schema}`);
      await first.destroy();
    }
    const where = schema === null ? {} : { schema };
    const entities = lockoutEntities(options.type, where);
    dataSource = await connect(options, { entities, entityPrefix: 'app_' });
    await migrateLockout(dataSource);
    store = new TypeormLockoutStore(dataSource);
    await store.init();
    const engine = new LockoutEngine({ store, secrets: [SECRET], policies: POLICIES });
    await store.assertFingerprints(engine.keys.fingerprints());
    await engine.lock({ account: 'alice' }, null, { by: 'admin', reason: 'has left' });
  });
  afterAll(async () => {
    await store.close();
    await dataSource.destroy();
    await database.drop();
  });

  it('are found where they are said to be, and nowhere else', async () => {
    const args = ['status', 'alice', '--database', urlOf(database.options)];
    const where = ['--prefix', 'app_', ...(schema === null ? [] : ['--schema', schema])];
    const env = { LOCKOUT_SECRETS: SECRET };
    expect((await run([...args, ...where], env)).code).toBe(0);
    expect((await run(args, env)).code).toBe(5);
  });
});
