import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { LockoutKey, LockoutStore } from 'nestjs-lockout';
import { contractSwap } from 'nestjs-lockout/testing';
import { lockoutEntities, migrateLockout, type TypeormLockoutStore } from 'nestjs-lockout/typeorm';
import type { DataSource, DataSourceOptions } from 'typeorm';
import { databaseServers, describeEach, serversOf, type TestDatabase } from '../support/databases.js';
import { connect, openStore, rowsIn } from '../support/typeorm-store.js';

const swapNow = async (store: LockoutStore, ...swaps: ReturnType<typeof contractSwap>[]) =>
  store.compareAndSwap(swaps, { now: (await store.load([])).now });
const find = async (store: LockoutStore, key: LockoutKey) => (await store.load([key])).records.get(key);

describe.each([...databaseServers])('the store beside an application on $name', (server) => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let store: TypeormLockoutStore;
  let close: () => Promise<void>;

  beforeEach(async () => {
    database = await server.create();
    const first = await connect(database.options);
    await migrateLockout(first);
    await first.query('CREATE TABLE note (id INT PRIMARY KEY)');
    await first.destroy();
    ({ dataSource, store, close } = await openStore(database.options));
  });
  afterEach(async () => {
    await close();
    await database.drop();
  });

  // Pitfall 32: the request's transaction fails, and takes the failure that it counted with it.
  it('keeps a swap that was made while the application had a transaction that it rolled back', async () => {
    const before = contractSwap();
    const inside = contractSwap({ events: [{ type: 'expired', at: 1 }] });
    await swapNow(store, before);
    const runner = dataSource.createQueryRunner();
    await runner.startTransaction();
    // On SQLite the file has one writer: the application has not written yet.
    await runner.query('SELECT COUNT(*) FROM note');
    expect(await swapNow(store, inside)).toEqual(new Set());
    await runner.rollbackTransaction();
    await runner.release();
    expect((await find(store, inside.key))?.version).toBe(inside.version);
    expect((await find(store, before.key))?.version).toBe(before.version);
    const { items } = await store.list({ limit: 10 });
    expect(items).toHaveLength(1);
  });

  it('sees nothing that the application has not committed, and leaves its transaction open', async () => {
    const runner = dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.query('INSERT INTO note VALUES (1)');
    await store.load([contractSwap().key]);
    expect(runner.isTransactionActive).toBe(true);
    await runner.rollbackTransaction();
    await runner.release();
    expect(await rowsIn(dataSource, 'note')).toBe(0);
  });

  it('returns every connection to the pool: more operations at once than it has', async () => {
    const swaps = Array.from({ length: 60 }, () => contractSwap());
    const results = await Promise.all(swaps.map((swap) => swapNow(store, swap)));
    expect(results.every((lost) => lost.size === 0)).toBe(true);
    await Promise.all(swaps.map(({ key }) => store.swapExclusively([key], () => []).catch(() => undefined)));
    await Promise.all(
      swaps.map(({ key }) =>
        store
          .swapExclusively([key], () => {
            throw new Error('the rule failed');
          })
          .catch(() => undefined),
      ),
    );
    expect((await store.load(swaps.map(({ key }) => key))).records.size).toBe(60);
  });

  it('a column of garbage rejects as data, and only for its own record', async () => {
    const [good, bad] = [contractSwap(), contractSwap()];
    await swapNow(store, good, bad);
    await dataSource
      .createQueryBuilder()
      .update('NestjsLockoutRecord')
      .set({ detail: Buffer.from('{"p":7}') })
      .where({ key: Buffer.from(bad.key, 'hex') })
      .execute();
    await expect(store.load([good.key, bad.key])).rejects.toMatchObject({
      name: 'StoreError',
      fault: 'data',
    });
    expect((await find(store, good.key))?.version).toBe(good.version);
  });

  it('rejects after it was closed, and can be opened again', async () => {
    await store.close();
    await expect(store.load([contractSwap().key])).rejects.toMatchObject({ fault: 'unreachable' });
    await store.init();
    expect((await store.load([contractSwap().key])).records.size).toBe(0);
  });

  it('knows the secrets of the node that came first, and refuses another (R21)', async () => {
    await store.assertFingerprints(['one']);
    await store.assertFingerprints(['one']);
    await expect(store.assertFingerprints(['two'])).rejects.toThrow('same secrets');
    await store.assertFingerprints(['two', 'one']);
    await store.assertFingerprints(['two']);
    await expect(store.assertFingerprints(['one'])).rejects.toThrow('same secrets');
    await expect(store.assertFingerprints([])).rejects.toThrow('at least one');
  });

  it('lets one of many first nodes leave its fingerprint (R21)', async () => {
    const answers = await Promise.allSettled(
      Array.from({ length: 8 }, (_, n) => store.assertFingerprints([`secret ${n % 2}`])),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
  });
});

describeEach(serversOf('PostgreSQL'), 'a schema of its own on $name', (server) => {
  it('holds the tables, by migration and by the store', async () => {
    const database = await server.create();
    const bare = await connect(database.options, { entities: [] });
    await bare.query('CREATE SCHEMA "Auth"');
    await bare.destroy();
    const entities = lockoutEntities('postgres', { schema: 'Auth' });
    const dataSource = await connect(database.options, { entities });
    await migrateLockout(dataSource);
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    expect(upQueries).toEqual([]);
    const [table] = (await dataSource.query(
      `SELECT table_schema FROM information_schema.tables WHERE table_name = 'lockout_record'`,
    )) as { table_schema: string }[];
    expect(table?.table_schema).toBe('Auth');
    await dataSource.destroy();
    const { store, close } = await openStore(database.options, {}, { entities });
    const swap = contractSwap({ events: [{ type: 'expired', at: 1 }] });
    expect(await swapNow(store, swap)).toEqual(new Set());
    expect((await store.list({ limit: 1 })).items).toHaveLength(1);
    await close();
    await database.drop();
  });
});

// Pitfall 31: a replica lags, and a lagging count admits.
describeEach(serversOf('MariaDB', 'MySQL', 'PostgreSQL'), 'replication on $name', (server) => {
  it('reads and writes on the primary only', async () => {
    const primary = await server.create();
    const replica = await server.create();
    const first = await connect(primary.options);
    await migrateLockout(first);
    await first.destroy();
    const at = (options: DataSourceOptions) => {
      const { url, database } = options as { url: string; database?: string };
      return { url, ...(database !== undefined && { database }) };
    };
    const { type } = primary.options;
    const { store, close } = await openStore({
      type,
      replication: { master: at(primary.options), slaves: [at(replica.options)] },
    } as DataSourceOptions);
    // The replica has no tables: any read of it would fail.
    const swap = contractSwap({ events: [{ type: 'expired', at: 1 }] });
    for (let n = 0; n < 5; n += 1) expect((await store.load([swap.key])).records.size).toBe(0);
    expect(await swapNow(store, swap)).toEqual(new Set());
    expect((await find(store, swap.key))?.version).toBe(swap.version);
    expect((await store.list({ limit: 1 })).items).toHaveLength(1);
    await close();
    await primary.drop();
    await replica.drop();
  });
});
