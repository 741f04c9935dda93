import { randomBytes } from 'node:crypto';
import { Cluster, Redis } from 'ioredis';
import { type RedisClient, RedisLockoutStore, type RedisLockoutStoreOptions } from 'nestjs-lockout/redis';
import { PATIENCE_MS } from './patience.js';

/** Where a suite works. */
export interface RedisCase {
  readonly url: string;
  /** Default: the store's own. */
  readonly shards?: number;
}

/** A client as an application would have it: of one server, or of a Cluster's nodes. */
export function connectRedis(urls: readonly string[]): RedisClient {
  const [url = ''] = urls;
  const client = urls.length > 1 ? new Cluster([...urls]) : new Redis(url);
  // An outage is what some tests are about.
  client.on('error', () => undefined);
  return client;
}

/** A store on a client of its own, which waits for a slow machine unless told otherwise; `close` ends both. */
export async function openRedisStore(
  urls: readonly string[],
  options: RedisLockoutStoreOptions = {},
): Promise<{ store: RedisLockoutStore; client: RedisClient; close: () => Promise<void> }> {
  const client = connectRedis(urls);
  const store = new RedisLockoutStore(client, {
    statementTimeoutMs: PATIENCE_MS,
    onWarning: () => undefined,
    ...options,
  });
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

/** A store under a prefix that no other suite has, and a client beside it that sees what the store keeps. */
export async function openRedisBeside(
  { url, shards }: RedisCase,
  what: string,
): Promise<{ store: RedisLockoutStore; admin: Redis; prefix: string; close: () => Promise<void> }> {
  const prefix = `${what}-${randomBytes(6).toString('hex')}:`;
  const options = { prefix, ...(shards !== undefined && { shards }) };
  const { store, close } = await openRedisStore([url], options);
  const admin = new Redis(url);
  return {
    store,
    admin,
    prefix,
    close: async () => {
      await close();
      admin.disconnect();
    },
  };
}

/** The server of this run, where `databases.setup.mjs` found one; for `describeEach`. */
export const redisServers: readonly { readonly name: 'Redis'; readonly url: string }[] = process.env[
  'LOCKOUT_TEST_REDIS_URL'
]
  ? [{ name: 'Redis', url: process.env['LOCKOUT_TEST_REDIS_URL'] }]
  : [];

/** The same, each account and record in one shard, and spread over several. */
export const redisShardings = redisServers.flatMap(({ url }) => [1, 8].map((shards) => ({ url, shards })));
