import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import Database from 'libsql';
import { contractSwap } from 'nestjs-lockout/testing';
import { lockoutEntities, TypeormLockoutStore } from 'nestjs-lockout/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { serversOf, type TestDatabase } from '../support/databases.js';
import { openStore } from '../support/typeorm-store.js';

const [sqlite] = serversOf('SQLite');
if (!sqlite) throw new Error('SQLite is always there');

/** Turns of the event loop until `work` is done. */
async function turnsDuring(work: Promise<unknown>): Promise<number> {
  let turns = 0;
  let done = false;
  void work.finally(() => {
    done = true;
  });
  while (!done) {
    await new Promise((resolve) => setImmediate(resolve));
    turns += 1;
  }
  return turns;
}

describe('the SQLite store while another process writes (R26)', () => {
  let database: TestDatabase;
  let store: TypeormLockoutStore;
  let writer: InstanceType<typeof Database>;
  let close: () => Promise<void>;

  beforeEach(async () => {
    database = await sqlite.create();
    ({ store, close } = await openStore(
      database.options,
      { statementTimeoutMs: 150 },
      { synchronize: true },
    ));
    writer = new Database(String(database.options.database));
  });
  afterEach(async () => {
    if (writer.inTransaction) writer.exec('ROLLBACK');
    writer.close();
    await close();
    await database.drop();
  });

  it('waits without blocking the event loop, then reports the swap as lost', async () => {
    const swap = contractSwap();
    const { now } = await store.load([]);
    writer.exec('BEGIN IMMEDIATE');
    const swapping = store.compareAndSwap([swap], { now });
    expect(await turnsDuring(swapping)).toBeGreaterThan(20);
    expect(await swapping).toEqual(new Set([swap.key]));
    expect(await store.swapExclusively([swap.key], () => [swap])).toEqual(new Set([swap.key]));
  });

  it('reads all the while (WAL)', async () => {
    const swap = contractSwap();
    await store.compareAndSwap([swap], { now: (await store.load([])).now });
    writer.exec('BEGIN IMMEDIATE');
    expect((await store.load([swap.key])).records.size).toBe(1);
  });

  it('wins as soon as the other is done', async () => {
    const swap = contractSwap();
    const { now } = await store.load([]);
    writer.exec('BEGIN IMMEDIATE');
    const swapping = store.compareAndSwap([swap], { now });
    await new Promise((resolve) => setImmediate(resolve));
    writer.exec('COMMIT');
    expect(await swapping).toEqual(new Set());
  });
});

describe('a DataSource in memory', () => {
  it('is shared, which is said aloud (R26)', async () => {
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const { store, dataSource, close } = await openStore(
      { type: 'better-sqlite3', driver: Database, database: ':memory:' },
      {},
      { synchronize: true },
    );
    const kept = contractSwap();
    const undone = contractSwap();
    const { now } = await store.load([]);
    await store.compareAndSwap([kept], { now });
    const runner = dataSource.createQueryRunner();
    await runner.startTransaction();
    expect(await store.compareAndSwap([undone], { now })).toEqual(new Set());
    expect(await store.compareAndSwap([contractSwap({ key: kept.key })], { now, atomic: true })).toEqual(
      new Set([kept.key]),
    );
    await runner.rollbackTransaction();
    expect([...(await store.load([kept.key, undone.key])).records.keys()]).toEqual([kept.key]);
    expect(String(warn.mock.calls[0]?.[0])).toContain('in memory');
    warn.mockRestore();
    await close();
  });
});

describe('P2 what the SQLite store has acknowledged', () => {
  /** Every connection, in the order in which they were opened. */
  let connections: HastyDatabase[];

  /** As better-sqlite3 is built: a commit is not flushed. */
  class HastyDatabase extends Database {
    constructor(...given: ConstructorParameters<typeof Database>) {
      super(...given);
      this.pragma('synchronous = NORMAL');
      connections.push(this);
    }
  }

  it('is the same for a store that opens while another process has the file to itself', async () => {
    const database = await sqlite.create();
    const entities = lockoutEntities('better-sqlite3');
    const options = { ...database.options, entities, synchronize: true } as DataSourceOptions;
    const dataSource = await new DataSource(options).initialize();
    const other = new Database(String(database.options.database));
    // Before the first store the file has no WAL: nobody can even read.
    other.exec('BEGIN EXCLUSIVE');
    const store = new TypeormLockoutStore(dataSource, { statementTimeoutMs: 10_000 });
    let isOpen = false;
    const opening = store.init().then(() => {
      isOpen = true;
    });
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(isOpen).toBe(false);
    other.exec('COMMIT');
    other.close();
    await opening;
    expect((await store.load([])).now).toBeGreaterThan(0);
    await store.close();
    await dataSource.destroy();
    await database.drop();
  });

  it.each([
    ['survives a crash of the machine, however the driver was built', {}, 2],
    [
      'may be lost by one where the application wants that',
      { prepareDatabase: (connection: HastyDatabase) => void connection.pragma('synchronous = NORMAL') },
      1,
    ],
  ])('%s', async (_what, options, expected) => {
    connections = [];
    const database = await sqlite.create();
    const hasty = { ...database.options, ...options, driver: HastyDatabase } as typeof database.options;
    const { close } = await openStore(hasty, {}, { synchronize: true });
    const synchronous = connections.map((connection) => connection.prepare('PRAGMA synchronous').raw().get());
    expect(synchronous).toEqual([[1], [expected]]);
    await close();
    await database.drop();
  });
});
