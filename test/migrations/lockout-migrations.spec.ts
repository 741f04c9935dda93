import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lockoutEntities, lockoutMigrations, migrateLockout } from 'nestjs-lockout/typeorm';
import { EntitySchema } from 'typeorm';
import { databaseServers, type TestDatabase } from '../support/databases.js';
import { connect } from '../support/typeorm-store.js';

const NAMES = lockoutMigrations.map((Migration) => Migration.name);

/** An entity of the application beside ours. */
const note = new EntitySchema({ name: 'Note', columns: { id: { type: Number, primary: true } } });

describe.each([...databaseServers])('the migrations on $name', (server) => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await server.create();
  });
  afterEach(() => database.drop());

  it.each(['', 'auth_'])('make what synchronize would make (prefix "%s")', async (entityPrefix) => {
    const dataSource = await connect(database.options, { entityPrefix });
    try {
      expect(await migrateLockout(dataSource)).toEqual(NAMES);
      const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
      expect(upQueries.map(({ query }) => query)).toEqual([]);
      expect(dataSource.getMetadata('NestjsLockoutRecord').tableName).toBe(`${entityPrefix}lockout_record`);
    } finally {
      await dataSource.destroy();
    }
  });

  it('run once, however many nodes start together', async () => {
    const nodes = await Promise.all(Array.from({ length: 10 }, () => connect(database.options)));
    try {
      const ran = await Promise.all(nodes.map((node) => migrateLockout(node)));
      expect(ran.flat()).toEqual(NAMES);
      expect(ran.filter((names) => names.length > 0)).toHaveLength(1);
    } finally {
      await Promise.all(nodes.map((node) => node.destroy()));
    }
  });

  it("leave the application's migrations alone, and are known to them", async () => {
    const entities = [...lockoutEntities(database.options.type), note];
    class ApplicationMigration1788220800002 {
      async up(): Promise<void> {
        throw new Error('not ours to run');
      }
      async down(): Promise<void> {}
    }
    const dataSource = await connect(database.options, {
      entities,
      migrations: [ApplicationMigration1788220800002],
    });
    try {
      await migrateLockout(dataSource);
      expect(dataSource.migrations).toHaveLength(1);
    } finally {
      await dataSource.destroy();
    }
    const later = await connect(database.options, { migrations: [...lockoutMigrations] });
    try {
      expect(await later.runMigrations()).toEqual([]);
    } finally {
      await later.destroy();
    }
  });

  it('can be undone', async () => {
    const dataSource = await connect(database.options, { migrations: [...lockoutMigrations] });
    try {
      await dataSource.runMigrations();
      for (const _ of lockoutMigrations) await dataSource.undoLastMigration();
      const queryRunner = dataSource.createQueryRunner();
      expect(await queryRunner.hasTable(dataSource.getMetadata('NestjsLockoutRecord').tablePath)).toBe(false);
      await queryRunner.release();
    } finally {
      await dataSource.destroy();
    }
  });

  it('say what to add where the entities are missing', async () => {
    const dataSource = await connect(database.options, { entities: [note] });
    try {
      await expect(migrateLockout(dataSource)).rejects.toThrow(`lockoutEntities('${database.options.type}')`);
    } finally {
      await dataSource.destroy();
    }
  });
});
