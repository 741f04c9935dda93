// A node of 0.4 beside one of this release: both write the same records and events, and only one of them knows deliveries.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import type { LockoutEvent } from 'nestjs-lockout';
import type { RedisLockoutStore } from 'nestjs-lockout/redis';
import { contractHash, contractSwap } from 'nestjs-lockout/testing';
import { describeEach } from '../support/databases.js';
import { openRedisBeside, redisServers } from '../support/redis-store.js';
import { EVENTS_04, FORGET_04, NAMES_04, SWAP_04, TRAIL_04 } from './redis-release-0-4.js';

const SINK = 'mail';
const failed = (failures: number): LockoutEvent => ({ type: 'failed', at: failures, failures });

describeEach(redisServers, 'a node of 0.4 on $name', (server) => {
  const name = (part: string): string => `${prefix}{0}:${part}`;
  let store: RedisLockoutStore;
  let admin: Redis;
  let prefix: string;
  let close: () => Promise<void>;

  beforeAll(async () => {
    ({ store, admin, prefix, close } = await openRedisBeside(server, 'releases'));
  });
  afterAll(() => close());

  const now = async (): Promise<number> => (await store.load([])).now;
  const listed = async (account: ReturnType<typeof contractHash>): Promise<number[]> =>
    (await store.list({ account, limit: 50 })).items.map(({ event }) =>
      'failures' in event ? event.failures : -1,
    );
  /** The record as it stands, swapped by 0.4 with the event of another; resolves the version that it has then. */
  const swapAs04 = async (key: string, event: Buffer): Promise<string> => {
    const stored = (await admin.hgetBuffer(name('records'), Buffer.from(key, 'hex'))) ?? Buffer.alloc(0);
    const version = randomBytes(8);
    const index = (from: number): string => String(stored.readBigInt64BE(from) - 1n);
    const keys = NAMES_04.map(name);
    const lost = await admin.eval(
      SWAP_04,
      keys.length,
      ...keys,
      ...[String(await now()), 'each', ''],
      ...[0, Buffer.from(key, 'hex'), stored.subarray(0, 8), Buffer.concat([version, stored.subarray(8)])],
      ...[index(16), index(24), index(8), 1, 'failed', event],
    );
    expect(lost).toEqual([]);
    return version.toString('hex');
  };
  const stream = async (): Promise<[Buffer, [Buffer, Buffer]][]> =>
    (await admin.callBuffer('XRANGE', name('events'), '-', '+')) as [Buffer, [Buffer, Buffer]][];

  it('goes on with what this release wrote, and this release with what it wrote', async () => {
    const accountHash = contractHash();
    const facts = { ...contractSwap().facts, accountHash };
    const first = contractSwap({ facts, events: [failed(1)], deliverTo: [[SINK]] });
    await store.compareAndSwap([first], { now: await now() });
    const [, [, event]] = (await stream())[0] ?? [null, [null, Buffer.alloc(0)]];
    const version = await swapAs04(first.key, event);
    expect((await store.load([first.key])).records.get(first.key)?.version).toBe(version);
    const next = contractSwap({
      key: first.key,
      expected: version,
      facts,
      events: [failed(2)],
      deliverTo: [[SINK]],
    });
    expect(await store.compareAndSwap([next], { now: await now() })).toEqual(new Set());
    expect(await listed(accountHash)).toEqual([2, 1, 1]);
    // What 0.4 recorded is for nobody; the rest is delivered in order.
    const token = 'a'.repeat(32);
    const claim = { sinks: [SINK], token, leaseMs: 60_000, limit: 9 };
    for (const number of [1, 2]) {
      const claimed = await store.claimDeliveries(claim);
      expect(claimed.map(({ event: { event } }) => event)).toEqual([failed(number)]);
      await store.finishDelivery(claimed[0]?.id ?? '', token);
    }
    expect(await store.claimDeliveries(claim)).toEqual([]);
  });

  it('lists and drains events of this release, erased ones and what is to be delivered too', async () => {
    const accountHash = contractHash();
    const facts = { ...contractSwap().facts, realm: 'listed', accountHash };
    const other = { ...contractSwap().facts, realm: 'listed', accountHash: contractHash() };
    const write = async (about: typeof facts, n: number): Promise<void> => {
      const swap = contractSwap({ facts: about, events: [failed(n)], deliverTo: [[SINK]] });
      expect(await store.compareAndSwap([swap], { now: await now() })).toEqual(new Set());
    };
    await write(facts, 1);
    await write(other, 2);
    await write(facts, 3);
    const answer = (await admin.eval(EVENTS_04, 1, name('events'), '9007199254740991', 50)) as string[];
    expect(answer.length).toBeGreaterThanOrEqual(6);
    const entry = {
      id: randomBytes(16).toString('hex'),
      key: '0'.repeat(64),
      event: { type: 'administered', at: 0, action: 'erase', by: 'ops', reason: 'why', count: 0 } as const,
      facts: contractSwap().facts,
    };
    const erasure = { realm: 'listed', accounts: [accountHash], label: null };
    expect((await store.eraseEvents(erasure, entry)).erased).toBe(2);
    await write(other, 4);
    const kind = Buffer.concat([Buffer.from('[a'), Buffer.from(other.accountHash, 'hex').subarray(0, 8)]);
    const from = Buffer.concat([kind, Buffer.from('9007199254740991')]);
    const found = (await admin.eval(TRAIL_04, 2, name('events'), name('trail'), from, kind, 9)) as unknown[];
    // The neighbour of an erased event left the stream with it: 0.4 passes it over, and takes no harm.
    expect(found.filter((_, n) => n % 2 === 1).map((row) => row === null)).toEqual([false, true]);
    for (const [id] of await stream()) {
      await admin.eval(FORGET_04, 2, name('events'), name('trail'), id.toString().split('-', 1)[0] ?? '', 0);
    }
    expect(await stream()).toEqual([]);
    const token = 'b'.repeat(32);
    const claimed = await store.claimDeliveries({ sinks: [SINK], token, leaseMs: 60_000, limit: 9 });
    expect(claimed.map(({ event: { event } }) => event)).toEqual([failed(2)]);
    await store.finishDelivery(claimed[0]?.id ?? '', token);
    const last = await store.claimDeliveries({ sinks: [SINK], token, leaseMs: 60_000, limit: 9 });
    expect(last.map(({ event: { event } }) => event)).toEqual([failed(4)]);
    const here = (await store.list({ realms: ['listed'], limit: 9 })).items;
    expect(here.map(({ event }) => event)).toEqual([failed(3), failed(2), failed(1)]);
    expect(await store.dropEvents(1_000, 100)).toBeGreaterThanOrEqual(3);
    expect((await store.list({ realms: ['listed'], limit: 9 })).items).toEqual([]);
  });
});
