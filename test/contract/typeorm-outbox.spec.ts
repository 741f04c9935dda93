import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { contractHash, contractSwap, outboxContract } from 'nestjs-lockout/testing';
import type { TypeormLockoutStore } from 'nestjs-lockout/typeorm';
import type { DataSource } from 'typeorm';
import { type ClientPair, monthByMonth, openPair } from '../support/client-pair.js';
import { describeEach, serversOf, type TestDatabase } from '../support/databases.js';
import { lockWaits } from '../support/lock-waits.js';
import { dialectOf } from '../support/statement-plan.mjs';
import { describeVariants, type StoreVariant } from '../support/store-variants.js';
import { connect, migratedDatabase, openBeside, openStore, rowsIn } from '../support/typeorm-store.js';

interface Variant extends StoreVariant {
  /** As servers that know no SKIP LOCKED. */
  readonly waits?: true;
}

const ALL = ['SQLite', 'MariaDB', 'MySQL', 'PostgreSQL'] as const;

const VARIANTS: readonly Variant[] = [
  { name: 'as it comes', of: ALL },
  {
    name: 'FOUND_ROWS unset, nothing passed over',
    of: ['MariaDB', 'MySQL'],
    dataSource: { flags: ['-FOUND_ROWS'] },
    waits: true,
  },
];

const LEASE_MS = 30_000;

describeVariants(VARIANTS, (server, variant, name) => {
  let database: TestDatabase;

  let pair: ClientPair<TypeormLockoutStore> | undefined;

  /** Two clients, as two processes would have, by a clock of the test's own. All laws share them. */
  const open = async (clock: () => number) => {
    pair ??= await openPair(async () => {
      const opened = await openStore(database.options, { clock }, variant.dataSource);
      if (variant.waits) dialectOf(opened.store).holding = ' FOR UPDATE';
      return opened;
    });
    return { ...pair, close: async () => undefined };
  };

  beforeAll(async () => {
    database = await migratedDatabase(server);
  });

  afterAll(async () => {
    await pair?.close();
    await database.drop();
  });

  outboxContract({ describe, it }, name, monthByMonth(open));
});

const token = (): string => randomBytes(16).toString('hex');
const FAILED = { type: 'failed', at: 1_900_000_000_000, failures: 1 } as const;

/** A swap with an event for the sink `mail`, that was made. */
async function recorded(store: TypeormLockoutStore, parts: Parameters<typeof contractSwap>[0] = {}) {
  const swap = contractSwap({ events: [FAILED], deliverTo: [['mail']], ...parts });
  const { now } = await store.load([]);
  expect(await store.compareAndSwap([swap], { now })).toEqual(new Set());
  return swap;
}

const claim = (store: TypeormLockoutStore, limit = 10) =>
  store.claimDeliveries({ sinks: ['mail'], token: token(), leaseMs: LEASE_MS, limit });

describeEach(serversOf(...ALL), 'the outbox by the clock of $name', (server) => {
  let store: TypeormLockoutStore;
  let direct: DataSource;
  let close: () => Promise<void>;

  beforeAll(async () => {
    ({ store, direct, close } = await openBeside(server));
  });
  afterAll(() => close());

  const count = (table: string): Promise<number> => rowsIn(direct, table);
  const clear = async (): Promise<void> => {
    for (const table of ['lockout_outbox', 'lockout_event']) await direct.query(`DELETE FROM ${table}`);
  };

  it('gives what was just recorded, by the time of the database', async () => {
    const { now } = await store.load([]);
    await recorded(store);
    const [item] = await claim(store);
    expect(item?.now).toBeGreaterThanOrEqual(now);
    expect(item?.dueAt).toBe((item?.now ?? 0) + LEASE_MS);
    expect(await claim(store)).toEqual([]);
    await clear();
  });

  it('has no delivery without its event, whatever fails', async () => {
    const broken = contractSwap({ events: [FAILED, FAILED], deliverTo: [['mail'], ['Not A Name']] });
    const { now } = await store.load([]);
    await expect(store.compareAndSwap([broken], { now })).rejects.toMatchObject({ fault: 'data' });
    expect((await store.load([broken.key])).records.size).toBe(0);
    expect([await count('lockout_event'), await count('lockout_outbox')]).toEqual([0, 0]);
  });

  it('passes over what somebody took the event of away by hand, and buries what cannot be read', async () => {
    const accountHash = contractHash();
    const { facts } = contractSwap();
    for (let n = 0; n < 3; n += 1) await recorded(store, { facts: { ...facts, accountHash } });
    const [{ id }] = (await direct.query('SELECT MIN(seq) AS id FROM lockout_event')) as [{ id: unknown }];
    await direct.query(`DELETE FROM lockout_event WHERE seq = ${Number(id)}`);
    await direct.query(
      `UPDATE lockout_event SET data = ${server.name === 'PostgreSQL' ? `'\\x7b'::bytea` : `X'7b'`} WHERE seq = ${Number(id) + 1}`,
    );
    // Each is first of its lane once the one before is out of the way.
    expect(await claim(store)).toEqual([]);
    expect(await claim(store)).toEqual([]);
    expect(await claim(store)).toHaveLength(1);
    expect(await store.outboxState()).toEqual([{ sink: 'mail', waiting: 1, dead: 1, oldestAt: FAILED.at }]);
    // Counted, and not listed: nobody could say what it is.
    expect((await store.deliveries({ state: 'dead', limit: 9 })).items).toEqual([]);
    expect((await store.deliveries({ state: 'waiting', limit: 9 })).items).toHaveLength(1);
    await clear();
  });

  it('goes on with a lane whose first was taken away by hand', async () => {
    const accountHash = contractHash();
    const { facts } = contractSwap();
    for (let n = 0; n < 3; n += 1) await recorded(store, { facts: { ...facts, accountHash } });
    expect(await claim(store)).toHaveLength(1);
    expect(await claim(store)).toEqual([]);
    await direct.query('DELETE FROM lockout_outbox WHERE queued = 0');
    expect(await claim(store)).toEqual([]);
    await recorded(store, { facts: { ...facts, accountHash } });
    // It is seen that the second waits for nobody.
    await claim(store);
    expect(await claim(store)).toHaveLength(1);
    await clear();
  });
});

// Whoever claims never waits, and nobody waits for him who signs in.
describeEach(serversOf('MariaDB', 'MySQL', 'PostgreSQL'), 'a claim that takes long on $name', (server) => {
  let store: TypeormLockoutStore;
  let direct: DataSource;
  let close: () => Promise<void>;

  beforeAll(async () => {
    ({ store, direct, close } = await openBeside(server));
  });
  afterAll(() => close());

  it('holds up neither other claims nor a swap, and is waited for by who finishes', async () => {
    const first = await recorded(store);
    await recorded(store);
    await recorded(store);
    const mine = token();
    const [item] = await store.claimDeliveries({ sinks: ['mail'], token: mine, leaseMs: LEASE_MS, limit: 1 });
    expect(item?.event.key).toBe(first.key);
    const slow = direct.createQueryRunner();
    await slow.startTransaction('READ COMMITTED');
    const rows = (await slow.query(
      'SELECT seq FROM lockout_outbox ORDER BY seq LIMIT 2 FOR UPDATE',
    )) as unknown[];
    expect(rows).toHaveLength(2);
    const others = await claim(store);
    expect(others).toHaveLength(1);
    await recorded(store);
    expect(await claim(store)).toHaveLength(1);
    const finishing = store.finishDelivery(item?.id ?? '', mine);
    await lockWaits(server, direct);
    await slow.commitTransaction();
    expect(await finishing).toBe(true);
    expect(await claim(store)).toHaveLength(1);
    await slow.release();
  });

  it('is passed over by who waits behind it, and queued once it is done', async () => {
    await direct.query('DELETE FROM lockout_outbox');
    const accountHash = contractHash();
    const { facts } = contractSwap();
    await recorded(store, { facts: { ...facts, accountHash } });
    await recorded(store, { facts: { ...facts, accountHash } });
    const queued = async (): Promise<number> => {
      const [row] = (await direct.query('SELECT SUM(queued) AS n FROM lockout_outbox')) as [{ n: unknown }];
      return Number(row.n);
    };
    const slow = direct.createQueryRunner();
    await slow.startTransaction('READ COMMITTED');
    await slow.query('SELECT seq FROM lockout_outbox ORDER BY seq LIMIT 1 FOR UPDATE');
    expect(await claim(store)).toEqual([]);
    expect(await queued()).toBe(0);
    await slow.rollbackTransaction();
    await slow.release();
    expect(await claim(store)).toHaveLength(1);
    expect(await queued()).toBe(1);
  });
});

// How a transaction of the store is planned is its own affair.
describeEach(serversOf('PostgreSQL'), 'the connections of a pool on $name', (server) => {
  const CHANGED = "SELECT name, setting FROM pg_settings WHERE source = 'session' ORDER BY name";

  it('plan as they did before the store claimed, listed and finished', async () => {
    const database = await migratedDatabase(server);
    const fresh = await connect(database.options);
    const { store, dataSource, close } = await openStore(database.options);
    await recorded(store);
    const mine = token();
    const [item] = await store.claimDeliveries({ sinks: ['mail'], token: mine, leaseMs: LEASE_MS, limit: 1 });
    await store.deliveries({ state: 'waiting', limit: 10 });
    expect(await store.finishDelivery(item?.id ?? '', mine)).toBe(true);
    const untouched: unknown = await fresh.query(CHANGED);
    const used: unknown[] = await Promise.all(Array.from({ length: 10 }, () => dataSource.query(CHANGED)));
    for (const one of used) expect(one).toEqual(untouched);
    await close();
    await fresh.destroy();
    await database.drop();
  });
});
