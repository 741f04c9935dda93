import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import type { AuditEntry, SubjectHash } from 'nestjs-lockout';
import { LockoutRedisError, RedisLockoutStore, type RedisLockoutStoreOptions } from 'nestjs-lockout/redis';
import { contractHash, contractKey, contractSwap } from 'nestjs-lockout/testing';
import { describeEach } from '../support/databases.js';
import { openRedisStore, redisServers } from '../support/redis-store.js';
import { startRedis } from '../support/servers/redis.mjs';

const freshPrefix = (): string => `start-${randomBytes(6).toString('hex')}:`;

/** Listens where a server was, and leaves once it has turned somebody away. */
async function turnOneAway(port: number): Promise<void> {
  const stand = createServer((socket) => {
    socket.destroy();
    stand.close();
  }).listen(port, '127.0.0.1');
  await once(stand, 'close');
}

const administered = (): AuditEntry => ({
  id: randomBytes(16).toString('hex'),
  key: '0'.repeat(64),
  event: { type: 'administered', at: 0, action: 'erase', by: 'ops', reason: 'why', count: 0 },
  facts: contractSwap().facts,
  deliverTo: ['log'],
});

/** Deliveries of two events to `mail`, and what else a store keeps. */
async function useEverythingElse(store: RedisLockoutStore, account: SubjectHash): Promise<void> {
  const token = 'c'.repeat(32);
  const next = async (): Promise<string> => {
    const [claimed] = await store.claimDeliveries({ sinks: ['mail'], token, leaseMs: 1_000, limit: 1 });
    return claimed?.id ?? '';
  };
  expect(await store.deferDelivery(await next(), token, { inMs: 0, problem: 'away' })).toBe(true);
  const dead = await next();
  expect(await store.buryDelivery(dead, token, 'no')).toBe(true);
  expect(await store.finishDelivery(await next(), token)).toBe(true);
  expect((await store.deliveries({ state: 'dead', limit: 9 })).items).toHaveLength(1);
  expect(await store.outboxState()).toHaveLength(1);
  expect(await store.retryDeliveries([dead], administered())).toBe(1);
  await store.buryDelivery(await next(), token, 'no');
  expect(await store.dropDeliveries([dead], administered())).toBe(1);
  const erasure = { realm: 'contract', accounts: [account], label: 'alice' };
  expect((await store.eraseEvents(erasure, administered())).erased).toBe(2);
  expect(await store.dropEvents(10, 9)).toBe(2);
  expect(await store.takeQuota('d'.repeat(64), 2, 60_000)).toBe(true);
  expect(await store.takeQuota('d'.repeat(64), 2, 60_000)).toBe(true);
  await store.returnQuota('d'.repeat(64));
  expect(await store.quotaTaken('d'.repeat(64))).toBe(1);
  const { now } = await store.load([]);
  const link = { digest: 'e'.repeat(64), key: contractKey(), since: 1, realm: 'r', accountHash: account };
  await store.saveUnlockLink({ ...link, expiresAt: now + 60_000 });
  expect(await store.findUnlockLink(link.digest)).not.toBeNull();
  expect(await store.dropUnlockLink(link.digest)).toBe(true);
}

describe('what is wrong with the options of a Redis store', () => {
  const client = new Redis({ lazyConnect: true });
  const refused: readonly (readonly [string, unknown, RedisLockoutStoreOptions, string])[] = [
    ['no client', undefined, {}, 'needs a client of ioredis'],
    ['a client of another library', { duplicate: () => null, connect: () => null }, {}, 'needs a client of'],
    ['braces in the prefix', client, { prefix: '{logins}:' }, '"{logins}:" has braces'],
    [
      "braces in the client's own prefix",
      new Redis({ lazyConnect: true, keyPrefix: '{app}' }),
      {},
      '"{app}lockout:" has braces',
    ],
    ['no shards', client, { shards: 0 }, 'from 1 to 1024'],
    ['too many shards', client, { shards: 1025 }, 'from 1 to 1024'],
    ['half a shard', client, { shards: 1.5 }, 'from 1 to 1024'],
    ['too short a limit', client, { statementTimeoutMs: 99 }, 'at least 100'],
  ];

  it.each(refused)('%s: the error says so, and nothing is connected', async (_, given, options, message) => {
    const store = new RedisLockoutStore(given as Redis, options);
    const failed = await store.init().catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(LockoutRedisError);
    expect((failed as Error).message).toContain(message);
    await expect(store.load([])).rejects.toThrow('not open');
  });
});

describeEach(redisServers, 'starting on $name', ({ url }) => {
  /** Starts on a server of its own, and returns what was warned of. */
  async function startOn(options: Parameters<typeof startRedis>[0]): Promise<string[]> {
    const server = await startRedis(options);
    const warnings: string[] = [];
    try {
      const { close } = await openRedisStore([server.url], {
        onWarning: (message) => warnings.push(message),
      });
      await close();
    } finally {
      await server.stop();
    }
    return warnings;
  }

  it.each(['allkeys-lru', 'allkeys-lfu', 'allkeys-random'])(
    'P2 refuses a server that may evict locks: %s',
    async (policy) => {
      const failed = await startOn({ settings: { 'maxmemory-policy': policy } }).catch(
        (error: unknown) => error,
      );
      expect(failed).toBeInstanceOf(LockoutRedisError);
      expect((failed as Error).message).toMatch(`maxmemory-policy is ${policy}`);
      expect((failed as Error).message).toMatch('Set maxmemory-policy noeviction');
    },
  );

  it.each(['noeviction', 'volatile-lru', 'volatile-random'])(
    'takes a server that leaves keys without an expiry alone: %s',
    async (policy) => {
      expect(await startOn({ durable: true, settings: { 'maxmemory-policy': policy } })).toEqual([]);
    },
  );

  it('warns of a server that forgets when it restarts', async () => {
    expect(await startOn({ durable: false })).toEqual([expect.stringMatching('no append-only file')]);
  });

  it('refuses a replica (pitfall 31)', async () => {
    const { port } = new URL(url);
    await expect(startOn({ settings: { replicaof: `127.0.0.1 ${port}` } })).rejects.toThrow(
      'It is a replica. Give the store the primary',
    );
  });

  it('waits for a server that starts together with it', async () => {
    const server = await startRedis({ durable: true });
    await server.kill();
    const opening = openRedisStore([server.url]);
    // The store has really tried before.
    await Promise.race([turnOneAway(Number(new URL(server.url).port)), opening]);
    await server.restart();
    const { store, close } = await opening;
    expect((await store.load([])).records.size).toBe(0);
    await close();
    await server.stop();
  });

  it('starts where it may not look at the server, and says what to look at', async () => {
    const server = await startRedis();
    const admin = new Redis(server.url);
    await admin.call('ACL', 'SETUSER', 'app', 'on', '>secret', '~app:*', '+@all', '-@dangerous', '-@admin');
    const client = new Redis(server.url, { username: 'app', password: 'secret', enableReadyCheck: false });
    const warnings: string[] = [];
    const store = new RedisLockoutStore(client, {
      prefix: 'app:lockout:',
      onWarning: (message) => warnings.push(message),
    });
    await store.init();
    expect(warnings).toEqual([expect.stringMatching(/may not run INFO.*maxmemory-policy/)]);
    const swap = contractSwap();
    expect(await store.compareAndSwap([swap], { now: (await store.load([])).now })).toEqual(new Set());
    await store.close();
    client.disconnect();
    admin.disconnect();
    await server.stop();
  });

  it('needs no more rights than the guide grants', async () => {
    const guide = readFileSync(join(import.meta.dirname, '../../docs/guide/redis.md'), 'utf8');
    const rights = /ACL SETUSER lockout on >… ([\s\S]*?)```/.exec(guide)?.[1]?.trim().split(/\s+/) ?? [];
    expect(rights.length).toBeGreaterThan(20);
    const server = await startRedis({ durable: true });
    const admin = new Redis(server.url);
    await admin.call('ACL', 'SETUSER', 'lockout', 'on', '>secret', ...rights);
    const location = new URL(server.url);
    location.username = 'lockout';
    location.password = 'secret';
    const warnings: string[] = [];
    const { store, close } = await openRedisStore([location.href], {
      onWarning: (text) => warnings.push(text),
    });
    expect(warnings).toEqual([]);
    await store.assertFingerprints(['one']);
    const facts = { ...contractSwap().facts, accountHash: contractHash() };
    const events = [1, 2, 3].map((at) => ({ type: 'expired', at }) as const);
    const swap = contractSwap({ facts, keepUntil: 1, events, deliverTo: [['mail'], ['mail'], []] });
    await store.compareAndSwap([swap], { now: (await store.load([])).now });
    await store.swapExclusively([swap.key], () => [contractSwap({ key: swap.key, expected: swap.version })]);
    const page = { limit: 10, now: 1, sort: 'until', of: 'account' } as const;
    for (const state of ['locked', 'any'] as const) await store.find({ ...page, state });
    await store.ofAccount(facts.accountHash);
    await store.endedLocks(Date.now(), 10);
    expect((await store.list({ limit: 10, account: facts.accountHash })).items).toHaveLength(3);
    expect((await store.list({ limit: 10 })).items).toHaveLength(3);
    expect(await store.drainEvents(async () => undefined)).toBe(1);
    await useEverythingElse(store, facts.accountHash);
    const outlived = await store.outlived(Date.now(), 10);
    expect(await store.prune(outlived)).toBe(outlived.length);
    const target = { policy: 'account', brand: null };
    const save = { ...target, settings: {}, by: 'me', reason: 'why', expected: 0 };
    await store.savePolicy(save, administered());
    expect((await store.savedPolicies()).count).toBe(await store.policyCount());
    expect((await store.policyHistory(target, { limit: 2 })).items).toHaveLength(1);
    const refusals = { from: 0, sliceMs: 1, realms: { default: [1] } };
    expect(await store.announce({ id: 'me', label: 'host:1', policies: {}, refusals }, 1000)).toHaveLength(1);
    expect(await store.nodes(1000)).toHaveLength(1);
    const claim = { id: 'a'.repeat(64), request: 'b'.repeat(64), token: 'c'.repeat(32) };
    const lives = { claimMs: 1_000, keepMs: 1_000 };
    expect(await store.claimAnswer(claim, lives)).toEqual({ state: 'claimed' });
    await store.dropClaim(claim.id, claim.token);
    expect(await store.claimAnswer(claim, lives)).toEqual({ state: 'claimed' });
    await store.keepAnswer(claim.id, claim.token, { status: 200, body: '' });
    expect(await admin.pttl(`lockout:{${claim.id}}:answer`)).toBeGreaterThan(0);
    await close();
    admin.disconnect();
    await server.stop();
  });

  it("keeps everything under its prefix, behind the client's own", async () => {
    const prefix = freshPrefix();
    const client = new Redis(url, { keyPrefix: 'app:' });
    const store = new RedisLockoutStore(client, { prefix, onWarning: () => undefined });
    await store.init();
    const swap = contractSwap({ events: [{ type: 'expired', at: 1 }], deliverTo: [['mail']] });
    await store.compareAndSwap([swap], { now: (await store.load([])).now });
    await store.takeQuota('b'.repeat(64), 1, 60_000);
    const refusals = { from: 0, sliceMs: 1, realms: {} };
    await store.announce({ id: 'me', label: 'host:1', policies: {}, refusals }, 1000);
    const claim = { id: 'a'.repeat(64), request: 'b'.repeat(64), token: 'c'.repeat(32) };
    await store.claimAnswer(claim, { claimMs: 60_000, keepMs: 60_000 });
    const save = { policy: 'a', brand: null, settings: {}, by: 'me', reason: 'why', expected: 0 };
    await store.savePolicy(save, administered());
    const plain = new Redis(url);
    const names = await plain.keys(`*${prefix}*`);
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) expect(name).toMatch(new RegExp(`^app:${prefix}\\{\\w+\\}(:|$)`));
    expect((await store.list({ limit: 10 })).items).toHaveLength(2);
    await store.close();
    client.disconnect();
    plain.disconnect();
  });

  it('leaves the client alone: its transactions and its closing are its own (pitfall 32)', async () => {
    const { store, client, close } = await openRedisStore([url], { prefix: freshPrefix() });
    const swap = contractSwap();
    await (client as Redis).multi({ pipeline: false });
    expect(await store.compareAndSwap([swap], { now: (await store.load([])).now })).toEqual(new Set());
    await client.call('DISCARD');
    client.disconnect();
    expect((await store.load([swap.key])).records.size).toBe(1);
    await close();
    await expect(store.load([])).rejects.toThrow('not open');
  });

  it('never starts with another number of shards than its records were written with (P2)', async () => {
    const prefix = freshPrefix();
    const first = await openRedisStore([url], { prefix, shards: 16 });
    await expect(openRedisStore([url], { prefix, shards: 64 })).rejects.toThrow(
      /kept in 16 shards, not 64.*Give shards: 16/,
    );
    const adopting = await openRedisStore([url], { prefix });
    const swap = contractSwap();
    await adopting.store.compareAndSwap([swap], { now: (await adopting.store.load([])).now });
    expect((await first.store.load([swap.key])).records.size).toBe(1);
    await first.close();
    await adopting.close();
  });

  it('R21 refuses a node that has other secrets, and follows a rotation', async () => {
    const { store, close } = await openRedisStore([url], { prefix: freshPrefix() });
    await store.assertFingerprints(['one']);
    await store.assertFingerprints(['one', 'nought']);
    await expect(store.assertFingerprints(['two'])).rejects.toThrow(LockoutRedisError);
    await store.assertFingerprints(['two', 'one']);
    await expect(store.assertFingerprints(['one'])).rejects.toThrow('secrets: [current, previous]');
    await store.assertFingerprints(['one', 'two']);
    await expect(store.assertFingerprints([])).rejects.toThrow('at least one');
    await close();
  });
});
