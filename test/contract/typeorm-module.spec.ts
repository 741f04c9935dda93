import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type DynamicModule, type INestApplicationContext, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { TypeOrmModule, type TypeOrmModuleOptions } from '@nestjs/typeorm';
import { contractSwap } from 'nestjs-lockout/testing';
import {
  LockoutTypeormModule,
  lockoutEntities,
  lockoutMigrations,
  migrateLockout,
  TypeormLockoutStore,
} from 'nestjs-lockout/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { databaseServers, type TestDatabase } from '../support/databases.js';

describe.each([...databaseServers])('LockoutTypeormModule on $name', (server) => {
  let database: TestDatabase;
  let opened: DataSource[];

  beforeEach(async () => {
    database = await server.create();
    opened = [];
  });
  afterEach(async () => {
    // An application that does not start leaves its connections open.
    await Promise.all(
      opened.filter(({ isInitialized }) => isInitialized).map((dataSource) => dataSource.destroy()),
    );
    await database.drop();
  });

  async function start(
    extra: Partial<TypeOrmModuleOptions>,
    imports: DynamicModule[] = [LockoutTypeormModule.forRoot()],
    name?: string,
  ): Promise<INestApplicationContext> {
    const root = TypeOrmModule.forRootAsync({
      ...(name !== undefined && { name }),
      useFactory: () => ({ ...database.options, ...extra, retryAttempts: 0 }) as TypeOrmModuleOptions,
      dataSourceFactory: async (options) => {
        if (!options) throw new Error('no options');
        const dataSource = await new DataSource(options).initialize();
        opened.push(dataSource);
        return dataSource;
      },
    });
    return (await Test.createTestingModule({ imports: [root, ...imports] }).compile()).init();
  }

  it('provides a store that is migrated and open', async () => {
    const app = await start({ entities: lockoutEntities(database.options.type) });
    const store = app.get(TypeormLockoutStore, { strict: false });
    const swap = contractSwap();
    expect(await store.compareAndSwap([swap], { now: (await store.load([])).now })).toEqual(new Set());
    expect((await store.load([swap.key])).records.get(swap.key)?.version).toBe(swap.version);
    await app.close();
    await expect(store.load([])).rejects.toThrow('not open');
  });

  it('does not start with a time in which no statement can be answered', async () => {
    const entities = lockoutEntities(database.options.type);
    const options = { statementTimeoutMs: 99 };
    for (const hasty of [
      LockoutTypeormModule.forRoot(options),
      LockoutTypeormModule.forRootAsync({ useFactory: () => options }),
    ])
      await expect(start({ entities }, [hasty])).rejects.toThrow(
        'statementTimeoutMs is 99, and has to be at least 100',
      );
  });

  it('does not start on the tables of an earlier release, and says what to run', async () => {
    const entities = lockoutEntities(database.options.type);
    const first = await new DataSource({ ...database.options, entities } as DataSourceOptions).initialize();
    opened.push(first);
    await migrateLockout(first);
    await first.query('DROP TABLE lockout_policy');
    const unmigrated = [LockoutTypeormModule.forRoot({ migrate: false })];
    await expect(start({ entities }, unmigrated)).rejects.toThrow(
      /lacks what the lockout store needs:\n {2}- .lockout_policy.: .*\n[^-]*run migrateLockout\(dataSource\)/,
    );
    await first.query('ALTER TABLE lockout_record DROP COLUMN replaces');
    await expect(start({ entities }, unmigrated)).rejects.toThrow(/- .lockout_record.: .*replaces/);
  });

  it('starts where synchronize made the tables', async () => {
    const app = await start({ entities: lockoutEntities(database.options.type), synchronize: true });
    expect((await app.get(TypeormLockoutStore, { strict: false }).load([])).records.size).toBe(0);
    await app.close();
  });

  it('takes entities that a feature registers, on a DataSource with a name', async () => {
    const name = `logins-on-${server.name}`;
    const app = await start(
      { autoLoadEntities: true },
      [
        TypeOrmModule.forFeature(lockoutEntities(database.options.type), name),
        LockoutTypeormModule.forRoot({ dataSource: name }),
      ],
      name,
    );
    expect((await app.get(TypeormLockoutStore, { strict: false }).load([])).records.size).toBe(0);
    await app.close();
  });

  it('takes its options from what the application provides, on a DataSource with a name', async () => {
    const name = `settings-on-${server.name}`;
    const settings = Symbol('settings');
    @Module({ providers: [{ provide: settings, useValue: { migrate: false } }], exports: [settings] })
    class SettingsModule {}
    const module = LockoutTypeormModule.forRootAsync({
      dataSource: name,
      imports: [SettingsModule],
      inject: [settings],
      useFactory: async ({ migrate }: { migrate: boolean }) => ({ migrate }),
    });
    const entities = lockoutEntities(database.options.type);
    await expect(start({ entities }, [module], name)).rejects.toThrow(/lockout_record/);
    const [untouched] = opened;
    if (untouched) await migrateLockout(untouched);
    const app = await start({ entities }, [module], name);
    expect((await app.get(TypeormLockoutStore, { strict: false }).load([])).records.size).toBe(0);
    await app.close();
  });

  it('leaves the schema alone when told to', async () => {
    const entities = lockoutEntities(database.options.type);
    await expect(start({ entities }, [LockoutTypeormModule.forRoot({ migrate: false })])).rejects.toThrow(
      /lockout_record/,
    );
    const [untouched] = opened;
    expect(untouched && (await migrateLockout(untouched))).toHaveLength(lockoutMigrations.length);
  });

  it('does not start without the entities, and says what to add', async () => {
    await expect(start({})).rejects.toThrow(`...lockoutEntities('${database.options.type}')`);
  });
});
