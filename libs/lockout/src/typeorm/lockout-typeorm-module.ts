import { type DynamicModule, Module, type OnApplicationShutdown } from '@nestjs/common';
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

/**
 * Provides and exports {@link TypeormLockoutStore}, ready to use, on a DataSource of `@nestjs/typeorm`.
 *
 * The DataSource has {@link lockoutEntities} among its entities; otherwise the application does not start and the error
 * says what to add.
 */
@Module({})
export class LockoutTypeormModule implements OnApplicationShutdown {
  constructor(private readonly store: TypeormLockoutStore) {}

  static forRoot(options: LockoutTypeormModuleOptions = {}): DynamicModule {
    const { dataSource: name, migrate = true, ...storeOptions } = options;
    return {
      module: LockoutTypeormModule,
      providers: [
        {
          provide: TypeormLockoutStore,
          inject: [getDataSourceToken(name)],
          useFactory: async (dataSource: DataSource): Promise<TypeormLockoutStore> => {
            if (migrate) await migrateLockout(dataSource);
            const store = new TypeormLockoutStore(dataSource, storeOptions);
            await store.init();
            return store;
          },
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
