// Pitfall 31: reads and writes go to the primary, also while a replica answers faster, and also after an outage.
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { contractSwap } from 'nestjs-lockout/testing';
import { migrateLockout, type TypeormLockoutStore } from 'nestjs-lockout/typeorm';
import type { DataSourceOptions } from 'typeorm';
import { describeEach, serversOf, type TestDatabase } from '../support/databases.js';
import { SeverableLink } from '../support/severable-link.js';
import { connect, openStore } from '../support/typeorm-store.js';

const PATIENCE_MS = 5_000;

describeEach(serversOf('MariaDB', 'MySQL'), 'a primary with a replica on $name', (server) => {
  let primary: TestDatabase;
  let replica: TestDatabase;
  let link: SeverableLink;

  beforeEach(async () => {
    [primary, replica] = [await server.create(), await server.create()];
    for (const { options } of [primary, replica]) {
      const dataSource = await connect(options);
      await migrateLockout(dataSource);
      await dataSource.destroy();
    }
    link = await SeverableLink.to('127.0.0.1', Number(urlOf(primary).port));
  });
  afterEach(async () => {
    await link.close();
    await primary.drop();
    await replica.drop();
  });

  const urlOf = ({ options }: TestDatabase): URL => new URL((options as { url: string }).url);

  /** As docs/guide/databases.md has it. */
  const replicated = (settings: Record<string, unknown>): DataSourceOptions => {
    const url = urlOf(primary);
    url.port = String(link.port);
    return {
      type: primary.options.type,
      replication: {
        master: { url: url.href, database: primary.options.database },
        slaves: [{ url: urlOf(replica).href, database: replica.options.database }],
        ...settings,
      },
    } as DataSourceOptions;
  };

  const versionIn = async (
    store: TypeormLockoutStore,
    { key }: { key: ReturnType<typeof contractSwap>['key'] },
  ) => (await store.load([key])).records.get(key)?.version;

  it('asks the primary for everything, though the replica has a record of the same key', async () => {
    const ours = contractSwap();
    const stale = contractSwap({ key: ours.key });
    const lagging = await openStore(replica.options);
    await lagging.store.compareAndSwap([stale], { now: (await lagging.store.load([])).now });
    const { store, close } = await openStore(replicated({ defaultMode: 'slave' }));
    const { now } = await store.load([]);
    expect(await versionIn(store, ours)).toBeUndefined();
    expect(await store.compareAndSwap([ours], { now })).toEqual(new Set());
    for (let n = 0; n < 5; n += 1) expect(await versionIn(store, ours)).toBe(ours.version);
    expect((await store.outlived(Number.MAX_SAFE_INTEGER, 10)).map(({ version }) => version)).toEqual([
      ours.version,
    ]);
    expect(
      await store.swapExclusively([ours.key], ({ records }) => {
        expect(records.get(ours.key)?.version).toBe(ours.version);
        return [];
      }),
    ).toEqual(new Set());
    expect(await versionIn(lagging.store, ours)).toBe(stale.version);
    await close();
    await lagging.close();
  });

  it('is back when the primary is, with restoreNodeTimeout, and never asks the replica meanwhile', async () => {
    const { store, close } = await openStore(replicated({ restoreNodeTimeout: 200 }), {
      statementTimeoutMs: 400,
    });
    const swap = contractSwap();
    await store.compareAndSwap([swap], { now: (await store.load([])).now });
    link.sever();
    for (let n = 0; n < 8; n += 1) await expect(store.load([swap.key])).rejects.toThrow();
    link.mend();
    const end = performance.now() + PATIENCE_MS;
    let version: string | undefined;
    while (version === undefined && performance.now() < end) {
      version = await versionIn(store, swap).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(version).toBe(swap.version);
    await close();
  });
});
