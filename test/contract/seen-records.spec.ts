import { afterEach, beforeEach, expect, it } from '@jest/globals';
import {
  LockoutEngine,
  type LockoutRecord,
  type LockoutStore,
  RecordsChangedError,
  tagOfRecords,
} from 'nestjs-lockout';
import { definePolicy, minutes } from 'nestjs-lockout/policy';
import { databaseServers, describeEach } from '../support/databases.js';
import { openRedisStore, redisServers } from '../support/redis-store.js';
import { openStore } from '../support/typeorm-store.js';

const PROCESSES = 4;
const CALLS = 5;
const ACTOR = { by: 'admin', reason: 'as it was seen' };
const SECRET = 'a secret of the test suite, long enough';

type FullStore = LockoutStore & ConstructorParameters<typeof LockoutEngine>[0]['store'];

interface Opened {
  readonly store: FullStore;
  readonly close: () => Promise<void>;
}

/** A database of its own, and how each process opens it. */
interface Home {
  readonly open: () => Promise<Opened>;
  readonly drop: () => Promise<void>;
}

const homes = [
  ...databaseServers.map((server) => ({
    name: server.name as string,
    create: async (): Promise<Home> => {
      const database = await server.create();
      const first = await openStore(database.options, {}, { synchronize: true });
      await first.close();
      return { open: () => openStore(database.options), drop: () => database.drop() };
    },
  })),
  ...redisServers.map(({ name, url }) => ({
    name: name as string,
    create: async (): Promise<Home> => ({
      open: () => openRedisStore([url]),
      drop: async () => {},
    }),
  })),
];

describeEach(
  homes,
  'what several processes do at once to what all of them have seen, on $name',
  ({ create }) => {
    let home: Home;
    let opened: Opened[];
    let engines: LockoutEngine[];
    // Redis is one for all tests.
    const name = { account: 'alice', realm: `seen-${process.pid}-${Date.now()}` };

    beforeEach(async () => {
      home = await create();
      opened = await Promise.all(Array.from({ length: PROCESSES }, () => home.open()));
      engines = opened.map(
        ({ store }) =>
          new LockoutEngine({
            store,
            secrets: [SECRET],
            policies: [
              definePolicy({
                name: 'login',
                threshold: 2,
                schedule: { kind: 'fixed', durationMs: minutes(5) },
              }),
            ],
          }),
      );
    });
    afterEach(async () => {
      await Promise.all(opened.map(({ close }) => close()));
      await home.drop();
    });

    const find = async (): Promise<readonly LockoutRecord[]> => {
      const [engine] = engines;
      const [hash] = engine?.accounts.accountHashes(name) ?? [];
      return hash && engine ? engine.options.store.ofAccount(hash) : [];
    };
    const fail = async (times: number): Promise<void> => {
      for (let n = 0; n < times; n += 1) {
        const begun = await engines[0]?.begin({ ...name, method: 'password' });
        if (begun?.allowed) await begun.attempt.fail();
      }
    };
    /** How many of all did it; the others were told that it had changed. */
    const together = async (act: (engine: LockoutEngine) => Promise<unknown>): Promise<number> => {
      const calls = engines.flatMap((engine) => Array.from({ length: CALLS }, () => act(engine)));
      const settled = await Promise.allSettled(calls);
      const failed = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
      for (const reason of failed) expect(reason).toBeInstanceOf(RecordsChangedError);
      return settled.length - failed.length;
    };

    it('one of all unlocks it, and one of all locks it by hand', async () => {
      await fail(2);
      const locked = { tags: [tagOfRecords(await find())], find };
      expect(await together((engine) => engine.accounts.unlockRecords([find], ACTOR, locked))).toBe(1);
      expect((await engines[0]?.status(name))?.locked).toBe(false);

      await fail(1);
      const free = { tags: [tagOfRecords(await find())], find };
      expect(await together((engine) => engine.accounts.lock(name, null, ACTOR, free))).toBe(1);
      expect((await engines[0]?.status(name))?.locked).toBe(true);
      const records = await find();
      expect(records.map(({ facts }) => facts.counter).sort()).toEqual(['login', 'manual']);
    });
  },
);
