import type { DataSourceOptions } from 'typeorm';
import type { RedisLockoutStore } from '../../redis/redis-lockout-store.js';
import type { TypeormLockoutStore } from '../../typeorm/typeorm-lockout-store.js';
import { EXIT } from '../terminal.js';
import { type DatabaseUrl, type TablesUrl, withoutPassword } from './database-url.js';
import { missingPackage, optionalPackage, packageIfThere } from './optional-package.js';
import type { StoreAccess } from './source-options.js';
import { SourceProblem, unreachable } from './source-problem.js';

/** A store that is open, and whatever has to be closed with it. */
export interface OpenedStore {
  readonly store: TypeormLockoutStore | RedisLockoutStore;
  /** What the store warned of. */
  readonly notes: readonly string[];
  readonly close: () => Promise<void>;
}

/** By TypeORM, the package of each kind of server. */
const DRIVERS = { mysql: 'mysql2', mariadb: 'mysql2', postgres: 'pg' } as const;

/**
 * Opens the store as it is: neither tables nor files nor keys are made.
 * Rejects with {@link SourceProblem}, or CommandProblem for a package that is missing.
 */
export async function openStore(access: StoreAccess): Promise<OpenedStore> {
  const { database } = access;
  try {
    return database.type === 'redis'
      ? await openRedis(access, database.url)
      : await openTables(access, database);
  } catch (error) {
    throw told(error, database);
  }
}

async function openTables(access: StoreAccess, database: TablesUrl): Promise<OpenedStore> {
  const { DataSource } = await optionalPackage('typeorm', () => import('typeorm'));
  const { lockoutEntities } = await import('../../typeorm/entities.js');
  const { TypeormLockoutStore } = await import('../../typeorm/typeorm-lockout-store.js');
  const { schema, timeoutMs } = access;
  const location = await locationOf(database, access);
  const where = schema === null ? {} : database.type === 'postgres' ? { schema } : { database: schema };
  const dataSource = new DataSource({
    ...location,
    ...(access.prefix === null ? {} : { entityPrefix: access.prefix }),
    entities: lockoutEntities(location.type, where),
    logging: false,
  } as DataSourceOptions);
  await dataSource.initialize();
  const store = new TypeormLockoutStore(dataSource, { statementTimeoutMs: timeoutMs });
  try {
    await store.init();
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
  return {
    store,
    notes: [],
    close: async () => {
      await store.close();
      await dataSource.destroy();
    },
  };
}

async function locationOf(database: TablesUrl, { timeoutMs }: StoreAccess): Promise<DataSourceOptions> {
  switch (database.type) {
    case 'sqlite': {
      // The same calls as better-sqlite3, which TypeORM looks for by itself.
      const libsql = await packageIfThere('libsql', () => import('libsql'));
      const driver = libsql === null ? {} : { driver: libsql.default };
      return { type: 'better-sqlite3', database: database.file, fileMustExist: true, ...driver };
    }
    case 'postgres':
      return { type: 'postgres', url: database.url, connectTimeoutMS: timeoutMs, poolSize: 2 };
    case 'mysql':
    case 'mariadb':
      return {
        type: database.type,
        url: database.url,
        connectTimeout: timeoutMs,
        poolSize: 2,
        // TypeORM 0.3 would take the older "mysql" where it is installed, which compares no names under TLS.
        ...{ connectorPackage: DRIVERS[database.type] },
        ...(database.tls && { ssl: database.tls }),
      };
    default:
      return database satisfies never;
  }
}

async function openRedis({ prefix, timeoutMs }: StoreAccess, url: string): Promise<OpenedStore> {
  const { Redis } = await optionalPackage('ioredis', () => import('ioredis'));
  const { RedisLockoutStore } = await import('../../redis/redis-lockout-store.js');
  const notes: string[] = [];
  // It is only asked how to connect.
  const client = new Redis(url, { lazyConnect: true, connectTimeout: timeoutMs });
  const store = new RedisLockoutStore(client, {
    existing: true,
    statementTimeoutMs: timeoutMs,
    onWarning: (message) => void notes.push(message),
    ...(prefix === null ? {} : { prefix }),
  });
  await store.init();
  return {
    store,
    notes,
    close: async () => {
      await store.close();
      client.disconnect();
    },
  };
}

/** Why it did not open, as the operator is told. */
function told(error: unknown, database: DatabaseUrl): unknown {
  if (!(error instanceof Error)) return error;
  if (error.name === 'DriverPackageNotInstalledError') {
    if (database.type === 'sqlite') return missingPackage('libsql', 'better-sqlite3');
    return database.type === 'redis' ? error : missingPackage(DRIVERS[database.type]);
  }
  const said = withoutPassword(error.message === '' ? causeText(error) : error.message, database);
  if (error.name === 'LockoutTypeormError' || error.name === 'LockoutRedisError')
    return new SourceProblem({ status: 500, title: 'Unfit', detail: said }, null, EXIT.strange, {
      cause: error,
    });
  if (error.name === 'CommandProblem') return error;
  return unreachable(`${database.shown} cannot be opened: ${said}`, null, error);
}

/** A refused connection to several addresses of one name has no message of its own. */
function causeText(error: Error): string {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return error.errors[0].message;
  return String(Reflect.get(error, 'code') ?? error.name);
}
