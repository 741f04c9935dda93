import {
  type DynamicModule,
  type FactoryProvider,
  Module,
  type ModuleMetadata,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { migrateLockout } from './migrate-lockout.js';
import { TypeormLockoutStore, type TypeormLockoutStoreOptions } from './typeorm-lockout-store.js';

export interface LockoutTypeormModuleOptions extends TypeormLockoutStoreOptions {
  /** Name of the DataSource, where the application has several. Default: the unnamed one. */
  readonly dataSource?: string;
  /**
   * Whether to bring the lockout tables up to date at start, see {@link migrateLockout}. Default `true`; `false` where
   * the application may not change its schema and runs `lockoutMigrations` beforehand.
   */
  readonly migrate?: boolean;
}

/** The same, from what an application provides; `dataSource` is said beside it, for Nest has to know it first. */
export interface LockoutTypeormModuleAsyncOptions
  extends Pick<ModuleMetadata, 'imports'>,
    Pick<LockoutTypeormModuleOptions, 'dataSource'> {
  readonly inject?: FactoryProvider['inject'];
  /** Told what `inject` names. */
  readonly useFactory: (
    ...dependencies: never[]
  ) =>
    | Omit<LockoutTypeormModuleOptions, 'dataSource'>
    | Promise<Omit<LockoutTypeormModuleOptions, 'dataSource'>>;
}

/**
 * Provides and exports {@link TypeormLockoutStore}, ready to use, on a DataSource of `@nestjs/typeorm`.
 *
 * The DataSource has {@link lockoutEntities} among its entities; otherwise the application does not start and the error
 * says what to add.
 */
@Module({})
export class LockoutTypeormModule implements OnApplicationShutdown {
  constructor(private readonly store: TypeormLockoutStore) {}

  static forRoot({ dataSource, ...options }: LockoutTypeormModuleOptions = {}): DynamicModule {
    return LockoutTypeormModule.forRootAsync({
      ...(dataSource !== undefined && { dataSource }),
      useFactory: () => options,
    });
  }

  static forRootAsync({
    dataSource: name,
    imports = [],
    inject = [],
    useFactory,
  }: LockoutTypeormModuleAsyncOptions): DynamicModule {
    return {
      module: LockoutTypeormModule,
      imports,
      providers: [
        {
          provide: TypeormLockoutStore,
          inject: [getDataSourceToken(name), ...inject],
          useFactory: async (
            dataSource: DataSource,
            ...dependencies: never[]
          ): Promise<TypeormLockoutStore> => opened(dataSource, await useFactory(...dependencies)),
        },
      ],
      exports: [TypeormLockoutStore],
    };
  }

  /** After the engine had its chance to settle what is open. */
  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
  }
}

async function opened(
  dataSource: DataSource,
  { migrate = true, ...options }: Omit<LockoutTypeormModuleOptions, 'dataSource'>,
): Promise<TypeormLockoutStore> {
  if (migrate) await migrateLockout(dataSource);
  const store = new TypeormLockoutStore(dataSource, options);
  await store.init();
  return store;
}
