export type { EventSink } from './event-retention.js';
export { LockoutRedisError } from './lockout-redis-error.js';
export {
  LockoutRedisModule,
  type LockoutRedisModuleAsyncOptions,
  type LockoutRedisModuleOptions,
} from './lockout-redis-module.js';
export type { RedisClient } from './redis-connection.js';
export { RedisLockoutStore, type RedisLockoutStoreOptions } from './redis-lockout-store.js';
