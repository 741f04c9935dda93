import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { DataSourceOptions } from 'typeorm';
import { contractSwap } from '../../libs/lockout/src/testing/store-contract.js';
import { lockoutEntities, LockoutTypeormModule, TypeormLockoutStore } from '../../libs/lockout/src/typeorm/index.js';
import { databaseServers, type TestDatabase } from '../support/databases.js';

async function start(root: DataSourceOptions & { autoLoadEntities?: boolean }, ...imports: never[]) {
  const compiled = await Test.createTestingModule({
    imports: [TypeOrmModule.forRoot({ ...root, retryAttempts: 0 }), ...imports, LockoutTypeormModule.forRoot()],
  }).compile();
  return compiled.init();
}

describe.each([...databaseServers])('LockoutTypeormModule on $name', (server) => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await server.create();
  });
  afterEach(() => database.drop());

  it('provides a store that is migrated and open', async () => {
    const { options } = database;
    const app = await start({ ...options, entities: lockoutEntities(options.type) } as DataSourceOptions);
    const store = app.get(TypeormLockoutStore);
    const swap = contractSwap();
    expect(await store.compareAndSwap([swap], { now: (await store.load([])).now })).toEqual(new Set());
    expect((await store.load([swap.key])).records.get(swap.key)?.version).toBe(swap.version);
    await app.close();
    await expect(store.load([])).rejects.toThrow('not open');
  });

  it('starts where synchronize made the tables', async () => {
    const { options } = database;
    const app = await start({ ...options, entities: lockoutEntities(options.type), synchronize: true } as DataSourceOptions);
    expect((await app.get(TypeormLockoutStore).load([])).records.size).toBe(0);
    await app.close();
  });

  it('takes entities that a feature registers', async () => {
    const { options } = database;
    const feature = TypeOrmModule.forFeature(lockoutEntities(options.type));
    const app = await start({ ...options, autoLoadEntities: true }, feature as never);
    expect((await app.get(TypeormLockoutStore).load([])).records.size).toBe(0);
    await app.close();
  });

  it('does not start without the entities, and says what to add', async () => {
    const { options } = database;
    await expect(start(options)).rejects.toThrow(`...lockoutEntities('${options.type}')`);
  });
});
