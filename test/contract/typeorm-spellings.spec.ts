// Where the tables are and what they are called is the application's: prefix, schema, database, naming strategy.
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { lockoutEntities, lockoutMigrations, migrateLockout } from 'nestjs-lockout/typeorm';
import { type DataSourceOptions, DefaultNamingStrategy, EntitySchema } from 'typeorm';
import { type DatabaseServer, describeEach, serversOf, type TestDatabase } from '../support/databases.js';
import { everyDelivery } from '../support/every-delivery.js';
import { everyLaw } from '../support/every-law.js';
import { connect, openStore } from '../support/typeorm-store.js';

const snake = (name: string): string =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/\W/g, '_')
    .toLowerCase();

/** As the widely used packages have it: names that the entity gives stay. */
class SnakeNames extends DefaultNamingStrategy {
  override tableName(className: string, given: string | undefined): string {
    return given ?? snake(className);
  }
  override columnName(propertyName: string, given: string, prefixes: string[]): string {
    return snake([...prefixes, given || propertyName].join('_'));
  }
}

/** As houses with rules of their own have it: the names that the entity gives change as well. */
class HouseNames extends DefaultNamingStrategy {
  override tableName(className: string, given: string | undefined): string {
    return `TBL ${given ?? className}`;
  }
  override columnName(propertyName: string, given: string, prefixes: string[]): string {
    return `c_${super.columnName(propertyName, given, prefixes)}`;
  }
  override indexName(table: unknown, columns: string[], where?: string): string {
    return `house_${super.indexName(table as string, columns, where)}`;
  }
}

interface Spelling {
  readonly name: string;
  readonly dataSource: Record<string, unknown>;
  /** What the table of records is then called. */
  readonly table: string;
  readonly on?: readonly DatabaseServer['name'][];
  /** Made beforehand. */
  readonly schema?: string;
}

const SPELLINGS: readonly Spelling[] = [
  { name: 'a prefix', dataSource: { entityPrefix: 'auth_' }, table: 'auth_lockout_record' },
  {
    name: 'a prefix that needs quotes',
    dataSource: { entityPrefix: 'my auth-' },
    table: 'my auth-lockout_record',
  },
  {
    name: 'a snake_case naming strategy',
    dataSource: { namingStrategy: new SnakeNames() },
    table: 'lockout_record',
  },
  {
    name: 'a naming strategy that renames all',
    dataSource: { namingStrategy: new HouseNames(), entityPrefix: 'x_' },
    table: 'x_TBL lockout_record',
  },
  {
    name: 'a schema of the DataSource',
    dataSource: { schema: 'Auth' },
    table: 'lockout_record',
    on: ['PostgreSQL'],
    schema: 'Auth',
  },
];

const CASES = serversOf('SQLite', 'MariaDB', 'MySQL', 'PostgreSQL').flatMap((server) =>
  SPELLINGS.filter(({ on }) => on === undefined || on.includes(server.name)).map((spelling) => ({
    ...spelling,
    server,
    title: `${server.name}, ${spelling.name}`,
  })),
);

describeEach(CASES, 'the tables under $title', ({ server, dataSource: extra, table, schema }) => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await server.create();
    if (schema === undefined) return;
    const bare = await connect(database.options, { entities: [] });
    await bare.query(`CREATE SCHEMA "${schema}"`);
    await bare.destroy();
  });
  afterEach(() => database.drop());

  it('are made by the migrations, as synchronize would, and keep every law', async () => {
    const first = await connect(database.options, extra);
    try {
      expect(await migrateLockout(first)).toHaveLength(lockoutMigrations.length);
      const { upQueries } = await first.driver.createSchemaBuilder().log();
      expect(upQueries.map(({ query }) => query)).toEqual([]);
      expect(first.getMetadata('NestjsLockoutRecord').tableName).toBe(table);
      expect(await migrateLockout(first)).toEqual([]);
    } finally {
      await first.destroy();
    }
    const one = await openStore(database.options, {}, extra);
    const two = await openStore(database.options, {}, extra);
    try {
      await everyLaw(one.store, two.store);
      await one.store.assertFingerprints(['one']);
      const saved = { policy: 'account', brand: null, expected: 0, settings: {}, by: 'ops', reason: 'first' };
      expect(await one.store.savePolicy(saved)).not.toBeNull();
      expect(await two.store.policyCount()).toBe(1);
      const refusals = { from: 0, sliceMs: 1, realms: { default: [1] } };
      const node = { id: 'node-1', label: 'host:1', policies: {}, refusals };
      await one.store.announce(node, 0);
      expect(await two.store.nodes(60_000)).toEqual([node]);
      const claim = { id: 'a'.repeat(64), request: 'b'.repeat(64), token: 'c'.repeat(32) };
      const lives = { claimMs: 60_000, keepMs: 60_000 };
      expect(await one.store.claimAnswer(claim, lives)).toEqual({ state: 'claimed' });
      await one.store.keepAnswer(claim.id, claim.token, { status: 200, body: 'once' });
      expect(await two.store.claimAnswer(claim, lives)).toMatchObject({ state: 'answered', body: 'once' });
      await everyDelivery(one.store, two.store);
    } finally {
      await one.close();
      await two.close();
    }
  });
});

describeEach(serversOf('MariaDB', 'MySQL'), 'tables in another database of the same $name', (server) => {
  it('are made and used there, the application in its own', async () => {
    const [own, ours] = [await server.create(), await server.create()];
    const database = String(ours.options.database);
    const note = new EntitySchema({ name: 'Note', columns: { id: { type: Number, primary: true } } });
    const entities = [...lockoutEntities(own.options.type, { database }), note];
    const first = await connect(own.options, { entities });
    await migrateLockout(first);
    const rows = (await first.query(
      "SELECT table_schema AS place FROM information_schema.tables WHERE table_name = 'lockout_record'",
    )) as { place: string }[];
    expect(rows.map(({ place }) => place)).toContain(database);
    expect(rows.map(({ place }) => place)).not.toContain(own.options.database);
    await first.destroy();
    const one = await openStore(own.options, {}, { entities });
    const two = await openStore(ours.options);
    await everyLaw(one.store, two.store);
    await everyDelivery(one.store, two.store);
    await one.close();
    await two.close();
    await own.drop();
    await ours.drop();
  });
});

describeEach(serversOf('MariaDB', 'MySQL'), 'a $name that is reached by its socket', (server) => {
  it('is the same server', async () => {
    const database = await server.create();
    const first = await connect(database.options);
    await migrateLockout(first);
    const [row] = (await first.query('SELECT @@socket AS path')) as { path: string }[];
    await first.destroy();
    const { url: _, ...options } = database.options as { url: string };
    const bySocket = { ...options, socketPath: row?.path, username: 'root' } as unknown as DataSourceOptions;
    const one = await openStore(bySocket);
    const two = await openStore(database.options);
    const [me] = (await one.dataSource.query('SELECT USER() AS name')) as { name: string }[];
    expect(me?.name).toBe('root@localhost');
    await everyLaw(one.store, two.store);
    await everyDelivery(one.store, two.store);
    await one.close();
    await two.close();
    await database.drop();
  });
});
