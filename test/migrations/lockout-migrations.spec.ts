import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EMPTY_STATE, type LockoutState } from 'nestjs-lockout/policy';
import { contractSwap } from 'nestjs-lockout/testing';
import { lockoutEntities, lockoutMigrations, migrateLockout } from 'nestjs-lockout/typeorm';
import { type DataSource, EntitySchema } from 'typeorm';
import { databaseServers, type TestDatabase } from '../support/databases.js';
import { land } from '../support/landed.js';
import { connect, openStore } from '../support/typeorm-store.js';

const NAMES = lockoutMigrations.map((Migration) => Migration.name);
const LATER = lockoutMigrations.slice(1);
/** From the one that packs records on. */
const SINCE_PACKED = NAMES.slice(NAMES.findIndex((name) => name.startsWith('PackLockoutRecords')));
/** From the one that keeps answers on. */
const SINCE_ANSWERS = NAMES.slice(NAMES.findIndex((name) => name.startsWith('KeepLockoutAnswers')));
/** From the one that brings the outbox on. */
const SINCE_OUTBOX = NAMES.slice(NAMES.findIndex((name) => name.startsWith('CreateLockoutOutbox')));
/** A state that has something everywhere. */
const WORN: LockoutState = {
  failures: 7,
  times: [1_900_000_000_000, 1_900_000_000_250, 1_900_000_060_000],
  windowStartedAt: 1_900_000_000_000,
  lastFailureAt: 1_900_000_060_000,
  failureSeq: 12,
  consecutive: 9,
  lock: { since: 1_900_000_060_000, until: 1_900_000_360_000, cause: 'quick', step: 2 },
  lastLockEndedAt: 1_899_000_000_000,
  escalation: 3,
  pending: [{ id: 'abc', at: 1_900_000_059_000, seq: 11, weight: 1, from: 'tag' }],
  contributions: [{ from: 'tag', count: 4, seq: 12 }],
  abandons: 2,
  abandonsSince: 1_900_000_001_000,
  updatedAt: 1_900_000_060_000,
};
const STATES: readonly LockoutState[] = [
  WORN,
  { ...EMPTY_STATE, failureSeq: 1, updatedAt: 1_900_000_000_000 },
  { ...WORN, lock: { since: 0, until: null, cause: 'admin', step: 0 }, abandons: 0, pending: [], times: [] },
];
const TABLES = ['Record', 'Event', 'Meta', 'Policy', 'Node', 'Answer', 'Outbox', 'Quota', 'UnlockLink'];

/** Our tables that are there, by entity. */
async function tablesOf(dataSource: DataSource): Promise<string[]> {
  const queryRunner = dataSource.createQueryRunner();
  const there: string[] = [];
  for (const table of TABLES) {
    const { tablePath } = dataSource.getMetadata(`NestjsLockout${table}`);
    if (await queryRunner.hasTable(tablePath)) there.push(table);
  }
  await queryRunner.release();
  return there;
}

/** An entity of the application beside ours. */
const note = new EntitySchema({ name: 'Note', columns: { id: { type: Number, primary: true } } });

describe.each([...databaseServers])('the migrations on $name', (server) => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await server.create();
  });
  afterEach(() => database.drop());

  it.each(['', 'auth_'])('make what synchronize would make (prefix "%s")', async (entityPrefix) => {
    const dataSource = await connect(database.options, { entityPrefix });
    try {
      expect(await migrateLockout(dataSource)).toEqual(NAMES);
      expect(await tablesOf(dataSource)).toEqual(TABLES);
      const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
      expect(upQueries.map(({ query }) => query)).toEqual([]);
      expect(dataSource.getMetadata('NestjsLockoutRecord').tableName).toBe(`${entityPrefix}lockout_record`);
    } finally {
      await dataSource.destroy();
    }
  });

  it('run once, however many nodes start together', async () => {
    const nodes = await Promise.all(Array.from({ length: 20 }, () => connect(database.options)));
    try {
      const ran = await Promise.all(nodes.map((node) => migrateLockout(node)));
      expect(ran.flat()).toEqual(NAMES);
      expect(ran.filter((names) => names.length > 0)).toHaveLength(1);
    } finally {
      await Promise.all(nodes.map((node) => node.destroy()));
    }
  });

  it("leave the application's migrations alone, and are known to them", async () => {
    const entities = [...lockoutEntities(database.options.type), note];
    class ApplicationMigration1788220800002 {
      async up(): Promise<void> {
        throw new Error('not ours to run');
      }
      async down(): Promise<void> {}
    }
    const dataSource = await connect(database.options, {
      entities,
      migrations: [ApplicationMigration1788220800002],
    });
    try {
      await migrateLockout(dataSource);
      expect(dataSource.migrations).toHaveLength(1);
    } finally {
      await dataSource.destroy();
    }
    const later = await connect(database.options, { migrations: [...lockoutMigrations] });
    try {
      expect(await later.runMigrations()).toEqual([]);
    } finally {
      await later.destroy();
    }
  });

  it('bring a database of the first release up to date, with what is in it', async () => {
    const old = await connect(database.options, { migrations: [...lockoutMigrations] });
    await old.runMigrations();
    const { store, dataSource, close } = await openStore(database.options);
    try {
      const swap = contractSwap({ state: WORN, events: [{ type: 'expired', at: 1 }] });
      await land(store, [swap]);
      await store.assertFingerprints(['one']);
      for (const _ of LATER) await old.undoLastMigration();
      expect(await tablesOf(old)).toEqual(['Record', 'Event', 'Meta']);
      await old.destroy();
      await expect(store.policyCount()).rejects.toThrow(/lockout_policy/);

      const nodes = await Promise.all(Array.from({ length: 10 }, () => connect(database.options)));
      const ran = await Promise.all(nodes.map((node) => migrateLockout(node)));
      await Promise.all(nodes.map((node) => node.destroy()));
      expect(ran.flat()).toEqual(LATER.map(({ name }) => name));

      expect((await dataSource.driver.createSchemaBuilder().log()).upQueries).toEqual([]);
      const { key, version, state, facts } = swap;
      expect((await store.load([key])).records.get(key)).toEqual({ key, version, state, facts });
      expect((await store.list({ limit: 10 })).items).toHaveLength(1);
      await expect(store.assertFingerprints(['another'])).rejects.toThrow(/secret/);
      const target = { policy: 'account', brand: null };
      await store.savePolicy({ ...target, expected: 0, settings: {}, by: 'ops', reason: 'first' });
      expect(await store.policyCount()).toBe(1);
    } finally {
      await close();
    }
  });

  it('carry every state over, there and back', async () => {
    const dataSource = await connect(database.options, { migrations: [...lockoutMigrations] });
    await dataSource.runMigrations();
    const { store, close } = await openStore(database.options);
    try {
      // More than one page of them.
      const swaps = STATES.flatMap((state) => Array.from({ length: 300 }, () => contractSwap({ state })));
      await land(store, swaps);
      for (const _ of SINCE_PACKED) await dataSource.undoLastMigration();
      expect(await migrateLockout(dataSource)).toEqual(SINCE_PACKED);
      const { records } = await store.load(swaps.map(({ key }) => key));
      for (const { key, state } of swaps) expect(records.get(key)?.state).toEqual(state);
    } finally {
      await close();
      await dataSource.destroy();
    }
  });

  it('leave what processes said before, who then refused nothing that is known of', async () => {
    const dataSource = await connect(database.options, { migrations: [...lockoutMigrations] });
    await dataSource.runMigrations();
    const { store, close } = await openStore(database.options);
    try {
      const node = { id: 'node-1', label: 'host:1', policies: { account: '1f' } };
      await store.announce({ ...node, refusals: { from: 0, sliceMs: 1, realms: { a: [1] } } }, 0);
      for (const _ of SINCE_ANSWERS) await dataSource.undoLastMigration();
      expect(await tablesOf(dataSource)).toEqual(TABLES.slice(0, 5));
      await expect(store.nodes(86_400_000)).rejects.toThrow(/refusals/);
      expect(await migrateLockout(dataSource)).toEqual(SINCE_ANSWERS);
      expect(await store.nodes(86_400_000)).toEqual([node]);
      const claim = { id: 'a'.repeat(64), request: 'b'.repeat(64), token: 'c'.repeat(32) };
      expect(await store.claimAnswer(claim, { claimMs: 1_000, keepMs: 1_000 })).toEqual({ state: 'claimed' });
    } finally {
      await close();
      await dataSource.destroy();
    }
  });

  it('deliver what is recorded from then on, and nothing of before', async () => {
    const dataSource = await connect(database.options, { migrations: [...lockoutMigrations] });
    await dataSource.runMigrations();
    for (const _ of SINCE_OUTBOX) await dataSource.undoLastMigration();
    expect(await tablesOf(dataSource)).toEqual(TABLES.slice(0, 6));
    expect(await migrateLockout(dataSource)).toEqual(SINCE_OUTBOX);
    const { store, close } = await openStore(database.options);
    try {
      const events = [{ type: 'expired', at: 1 }] as const;
      await land(store, [contractSwap({ events })]);
      const swap = contractSwap({ events, deliverTo: [['mail']] });
      await land(store, [swap]);
      const claim = { sinks: ['mail'], token: 'c'.repeat(32), leaseMs: 1_000, limit: 10 };
      const claimed = await store.claimDeliveries(claim);
      expect(claimed.map(({ event }) => event.key)).toEqual([swap.key]);
    } finally {
      await close();
      await dataSource.destroy();
    }
  });

  it('can be undone, the latest first', async () => {
    const dataSource = await connect(database.options, { migrations: [...lockoutMigrations] });
    try {
      await dataSource.runMigrations();
      for (const _ of SINCE_PACKED) await dataSource.undoLastMigration();
      expect(await tablesOf(dataSource)).toEqual(TABLES.slice(0, 5));
      await dataSource.undoLastMigration();
      expect(await tablesOf(dataSource)).toEqual(['Record', 'Event', 'Meta']);
      await dataSource.undoLastMigration();
      expect(await tablesOf(dataSource)).toEqual([]);
      expect(await migrateLockout(dataSource)).toEqual(NAMES);
    } finally {
      await dataSource.destroy();
    }
  });

  it('say what to add where the entities are missing', async () => {
    const dataSource = await connect(database.options, { entities: [note] });
    try {
      await expect(migrateLockout(dataSource)).rejects.toThrow(`lockoutEntities('${database.options.type}')`);
    } finally {
      await dataSource.destroy();
    }
  });
});
