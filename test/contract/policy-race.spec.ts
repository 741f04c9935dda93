import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AuditEntry, PolicyRevision, PolicySave } from 'nestjs-lockout';
import { migrateLockout, type TypeormLockoutStoreOptions } from 'nestjs-lockout/typeorm';
import type { DataSourceOptions } from 'typeorm';
import { databaseServers, describeEach, serversOf, type TestDatabase } from '../support/databases.js';
import { until } from '../support/gate.js';
import { type LosingLink, startLosingLink } from '../support/losing-link.mjs';
import { type RivalSave, startRivalSave } from '../support/rival-save.js';
import { connect, openStore } from '../support/typeorm-store.js';

type Opened = Awaited<ReturnType<typeof openStore>>;

/** The whole statement: isolation levels are called COMMITTED. */
const COMMIT = /COMMIT\0?$/;
const TARGET = { policy: 'account', brand: null };
const save = (expected: number, by: string): PolicySave => ({
  ...TARGET,
  expected,
  by,
  settings: { threshold: 5 },
  reason: 'ticket 42',
});
const entry: AuditEntry = {
  id: 'a'.repeat(32),
  key: 'c'.repeat(64),
  event: {
    type: 'policy-changed',
    at: 0,
    policy: 'account',
    brand: null,
    version: 2,
    by: 'far',
    reason: 'ticket 42',
    deleted: false,
  },
  facts: {
    realm: '*',
    counter: 'account',
    scope: 'policy',
    accountHash: null,
    addressHash: null,
    accountLabel: null,
    addressLabel: null,
  },
};
const recorded = async ({ store }: Opened): Promise<string[]> =>
  (await store.list({ type: 'policy-changed', limit: 10 })).items.map(({ id }) => id);
const historyOf = async ({ store }: Opened): Promise<[number, string][]> =>
  (await store.policyHistory(TARGET, { limit: 100 })).items.map(({ version, by }) => [version, by]);

describe.each([...databaseServers])('OW-12 saves of the same version at once on $name', (server) => {
  const RACERS = 6;
  let database: TestDatabase;
  let opened: Opened[];
  let rival: RivalSave;
  let answers: Promise<(PolicyRevision | null)[]>;

  /** Each on connections of its own, as another process; all have seen version 1, and want to write version 2. */
  async function race(options: TypeormLockoutStoreOptions): Promise<void> {
    let ended = 0;
    opened = await Promise.all(
      Array.from({ length: RACERS }, () => openStore(database.options, options, { poolSize: 2 })),
    );
    rival = await startRivalSave(server, database);
    const saves = opened.map(({ store }, n) => store.savePolicy(save(1, `racer-${n}`)));
    for (const one of saves) one.finally(() => (ended += 1)).catch(() => undefined);
    answers = Promise.all(saves);
    await rival.waiting(RACERS, () => ended === 0);
  }

  beforeEach(async () => {
    database = await server.create();
    const first = await openStore(database.options, {}, { synchronize: true });
    await first.store.savePolicy(save(0, 'first'));
    await first.close();
  });
  afterEach(async () => {
    await Promise.all(opened.map(({ close }) => close()));
    await database.drop();
  });

  it('all lose to one that was faster, although each had found its version free', async () => {
    await race({ statementTimeoutMs: 5_000 });
    await rival.commit();
    expect(await answers).toEqual(Array(RACERS).fill(null));
    for (const each of opened) {
      expect(await historyOf(each)).toEqual([
        [2, 'rival'],
        [1, 'first'],
      ]);
    }
  });

  it('are won by exactly one, when the one before them gives up', async () => {
    await race({ statementTimeoutMs: 5_000 });
    await rival.rollback();
    const won = (await answers).flatMap((answer, n) => (answer === null ? [] : [[answer.by, `racer-${n}`]]));
    expect(won).toHaveLength(1);
    expect(won[0]?.[0]).toBe(won[0]?.[1]);
    for (const each of opened) {
      expect(await historyOf(each)).toEqual([
        [2, won[0]?.[0]],
        [1, 'first'],
      ]);
      expect(await each.store.policyCount()).toBe(2);
    }
  });

  // Pitfall 27: nobody waits for ever, and nothing lands after it was given up.
  it('give up in bounded time behind one that does not end, and write nothing later', async () => {
    opened = [await openStore(database.options, { statementTimeoutMs: 300 })];
    rival = await startRivalSave(server, database);
    await expect(opened[0]?.store.savePolicy(save(1, 'late'))).rejects.toMatchObject({ name: 'StoreError' });
    await until(async () => (await rival.underWay()) === 0);
    await rival.rollback();
    expect(await historyOf(opened[0] as Opened)).toEqual([[1, 'first']]);
  });
});

// R4, pitfall 26: an error while committing tells neither that it happened nor that it did not. What is recorded of a save
// has its fate.
describeEach(
  serversOf('MariaDB', 'MySQL', 'PostgreSQL'),
  'R4 a save whose answer is lost on $name',
  (server) => {
    let database: TestDatabase;
    let link: LosingLink;
    /** The next commits: when their connections break. */
    let doomed: ('before' | 'after')[];
    let near: Opened;
    let far: Opened;

    beforeEach(async () => {
      database = await server.create();
      const url = new URL((database.options as { url: string }).url);
      doomed = [];
      link = await startLosingLink(Number(url.port), (message) =>
        COMMIT.test(message.toString('latin1')) ? (doomed.shift() ?? null) : null,
      );
      url.port = String(link.port);
      near = await openStore(database.options, {}, { synchronize: true });
      far = await openStore({ ...database.options, url: url.href } as DataSourceOptions, {}, { poolSize: 2 });
      await far.store.savePolicy(save(0, 'first'));
    });
    afterEach(async () => {
      await far.close();
      await near.close();
      await link.close();
      await database.drop();
    });

    it.each(['before', 'after'] as const)(
      'is found again, or made, when the connection breaks %s the commit',
      async (moment) => {
        doomed = [moment];
        expect(await far.store.savePolicy(save(1, 'far'), entry)).toMatchObject({ version: 2, by: 'far' });
        expect(link.lost).toBe(1);
        expect(await recorded(near)).toEqual([entry.id]);
        expect(await historyOf(near)).toEqual([
          [2, 'far'],
          [1, 'first'],
        ]);
      },
    );

    it('is not taken for that of somebody else who was faster', async () => {
      doomed = ['before'];
      const theirs = near.store.savePolicy(save(1, 'near'), { ...entry, id: 'b'.repeat(32) });
      const ours = far.store.savePolicy(save(1, 'far'), entry);
      const won = [await theirs, await ours].filter((answer) => answer !== null);
      expect(won).toHaveLength(1);
      expect(await recorded(near)).toEqual([won[0]?.by === 'far' ? entry.id : 'b'.repeat(32)]);
      expect(await historyOf(near)).toEqual([
        [2, won[0]?.by],
        [1, 'first'],
      ]);
    });

    it('rejects when it stays lost, and says the truth when asked again', async () => {
      doomed = Array(100).fill('before');
      await expect(far.store.savePolicy(save(1, 'far'), entry)).rejects.toMatchObject({
        name: 'StoreError',
        fault: 'unreachable',
      });
      expect(link.lost).toBeGreaterThan(1);
      expect(await recorded(near)).toEqual([]);
      expect(await historyOf(near)).toEqual([[1, 'first']]);
      doomed = [];
      expect(await far.store.savePolicy(save(1, 'far'))).toMatchObject({ version: 2 });
    });
  },
);

describe.each([...databaseServers])('saved policies beside an application on $name', (server) => {
  // Pitfall 32: the request's transaction fails, and takes with it what was saved meanwhile.
  it('are kept when the application rolls back the transaction that it had open', async () => {
    const database = await server.create();
    const first = await connect(database.options);
    await migrateLockout(first);
    await first.query('CREATE TABLE note (id INT PRIMARY KEY)');
    await first.destroy();
    const opened = await openStore(database.options);
    const runner = opened.dataSource.createQueryRunner();
    await runner.startTransaction();
    // On SQLite the file has one writer: the application has not written yet.
    await runner.query('SELECT COUNT(*) FROM note');
    await opened.store.savePolicy(save(0, 'first'));
    await opened.store.announce({ id: 'node-1', label: 'host:1', policies: {} }, 0);
    await runner.rollbackTransaction();
    await runner.release();
    expect(await historyOf(opened)).toEqual([[1, 'first']]);
    const nodes = await opened.store.announce({ id: 'node-2', label: 'host:2', policies: {} }, 60_000);
    expect(nodes.map(({ id }) => id).sort()).toEqual(['node-1', 'node-2']);
    await opened.close();
    await database.drop();
  });

  it('that the database cannot have written are rejected as data, not decided on', async () => {
    const database = await server.create();
    const opened = await openStore(database.options, {}, { synchronize: true });
    await opened.store.savePolicy(save(0, 'first'));
    const garbage = server.name === 'PostgreSQL' ? "'\\x5b'::bytea" : "X'5b'";
    await opened.dataSource.query(`UPDATE lockout_policy SET settings = ${garbage}`);
    await expect(opened.store.savedPolicies()).rejects.toMatchObject({ name: 'StoreError', fault: 'data' });
    await expect(historyOf(opened)).rejects.toMatchObject({ name: 'StoreError', fault: 'data' });
    await opened.close();
    await database.drop();
  });
});
