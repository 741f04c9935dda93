import { createRequire } from 'node:module';

/**
 * @typedef {object} StoreConnection Crosses a process boundary as JSON.
 * @property {'mariadb' | 'postgres' | 'sqlite' | 'redis'} kind
 * @property {string} url of the server and database, or the file
 */

/** As many as an application has by default. */
const POOL = 10;

/** @param {StoreConnection} connection */
function dataSourceOptions({ kind, url }) {
  switch (kind) {
    case 'mariadb':
      return { type: 'mariadb', url, poolSize: POOL };
    case 'postgres':
      return { type: 'postgres', url, poolSize: POOL };
    case 'sqlite':
      return { type: 'better-sqlite3', database: url, driver: createRequire(import.meta.url)('libsql') };
    default:
      throw new Error(`no DataSource for ${kind}`);
  }
}

/**
 * Opens the real store.
 *
 * @param {StoreConnection} connection
 * @param {{ migrate?: boolean }} [options] `migrate`: makes the tables first
 * @returns {Promise<{ store: any, close: () => Promise<void> }>}
 */
export async function openStore(connection, { migrate = false } = {}) {
  if (connection.kind === 'redis') return openRedis(connection);
  const { DataSource } = await import('typeorm');
  const { lockoutEntities, migrateLockout, TypeormLockoutStore } = await import('nestjs-lockout/typeorm');
  const options = dataSourceOptions(connection);
  const dataSource = new DataSource({ ...options, entities: lockoutEntities(options.type) });
  const store = new TypeormLockoutStore(dataSource);
  const close = async () => {
    await store.close();
    if (dataSource.isInitialized) await dataSource.destroy();
  };
  try {
    await dataSource.initialize();
    if (migrate) await migrateLockout(dataSource);
    await store.init();
    return { store, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** @param {StoreConnection} connection */
async function openRedis({ url }) {
  const { Redis } = await import('ioredis');
  const { RedisLockoutStore } = await import('nestjs-lockout/redis');
  const redis = new Redis(url);
  // The store tells of it by failing; without a listener it would end the process.
  redis.on('error', () => {});
  const store = new RedisLockoutStore(redis);
  const close = async () => {
    await store.close();
    redis.disconnect();
  };
  try {
    await store.init();
    return { store, close };
  } catch (error) {
    await close();
    throw error;
  }
}
