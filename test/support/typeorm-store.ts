import {
  lockoutEntities,
  migrateLockout,
  TypeormLockoutStore,
  type TypeormLockoutStoreOptions,
} from 'nestjs-lockout/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';
import type { TestDatabase } from './databases.js';
import { PATIENCE_MS } from './patience.js';

/** A DataSource with the lockout entities, connected. */
export async function connect(
  options: DataSourceOptions,
  extra: { synchronize?: boolean } & Record<string, unknown> = {},
): Promise<DataSource> {
  const dataSource = new DataSource({
    entities: lockoutEntities(options.type),
    ...options,
    ...extra,
  } as DataSourceOptions);
  return dataSource.initialize();
}

/** A new database with the lockout tables in it; `extra`: what its DataSource says of them besides. */
export async function migratedDatabase(
  server: { create(): Promise<TestDatabase> },
  extra: Record<string, unknown> = {},
): Promise<TestDatabase> {
  const database = await server.create();
  const dataSource = await connect(database.options, extra);
  await migrateLockout(dataSource);
  await dataSource.destroy();
  return database;
}

/** A store on a connection of its own, which waits for a slow machine unless told otherwise; `close` ends both. */
export async function openStore(
  options: DataSourceOptions,
  storeOptions: TypeormLockoutStoreOptions = {},
  extra: Record<string, unknown> = {},
): Promise<{ store: TypeormLockoutStore; dataSource: DataSource; close: () => Promise<void> }> {
  const dataSource = await connect(options, extra);
  const store = new TypeormLockoutStore(dataSource, { statementTimeoutMs: PATIENCE_MS, ...storeOptions });
  await store.init();
  return {
    store,
    dataSource,
    close: async () => {
      await store.close();
      await dataSource.destroy();
    },
  };
}

/** A store on a new database, and a connection that sees what it keeps; `close` ends all. */
export async function openBeside(
  server: { create(): Promise<TestDatabase> },
  storeOptions: TypeormLockoutStoreOptions = {},
): Promise<{ store: TypeormLockoutStore; direct: DataSource; close: () => Promise<void> }> {
  const database = await migratedDatabase(server);
  const direct = await connect(database.options);
  const { store, close } = await openStore(database.options, storeOptions);
  return {
    store,
    direct,
    close: async () => {
      await close();
      await direct.destroy();
      await database.drop();
    },
  };
}

/** Takes all that is recorded out of a database that is used again: what lists and erases looks through the less of it. */
export async function emptyTables(options: DataSourceOptions): Promise<void> {
  const dataSource = await connect(options);
  const recorded = dataSource.entityMetadatas.filter(({ name }) => name !== 'NestjsLockoutMeta');
  for (const { name } of recorded) await dataSource.getRepository(name).clear();
  await dataSource.destroy();
}

/** How many rows a table has. */
export async function rowsIn(dataSource: DataSource, table: string): Promise<number> {
  const [row] = (await dataSource.query(`SELECT COUNT(*) AS n FROM ${table}`)) as [{ n: unknown }];
  return Number(row.n);
}
