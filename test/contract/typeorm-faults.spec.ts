import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { LockoutStore } from 'nestjs-lockout';
import { contractSwap } from 'nestjs-lockout/testing';
import { migrateLockout, type TypeormLockoutStore } from 'nestjs-lockout/typeorm';
import type { DataSource, DataSourceOptions } from 'typeorm';
import { describeEach, serversOf, type TestDatabase } from '../support/databases.js';
import { lockWaits } from '../support/lock-waits.js';
import { type StallingProxy, startStallingProxy } from '../support/stalling-proxy.js';
import { connect, openStore } from '../support/typeorm-store.js';

const TIMEOUT_MS = 400;
const hex = (digits: number): string => 'a'.repeat(digits);

const swapNow = async (store: LockoutStore, ...swaps: ReturnType<typeof contractSwap>[]) =>
  store.compareAndSwap(swaps, { now: (await store.load([])).now });

async function elapsed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** The same database, reached through another port. */
function through(port: number, options: DataSourceOptions): DataSourceOptions {
  const url = new URL((options as { url: string }).url);
  url.port = String(port);
  return { ...options, url: url.href } as DataSourceOptions;
}

// Pitfall 27: a store that fails must not let anyone in, and must say so in bounded time.
describeEach(serversOf('MariaDB', 'MySQL', 'PostgreSQL'), 'a failing $name', (server) => {
  let database: TestDatabase;
  let proxy: StallingProxy;
  let store: TypeormLockoutStore;
  let direct: DataSource;
  let close: () => Promise<void>;

  beforeEach(async () => {
    database = await server.create();
    direct = await connect(database.options);
    await migrateLockout(direct);
    proxy = await startStallingProxy(Number(new URL((database.options as { url: string }).url).port));
    ({ store, close } = await openStore(through(proxy.port, database.options), {
      statementTimeoutMs: TIMEOUT_MS,
    }));
  });
  afterEach(async () => {
    proxy.resume();
    await close();
    await direct.destroy();
    await proxy.close();
    await database.drop();
  });

  it('that hangs is a rejection within the statement timeout, for reads, swaps and transactions', async () => {
    const swap = contractSwap();
    const { now } = await store.load([swap.key]);
    await swapNow(store, swap);
    const target = { policy: 'account', brand: null };
    proxy.stall();
    const operations: (() => Promise<unknown>)[] = [
      () => store.load([swap.key]),
      () => store.compareAndSwap([contractSwap()], { now }),
      () => store.compareAndSwap([contractSwap({ events: [{ type: 'expired', at: 1 }] })], { now }),
      () => store.swapExclusively([swap.key], () => []),
      () => store.outlived(now, 10),
      () => store.policyCount(),
      () => store.savedPolicies(),
      () => store.savePolicy({ ...target, expected: 0, settings: {}, by: 'ops', reason: 'hangs' }),
      () => store.policyHistory(target, { limit: 1 }),
      () => store.announce({ id: 'node-1', label: 'host:1', policies: {} }, 0),
      () => store.nodes(0),
      () => store.claimAnswer({ id: hex(64), request: hex(64), token: hex(32) }, { claimMs: 1, keepMs: 1 }),
      () => store.keepAnswer(hex(64), hex(32), { status: 200, body: '' }),
      () => store.dropClaim(hex(64), hex(32)),
    ];
    for (const operation of operations) {
      const took = await elapsed(() =>
        expect(operation()).rejects.toMatchObject({ name: 'StoreError', fault: 'timeout' }),
      );
      expect(took).toBeLessThan(TIMEOUT_MS * 3);
    }
    proxy.resume();
    expect((await store.load([swap.key])).records.size).toBe(1);
  });

  it('whose connections break is a rejection, and the next operation works', async () => {
    const swap = contractSwap();
    await swapNow(store, swap);
    proxy.stall();
    const pending = store.load([swap.key]);
    proxy.cut();
    await expect(pending).rejects.toMatchObject({ name: 'StoreError' });
    proxy.resume();
    // Pools may still hold connections that have not noticed.
    let found = 0;
    for (let tries = 0; tries < 12 && found === 0; tries += 1) {
      found = await store.load([swap.key]).then(
        ({ records }) => records.size,
        () => 0,
      );
    }
    expect(found).toBe(1);
  });

  it('that holds one row stops only who wants that row', async () => {
    const [held, free] = [contractSwap(), contractSwap()];
    await swapNow(store, held, free);
    const runner = direct.createQueryRunner();
    await runner.startTransaction();
    const { path, key } = { path: 'lockout_record', key: direct.driver.escape('key') };
    await runner.query(
      `SELECT 1 FROM ${path} WHERE ${key} = ${server.name === 'PostgreSQL' ? '$1' : '?'} FOR UPDATE`,
      [Buffer.from(held.key, 'hex')],
    );
    const next = contractSwap({ key: held.key, expected: held.version });
    const outcome = await swapNow(store, next).then(
      (lost) => [...lost],
      (error: { fault: string }) => error.fault,
    );
    // Refused or told to try again; never won.
    expect([[held.key], 'timeout']).toContainEqual(outcome);
    expect(await swapNow(store, contractSwap({ key: free.key, expected: free.version }))).toEqual(new Set());
    expect((await store.load([held.key])).records.get(held.key)?.version).toBe(held.version);
    await runner.rollbackTransaction();
    await runner.release();
  });
});

// Pitfall 26: two writers in each other's way are a lost race, not a failure of the store.
describeEach(serversOf('MariaDB', 'MySQL'), 'a deadlock on $name', (server) => {
  it('is a lost swap', async () => {
    const database = await server.create();
    const direct = await connect(database.options);
    await migrateLockout(direct);
    const { store, close } = await openStore(database.options, { statementTimeoutMs: 4_000 });
    const swaps = Array.from({ length: 40 }, () => contractSwap()).sort((a, b) => (a.key < b.key ? -1 : 1));
    await swapNow(store, ...swaps);
    const runner = direct.createQueryRunner();
    await runner.startTransaction();
    // One by one: for many at once the server scans the table, and holds all of it.
    const touch = async (rows: typeof swaps): Promise<void> => {
      for (const { key } of rows) {
        await runner.query('UPDATE lockout_record SET failures = 7 WHERE `key` = ?', [
          Buffer.from(key, 'hex'),
        ]);
      }
    };
    // More rows than ours, so that ours is the one that the server gives up.
    await touch(swaps.slice(1));
    const start = performance.now();
    const [first, second] = swaps as [(typeof swaps)[0], (typeof swaps)[0]];
    const ours = swapNow(
      store,
      contractSwap({ key: first.key, expected: first.version, events: [{ type: 'expired', at: 1 }] }),
      contractSwap({ key: second.key, expected: second.version }),
    );
    await lockWaits(server, direct);
    await touch([first]);
    expect([...(await ours)].sort()).toEqual([first.key, second.key]);
    // Ended by the server's detector, not by waiting until the time was over.
    expect(performance.now() - start).toBeLessThan(2_500);
    await runner.rollbackTransaction();
    await runner.release();
    expect((await store.list({ limit: 1 })).items).toEqual([]);
    await close();
    await direct.destroy();
    await database.drop();
  });
});
