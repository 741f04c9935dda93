import type { Cluster, ClusterOptions, Redis, RedisOptions } from 'ioredis';
import { StoreError, type StoreFault } from '../store/store-error.js';
import { LockoutRedisError } from './lockout-redis-error.js';
import type { RedisScript } from './redis-script.js';

/** A client of ioredis. */
export type RedisClient = Redis | Cluster;

export type RedisArgument = string | number | Buffer;

/** Longest pause before a lost connection is tried again, ms. */
const MAX_RECONNECT_MS = 500;
/** A socket that owes answers and says nothing for so many times the limit of one statement is cut. */
const SILENT_LIMITS = 3;

/**
 * A connection of the store's own, made like the application's client: to the primary, and in nobody's transaction,
 * subscription or blocking command. Nothing is sent twice without our knowing it; each statement has a time limit.
 */
export class RedisConnection {
  readonly isCluster: boolean;
  private readonly client: RedisClient;
  /** Why the connection was last lost: what a failed statement says is only that there is none. */
  private trouble: Error | null = null;

  constructor(
    client: RedisClient,
    private readonly timeoutMs: number,
  ) {
    this.isCluster = client.isCluster;
    this.client = duplicate(client, timeoutMs);
    endTimersWithSockets(this.client);
    this.client.on('error', (error: Error) => {
      this.trouble = error;
    });
    this.client.on('ready', () => {
      this.trouble = null;
    });
    if (this.isCluster) {
      this.client.on('node error', (error: Error) => {
        this.trouble = error;
      });
    }
  }

  close(): void {
    this.client.disconnect();
  }

  /** A command whose first argument is its key, if it has one. Texts come as bytes. */
  call(command: string, ...args: RedisArgument[]): Promise<unknown> {
    return this.limited(() => this.client.callBuffer(command, ...args));
  }

  /** The same on every primary of a Cluster, or on the one server. */
  callEach(command: string, ...args: RedisArgument[]): Promise<unknown[]> {
    return this.limited(async () => {
      if (!this.isCluster) return [await this.client.callBuffer(command, ...args)];
      // Before a first command it knows no node.
      await this.client.callBuffer('ping');
      return Promise.all(
        (this.client as Cluster).nodes('master').map((node) => node.callBuffer(command, ...args)),
      );
    });
  }

  /** By its digest, and with its text where the server does not know it: after a restart, a failover, a flush. */
  run({ sha, text }: RedisScript, keys: readonly string[], args: readonly RedisArgument[]): Promise<unknown> {
    return this.limited(async () => {
      try {
        return await this.client.callBuffer('evalsha', sha, keys.length, ...keys, ...args);
      } catch (error) {
        if (!messageOf(error).startsWith('NOSCRIPT')) throw error;
        return this.client.callBuffer('eval', text, keys.length, ...keys, ...args);
      }
    });
  }

  private limited<T>(work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new StoreError('timeout', `The lockout store did not answer within ${this.timeoutMs} ms.`));
      }, this.timeoutMs);
      work()
        .then(resolve, (error: unknown) => reject(this.asStoreError(error)))
        .finally(() => clearTimeout(timer));
    });
  }

  private asStoreError(error: unknown): StoreError {
    const fault = faultOf(error);
    if (fault !== 'unreachable' || isAnswer(error) || !this.trouble) return StoreError.from(error, fault);
    return new StoreError(
      fault,
      `The lockout store failed: ${this.trouble.message || String(this.trouble)}`,
      {
        cause: error,
      },
    );
  }
}

function duplicate(client: RedisClient, timeoutMs: number): RedisClient {
  const retry = (times: number): number => Math.min(times * 50, MAX_RECONNECT_MS);
  const node: RedisOptions = {
    keyPrefix: '',
    connectionName: 'nestjs-lockout',
    readOnly: false,
    stringNumbers: false,
    // What was under way when the connection broke is answered at once: its outcome is unknown, and we look (R4).
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    enableAutoPipelining: false,
    enableOfflineQueue: true,
    lazyConnect: false,
    // A server that became a replica is left.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
    socketTimeout: SILENT_LIMITS * timeoutMs,
  };
  if (isCluster(client)) {
    const options: ClusterOptions = {
      keyPrefix: '',
      scaleReads: 'master',
      enableAutoPipelining: false,
      enableOfflineQueue: true,
      lazyConnect: false,
      clusterRetryStrategy: retry,
      redisOptions: { ...client.options.redisOptions, ...node },
    };
    return client.duplicate([], options);
  }
  return client.duplicate({ ...node, role: 'master', retryStrategy: retry });
}

/**
 * What ioredis 5 forgets (redis/ioredis#2147, mended in 6): the timer of a socket that closed while it owed an answer would
 * cut the next, healthy one, and keep a process alive that is done. A Cluster's connection of its own for its map of slots is
 * announced to nobody and keeps its timer.
 */
function endTimersWithSockets(client: RedisClient): void {
  const watch = (node: Redis): void => {
    const timed = node as unknown as { socketTimeoutTimer?: NodeJS.Timeout | undefined };
    node.on('close', () => {
      clearTimeout(timed.socketTimeoutTimer);
      timed.socketTimeoutTimer = undefined;
    });
  };
  if (isCluster(client)) client.on('+node', watch);
  else watch(client);
}

/** The prefix that the application's client puts before every key. Throws for what is no client of ioredis. */
export function keyPrefixOf(client: RedisClient): string {
  const given = client as Partial<RedisClient> | undefined;
  if (typeof given?.callBuffer !== 'function' || typeof given.duplicate !== 'function') {
    throw new LockoutRedisError(
      'The lockout store needs a client of ioredis: new RedisLockoutStore(new Redis(url)), or a Cluster of it.',
    );
  }
  const { keyPrefix } = client.options;
  return isCluster(client) ? (keyPrefix ?? client.options.redisOptions?.keyPrefix ?? '') : (keyPrefix ?? '');
}

function isCluster(client: RedisClient): client is Cluster {
  return client.isCluster;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether the server said it, rather than the connection. */
function isAnswer(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError';
}

function faultOf(error: unknown): StoreFault {
  if (!isAnswer(error)) return 'unreachable';
  const message = messageOf(error);
  if (message.startsWith('BUSY')) return 'timeout';
  // Everything else that has a word of its own (OOM, READONLY, LOADING, CLUSTERDOWN …) may be over in a moment.
  return /^(WRONGTYPE|ERR|EXECABORT|CROSSSLOT)/.test(message) ? 'data' : 'unreachable';
}
