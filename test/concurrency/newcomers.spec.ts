// R22 P12: names that nobody has, tried from one address through several processes at once.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { minutes, type PolicyInput } from 'nestjs-lockout/policy';
import { migrateLockout, type TypeormLockoutStore } from 'nestjs-lockout/typeorm';
import { serversOf, type TestDatabase } from '../support/databases.js';
import { connect, openStore } from '../support/typeorm-store.js';
import { Crowd, type CrowdReport } from './crowd.js';

const PROCESSES = 3;
/** The engine's default. */
const CAP = 100;
/** Names of one batch of a process: 256 rows, one of them the address's. */
const BATCH = 255;
const GUESSES = 1_500;
const POLICIES: readonly PolicyInput[] = [
  { name: 'account', threshold: 5, schedule: { kind: 'fixed', durationMs: minutes(5) } },
];

describe.each(serversOf('MariaDB', 'PostgreSQL'))(
  'R22 P12 three processes that share one $name',
  (server) => {
    let database: TestDatabase;
    let crowd: Crowd;
    let store: TypeormLockoutStore;
    let close: () => Promise<void>;

    beforeAll(async () => {
      database = await server.create();
      const first = await connect(database.options);
      await migrateLockout(first);
      await first.destroy();
      crowd = new Crowd({ dataSource: database.options }, PROCESSES);
      ({ store, close } = await openStore(database.options));
    });
    afterAll(async () => {
      crowd.close();
      await close();
      await database.drop();
    });

    const spray = (wave: string, address: string): Promise<CrowdReport> =>
      crowd.run({
        policies: POLICIES,
        guesses: Array.from({ length: GUESSES }, (_, n) => ({
          account: { unknown: `${wave}-${n}` },
          address,
          password: 'wrong',
        })),
      });

    const names = async (): Promise<number> => {
      const { now } = await store.load([]);
      const query = { of: 'account', state: 'any', sort: 'until', now, limit: 5_000 } as const;
      return (await store.find(query)).items.length;
    };

    it('let one address bring in a bounded number of new names, then none, and another its own', async () => {
      const first = await spray('first', '192.0.2.1');
      const brought = await names();
      expect(brought).toBeGreaterThanOrEqual(CAP);
      // What a process decided before it saw the others' count, and the names of a batch that lost the race for it.
      expect(brought).toBeLessThanOrEqual(PROCESSES * BATCH);
      // Further names share one counter, whose budget is one account's.
      expect(first.verified).toBeLessThanOrEqual(PROCESSES * CAP + 5);
      expect(first.verified).toBeGreaterThanOrEqual(CAP);

      const second = await spray('second', '192.0.2.1');
      expect(await names()).toBe(brought);
      expect(second.verified).toBe(0);

      // Other addresses have their own.
      const { verified } = await spray('third', '198.51.100.1');
      expect(verified).toBeGreaterThanOrEqual(CAP);
      expect((await names()) - brought).toBeGreaterThanOrEqual(CAP);
    });
  },
);
