import { Cluster, Redis } from 'ioredis';
import { type RedisClient, RedisLockoutStore, type RedisLockoutStoreOptions } from 'nestjs-lockout/redis';

/** A client as an application would have it: of one server, or of a Cluster's nodes. */
export function connectRedis(urls: readonly string[]): RedisClient {
  const [url = ''] = urls;
  const client = urls.length > 1 ? new Cluster([...urls]) : new Redis(url);
  // An outage is what some tests are about.
  client.on('error', () => undefined);
  return client;
}

/** A store on a client of its own; `close` ends both. */
export async function openRedisStore(
  urls: readonly string[],
  options: RedisLockoutStoreOptions = {},
): Promise<{ store: RedisLockoutStore; client: RedisClient; close: () => Promise<void> }> {
  const client = connectRedis(urls);
  const store = new RedisLockoutStore(client, { onWarning: () => undefined, ...options });
  try {
    await store.init();
  } catch (error) {
    client.disconnect();
    throw error;
  }
  return {
    store,
    client,
    close: async () => {
      await store.close();
      client.disconnect();
    },
  };
}

/** The server of this run, where `databases.setup.mjs` found one; for `describeEach`. */
export const redisServers: readonly { readonly name: 'Redis'; readonly url: string }[] = process.env[
  'LOCKOUT_TEST_REDIS_URL'
]
  ? [{ name: 'Redis', url: process.env['LOCKOUT_TEST_REDIS_URL'] }]
  : [];
