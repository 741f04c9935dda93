import { integer } from '../store/codec.js';
import { ComposedStore, type StoreParts } from '../store/composed-store.js';
import type { EventSink } from './event-retention.js';
import { LockoutRedisError } from './lockout-redis-error.js';
import { FINGERPRINT } from './policy-scripts.js';
import { bytesOf } from './redis-answer.js';
import { RedisAnswers } from './redis-answers.js';
import { RedisAuditLog } from './redis-audit-log.js';
import { RedisChanges } from './redis-changes.js';
import { keyPrefixOf, type RedisClient, RedisConnection } from './redis-connection.js';
import { RedisDirectory } from './redis-directory.js';
import { RedisNodes } from './redis-nodes.js';
import { RedisOutbox } from './redis-outbox.js';
import { RedisPolicies } from './redis-policies.js';
import { RedisQuotas } from './redis-quotas.js';
import { RedisRecords } from './redis-records.js';
import { RedisUnlockLinks } from './redis-unlock-links.js';
import { checkServers, START_PATIENCE_MS } from './server-check.js';
import { Shards } from './shards.js';

/** Most shards: each is asked for every list. */
const MAX_SHARDS = 1024;
const CLUSTER_SHARDS = 64;

export interface RedisLockoutStoreOptions {
  /** Before the name of everything the store keeps, after the client's own `keyPrefix`. Default `lockout:`. */
  readonly prefix?: string;
  /**
   * How many parts the records are kept in, 1 to 1024; on a Cluster the most primaries that can share the work. Part of
   * where every record is: it is written down by the first node and cannot change while there are records. Default: as
   * written down; else 1, on a Cluster 64. Give 64 to a single server that is to become a Cluster.
   */
  readonly shards?: number;
  /** How long the server may take for one statement before it counts as not answering, ms ≥ 100. Default 1000. */
  readonly statementTimeoutMs?: number;
  /**
   * Only what is there already: where no node has begun, `init` throws {@link LockoutRedisError} and writes nothing, and
   * a server that cannot be reached is not waited for. For tools beside the application. Default `false`.
   */
  readonly existing?: boolean;
  /** Told at start of what weakens a promise without breaking it. Default: a warning of the process. */
  readonly onWarning?: (message: string) => void;
  /** Epoch ms; replaces the server's clock. For tests: with several processes only the server has one clock. */
  readonly clock?: () => number;
}

interface Opened extends StoreParts {
  readonly connection: RedisConnection;
  readonly meta: string;
  readonly audit: RedisAuditLog;
}

/**
 * The store on Redis 6.2 or later: one server, one behind Sentinel, or a Cluster. It opens a connection of its own, made
 * like the client that it is given.
 *
 * A swap, its events and what finds it again are one script in one slot, decided by the server's clock. What Redis does
 * not promise, no store on it can: see docs/guide/redis.md before you choose it.
 *
 * Every method rejects with {@link StoreError} when the server cannot answer.
 */
export class RedisLockoutStore extends ComposedStore<Opened> {
  /** @param client Of ioredis. It is only asked how to connect, and stays as it is. */
  constructor(
    private readonly client: RedisClient,
    private readonly options: RedisLockoutStoreOptions = {},
  ) {
    super(options.clock);
  }

  /**
   * Connects, and checks the server. Waits up to ten seconds for one that cannot be reached. Throws
   * {@link LockoutRedisError} that says what to change. Calling it again does nothing.
   */
  async init(): Promise<void> {
    if (this.opened) return;
    const { statementTimeoutMs = 1000, clock, onWarning = warnProcess } = this.options;
    const prefix = prefixOf(this.client, this.options);
    const connection = new RedisConnection(this.client, statementTimeoutMs);
    try {
      // Whoever looks at a store that exists is told at once that it is away.
      await checkServers(connection, this.options.existing ? 0 : START_PATIENCE_MS, onWarning);
      const meta = `${prefix}{meta}`;
      if (this.options.existing) await assertBegun(connection, meta);
      const count = await agreeOnShards(connection, meta, this.options.shards);
      const shards = new Shards(prefix, count, connection.isCluster);
      const records = new RedisRecords(connection, shards, { clock, statementTimeoutMs });
      const changes = new RedisChanges(connection, shards, records, clock);
      this.opened = {
        connection,
        meta,
        records,
        directory: new RedisDirectory(connection, shards),
        audit: new RedisAuditLog(connection, shards, changes, clock !== undefined),
        policies: new RedisPolicies(connection, records, shards),
        nodes: new RedisNodes(connection, clock, prefix),
        answers: new RedisAnswers(connection, clock, prefix),
        outbox: new RedisOutbox(connection, shards, changes, clock),
        quotas: new RedisQuotas(connection, clock, prefix),
        unlockLinks: new RedisUnlockLinks(connection, clock, prefix),
      };
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  /** Closes the store's own connection; the application's client stays open. */
  async close(): Promise<void> {
    const opened = this.opened;
    this.opened = undefined;
    opened?.connection.close();
  }

  /**
   * Checks that this node hashes keys with the secrets the other nodes use (R21): the first leaves its fingerprint, and
   * while secrets rotate a node that knows the stored one puts its current one in its place.
   *
   * @param fingerprints Of the current secret first, then of the previous ones; never the secrets themselves.
   * Throws {@link LockoutRedisError} when the stored fingerprint is none of them.
   */
  async assertFingerprints(fingerprints: readonly string[]): Promise<void> {
    if (fingerprints.length === 0)
      throw new LockoutRedisError('assertFingerprints needs at least one fingerprint.');
    const { connection, meta } = this.ready();
    if ((await connection.run(FINGERPRINT, [meta], fingerprints)) === 1) return;
    throw new LockoutRedisError(
      'The lockout records in this Redis were made with a secret that this node does not have. ' +
        'Give every node the same secrets; while rotating, keep the old one: secrets: [current, previous].',
    );
  }

  /** The fingerprint of the secret that the nodes use; null: none has started yet. Unlike the check it leaves no trace. */
  async storedFingerprint(): Promise<string | null> {
    const { connection, meta } = this.ready();
    const stored = await connection.call('hget', meta, 'secret-fingerprint');
    return stored === null ? null : String(bytesOf(stored));
  }

  /**
   * Moves recorded events out of memory: hands the oldest ones of each shard to `sink`, and forgets them once it has
   * resolved. An event may come more than once, always under the same `id`; it is gone from `list` afterwards. What is
   * still to be delivered to a sink of the application, or could not be, stays until it is delivered or dropped.
   *
   * @param limit Events a shard and call, ≥ 1. Default 500.
   * @returns How many there were; call again until it is 0. Rejects with what `sink` threw.
   */
  async drainEvents(sink: EventSink, limit = 500): Promise<number> {
    return this.ready().audit.drain(sink, limit);
  }
}

function prefixOf(
  client: RedisClient,
  { prefix = 'lockout:', shards, statementTimeoutMs }: RedisLockoutStoreOptions,
) {
  const whole = keyPrefixOf(client) + prefix;
  const problems: string[] = [];
  if (/[{}]/.test(whole))
    problems.push(
      `the keys' prefix ${JSON.stringify(whole)} has braces, in which Redis Cluster looks for the slot`,
    );
  if (shards !== undefined && !(Number.isInteger(shards) && shards >= 1 && shards <= MAX_SHARDS))
    problems.push(`shards is ${shards}, and has to be a whole number from 1 to ${MAX_SHARDS}`);
  if (statementTimeoutMs !== undefined && !(statementTimeoutMs >= 100))
    problems.push(`statementTimeoutMs is ${statementTimeoutMs}, and has to be at least 100`);
  if (problems.length === 0) return whole;
  throw new LockoutRedisError(`The lockout store cannot start: ${problems.join('; ')}.`);
}

async function assertBegun(connection: RedisConnection, meta: string): Promise<void> {
  if ((await connection.call('exists', meta)) === 1) return;
  throw new LockoutRedisError(
    `No lockout store has begun in this Redis (there is no key ${meta}): is it the right server, database and prefix?`,
  );
}

/** The first node writes down how many shards there are. */
async function agreeOnShards(
  connection: RedisConnection,
  meta: string,
  wanted: number | undefined,
): Promise<number> {
  const first = wanted ?? (connection.isCluster ? CLUSTER_SHARDS : 1);
  await connection.call('hsetnx', meta, 'shards', first);
  const stored = integer('shards', String(bytesOf(await connection.call('hget', meta, 'shards'))));
  if (wanted === undefined || wanted === stored) return stored;
  throw new LockoutRedisError(
    `The lockout records in this Redis are kept in ${stored} shards, not ${wanted}: with another number no lock would be ` +
      `found. Give shards: ${stored}, or leave it out, or begin anew under another prefix.`,
  );
}

function warnProcess(message: string): void {
  process.emitWarning(message, 'LockoutWarning');
}
