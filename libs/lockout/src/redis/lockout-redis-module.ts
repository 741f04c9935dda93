import {
  type DynamicModule,
  type FactoryProvider,
  Logger,
  Module,
  type ModuleMetadata,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { RedisClient } from './redis-connection.js';
import { RedisLockoutStore, type RedisLockoutStoreOptions } from './redis-lockout-store.js';

export interface LockoutRedisModuleOptions extends RedisLockoutStoreOptions {
  /** A client of ioredis: `new Redis(url)` or `new Cluster(nodes)`. The store connects as it does, by itself. */
  readonly client: RedisClient;
}

export interface LockoutRedisModuleAsyncOptions extends Pick<ModuleMetadata, 'imports'> {
  readonly inject?: FactoryProvider['inject'];
  /** Told what `inject` names. */
  readonly useFactory: (
    ...dependencies: never[]
  ) => LockoutRedisModuleOptions | Promise<LockoutRedisModuleOptions>;
}

/**
 * Provides and exports {@link RedisLockoutStore}, ready to use. If the server may drop locks, is a replica or is too old,
 * the application does not start and the error says what to change.
 */
@Module({})
export class LockoutRedisModule implements OnApplicationShutdown {
  constructor(private readonly store: RedisLockoutStore) {}

  static forRoot(options: LockoutRedisModuleOptions): DynamicModule {
    return LockoutRedisModule.forRootAsync({ useFactory: () => options });
  }

  static forRootAsync({
    imports = [],
    inject = [],
    useFactory,
  }: LockoutRedisModuleAsyncOptions): DynamicModule {
    return {
      module: LockoutRedisModule,
      imports,
      providers: [
        {
          provide: RedisLockoutStore,
          inject,
          useFactory: async (...dependencies: never[]): Promise<RedisLockoutStore> =>
            opened(await useFactory(...dependencies)),
        },
      ],
      exports: [RedisLockoutStore],
    };
  }

  /** After the engine had its chance to settle what is open. */
  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
  }
}

async function opened({ client, ...options }: LockoutRedisModuleOptions): Promise<RedisLockoutStore> {
  const logger = new Logger('Lockout');
  const store = new RedisLockoutStore(client, { onWarning: (message) => logger.warn(message), ...options });
  await store.init();
  return store;
}
